"""`onecard load`: a load test against a running platform, or one of its own."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from loadtests import LoadResult, LoadTestCannotRun, run_load
from scenarios.platform_process import PlatformDidNotStart, PlatformProcess
from testbed import faults
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import option, verb
from testbed.command import root, summary
from testbed.faults import Fault
from testbed.language import say
from testbed.progress import LoadProgress


@verb(
    root,
    "load",
    **summary("load"),
    examples=(
        "onecard load station-rush",
        "onecard load station-rush --rate 500 --duration 30 --json -",
        "onecard load station-rush --access build/platform/access.json",
    ),
)
@click.argument("profile")
@option("--host", zh="平台地址（与 --access 同用）", en="URL of the platform (with --access)")
@option("--access", type=Path, zh="平台的 access.json", en="the platform's access.json")
@option(
    "--rate", type=float, default=200.0, show_default=True, zh="每秒请求数", en="requests a second"
)
@option("--duration", type=float, default=10.0, show_default=True, zh="秒", en="seconds")
@option(
    "--processes", type=int, default=1, show_default=True, zh="发送进程数", en="sender processes"
)
@option(
    "--json", "json_file", zh="写 JSON 结果，- 为标准输出", en="write JSON, - is standard output"
)
def load(
    profile: str,
    host: str | None,
    access: Path | None,
    rate: float,
    duration: float,
    processes: int,
    json_file: str | None,
) -> int:
    """Run; exit 0 when every threshold held, 1 when one did not."""
    if host and not access:
        raise Fault(
            "--host 需要令牌：请用 --access 指定该平台的 access.json。",
            "--host needs tokens: name the platform's access.json with --access.",
        )
    try:
        with ExitStack() as stack:
            if access is None:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="onecard-load-"))
                platform = stack.enter_context(PlatformProcess(Path(folder, "platform")))
                access = platform.access_file
            progress = stack.enter_context(LoadProgress())
            result = run_load(
                profile,
                host,
                rate=rate,
                duration_s=duration,
                processes=processes,
                access=access,
                progress=progress.tell,
            )
    except LoadTestCannotRun as fault:
        raise Fault(fault.zh, fault.en) from None
    except PlatformDidNotStart as fault:
        raise Fault(fault.zh, fault.en, fault.exit_code) from None
    if json_file:
        write_json(json_file, result.to_json())
    if json_file != STANDARD_OUTPUT:
        _print(result)
    return faults.HELD if result.ok else faults.FELL_SHORT


def _print(result: LoadResult) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in (say("指标", "figure"), say("实测", "measured"), say("限值", "limit"), ""):
        table.add_column(heading)
    table.add_row(say("请求", "requests"), str(result.requests), "", "")
    table.add_row(
        say("完成速率 /秒", "rate done /s"),
        f"{result.rate_done_per_s:.1f}",
        f"{result.rate_target_per_s:g}",
        "",
    )
    for threshold in result.thresholds:
        mark = "[green]✓[/]" if threshold.ok else "[red]✗[/]"
        limit = f"{threshold.sense} {threshold.limit:g}"
        table.add_row(threshold.name, f"{threshold.value:.2f}", limit, mark)
    Console().print(table)
