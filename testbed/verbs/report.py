"""`onecard report`: one self-contained page from the outcomes of a run."""

from __future__ import annotations

from pathlib import Path

import msgspec

from reports import build_report
from testbed.bilingual import group, option, verb
from testbed.command import root, summary
from testbed.faults import Fault
from testbed.language import say
from testbed.verbs.run import RUNS

STREAM = "outcomes.jsonl"

report = group(
    root,
    "report",
    **summary("report"),
)


@verb(
    report,
    "build",
    zh="由一次运行的结果生成单个自包含 HTML 报告。",
    en="Build one self-contained HTML report from the outcomes of a run.",
    examples=("onecard report build", "onecard report build --from build/runs/latest --out build"),
)
@option(
    "--from",
    "source",
    type=Path,
    default=RUNS / "latest",
    show_default=True,
    zh="一次运行的目录",
    en="folder of a run",
)
@option(
    "--out", type=Path, zh="写入此目录（默认同上）", en="write into this folder (default: the same)"
)
def build(source: Path, out: Path | None) -> int:
    """Build it."""
    stream = source / STREAM
    if not stream.is_file():
        raise Fault(
            f"{source} 中没有 {STREAM}：请先运行 onecard run，或用 --from 指定一次运行的目录。",
            f"{source} holds no {STREAM}: run onecard run first, or name a run with --from.",
        )
    try:
        page = build_report(stream, out or source)
    except msgspec.MsgspecError as fault:
        where = " ".join(getattr(fault, "__notes__", []))
        raise Fault(f"{where}：{fault}", f"{where}: {fault}") from None
    print(f"{say('报告', 'report')}: {page.resolve()}")
    return 0
