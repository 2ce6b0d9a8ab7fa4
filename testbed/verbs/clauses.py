"""`onecard clauses`: every clause, the scenarios that show it, the last result."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table

from scenarios.clauses import CONTEXT, read_clauses, report, scenarios_by_tag
from scenarios.running import find_features
from testbed import faults
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import option, verb
from testbed.command import root, summary
from testbed.language import say
from testbed.last_results import read_last_results

_WORDS = {
    "passed": ("通过", "passed", "green"),
    "failed": ("未通过", "failed", "red"),
    "missing": ("缺失", "missing", "yellow"),
    "context": ("不适用", "context", "dim"),
}


@verb(
    root,
    "clauses",
    **summary("clauses"),
    examples=("onecard clauses", "onecard clauses --json clauses.json"),
)
@option(
    "--json", "json_file", zh="写 JSON 结果，- 为标准输出", en="write JSON, - is standard output"
)
def clauses(json_file: str | None) -> int:
    """Print or write them; exit 0 when every clause that needs a scenario has passed, else 1."""
    all_clauses = read_clauses()
    told = report(all_clauses, scenarios_by_tag(find_features([])), read_last_results())
    if json_file:
        write_json(json_file, told)
    counts = Counter(each.result for each in told)
    if json_file != STANDARD_OUTPUT:
        table = Table(box=None, pad_edge=False)
        for heading in (
            say("条款", "clause"),
            say("结果", "result"),
            say("内容", "subject"),
            say("场景", "scenarios"),
        ):
            table.add_column(heading, overflow="fold")
        for clause, each in zip(all_clauses, told, strict=True):
            zh, en, colour = _WORDS[each.result]
            result = f"[{colour}]{say(zh, en)}[/]"
            table.add_row(each.id, result, clause.subject, str(len(each.scenarios) or ""))
        Console().print(table)
        needed = sum(each.form != CONTEXT for each in told)
        print(
            say(
                f"{needed} 条需要场景：通过 {counts['passed']}，未通过 {counts['failed']}，"
                f"缺失 {counts['missing']}。",
                f"{needed} clauses need a scenario: {counts['passed']} passed, "
                f"{counts['failed']} failed, {counts['missing']} missing.",
            )
        )
    return faults.FELL_SHORT if counts["failed"] or counts["missing"] else faults.HELD
