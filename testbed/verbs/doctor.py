"""`onecard doctor`: what is here, what is missing, the line that mends it."""

from __future__ import annotations

import json
import platform
import shutil
import sys
import time
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from testbed import faults, machine
from testbed.bilingual import option, verb
from testbed.command import root, summary
from testbed.language import say
from virtual_cards.readers import pcsc
from virtual_cards.readers.pcscd import PcscService, ReadersAreUnavailable

FREE_DISK_LEAST_MB = 500


@verb(
    root,
    "doctor",
    **summary("doctor"),
    examples=("onecard doctor", "onecard doctor --json"),
)
@option("--json", "as_json", is_flag=True, zh="以 JSON 输出", en="print JSON")
def doctor(as_json: bool) -> int:
    """Print the findings; exit 3 when something is missing."""
    findings = [*_parts(), _python(), _pyscard(), _virtual_readers(), _disk()]
    all_here = all(finding["ok"] for finding in findings)
    if as_json:
        print(json.dumps({"ok": all_here, "findings": findings}, ensure_ascii=False, indent=2))
    else:
        _print_table(findings)
    return faults.HELD if all_here else faults.MACHINE_LACKS


Finding = dict[str, str | bool]


def _finding(name: str, ok: bool, zh: str, en: str, mend: str = "") -> Finding:
    return {"name": name, "ok": ok, "zh": zh, "en": en, "mend": "" if ok else mend}


def _parts() -> list[Finding]:
    return [
        _finding(part.name, part.is_here(), part.zh, part.en, machine.install_line([part]))
        for part in machine.PARTS
    ]


def _python() -> Finding:
    try:
        own = version("onecard-testbed")
    except PackageNotFoundError:
        own = "?"
    text = f"onecard-testbed {own}, Python {platform.python_version()}, {sys.platform}"
    return _finding("python", machine.python_is_new_enough(), text, text, "Python >= 3.11")


def _pyscard() -> Finding:
    return _finding(
        "pyscard", pcsc.is_available(), "PC/SC 客户端库", "the PC/SC client library", "make set-up"
    )


def _virtual_readers() -> Finding:
    begin = time.monotonic()
    try:
        with PcscService(readers=1):
            took_s = time.monotonic() - begin
    except ReadersAreUnavailable as fault:
        return _finding("virtual-reader", False, fault.zh, fault.en, "make set-up")
    return _finding(
        "virtual-reader",
        True,
        f"已试启动一个虚拟读卡器（{took_s:.1f} 秒）",
        f"started one as a trial ({took_s:.1f} s)",
    )


def _disk() -> Finding:
    free_mb = shutil.disk_usage(".").free // 1_000_000
    return _finding(
        "disk",
        free_mb >= FREE_DISK_LEAST_MB,
        f"可用空间 {free_mb} MB（至少 {FREE_DISK_LEAST_MB}）",
        f"{free_mb} MB free (at least {FREE_DISK_LEAST_MB})",
        say("清理磁盘", "free some disk space"),
    )


def _print_table(findings: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("", say("部件", "part"), say("用途或发现", "what for, or what was found")):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        mark = "[green]✓[/]" if finding["ok"] else "[red]✗[/]"
        table.add_row(
            mark, str(finding["name"]), escape(say(str(finding["zh"]), str(finding["en"])))
        )
    Console().print(table)
    if mends := dict.fromkeys(str(finding["mend"]) for finding in findings if not finding["ok"]):
        print(say("补齐，请运行：", "to mend, run:"))
        for mend in _joined(list(mends)):
            print(f"  {mend}")


def _joined(mends: list[str]) -> list[str]:
    """The lines that mend all; one line for all packages together."""
    missing = machine.missing_parts()
    single = {machine.install_line([part]) for part in missing}
    lines = [machine.install_line(missing)] if missing else []
    return lines + [mend for mend in mends if mend not in single]
