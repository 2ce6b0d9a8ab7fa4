"""`onecard terminals` itself, its list of kinds, and the group of what can be run."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from testbed.answers import write_json
from testbed.bilingual import group, option, verb
from testbed.command import root, summary
from testbed.language import say
from testbed.terminals.kinds import KINDS

terminals = group(root, "terminals", **summary("terminals"))


@verb(
    terminals,
    "list",
    zh="列出各种终端及其用途。",
    en="List the kinds of terminals and what each does.",
    examples=("onecard terminals list", "onecard terminals list --json -"),
)
@option(
    "--json",
    "json_file",
    metavar="FILE",
    zh="写 JSON，- 为标准输出",
    en="write JSON, - is standard output",
)
def list_kinds(json_file: str | None) -> int:
    """Print the kinds."""
    if json_file is not None:
        write_json(json_file, KINDS)
        return 0
    table = Table(box=None, pad_edge=False)
    for heading in (say("终端", "kind"), say("用途", "what it does")):
        table.add_column(heading, overflow="fold")
    for kind in KINDS:
        table.add_row(kind.name, say(kind.zh, kind.en))
    Console().print(table)
    print(
        say(
            "选项见 onecard terminals run 终端 --help。",
            "For their options see onecard terminals run KIND --help.",
        )
    )
    return 0


run = group(
    terminals,
    "run",
    zh="在 PC/SC 读卡器上运行一种终端，直到 Ctrl-C。",
    en="Run a kind of terminal at a PC/SC reader, until Ctrl-C.",
)
