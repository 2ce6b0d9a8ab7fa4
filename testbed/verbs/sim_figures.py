"""`onecard sim figures`: the published figures of a region."""

from __future__ import annotations

import click
import msgspec
from rich.console import Console
from rich.table import Table

from sim import FaultyParameters
from sim.input_words import source_in_chinese, unit_in_chinese
from sim.published_figures import find_figures
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import option, verb
from testbed.faults import Fault
from testbed.language import say
from testbed.verbs.sim import sim


@verb(
    sim,
    "figures",
    zh="列出一个地区公布的规模数据（规划预设），逐项注明单位、日期和来源。",
    en="Print the published figures of a region, a planning preset: unit, day and source of each.",
    examples=("onecard sim figures sichuan", "onecard sim figures sichuan --json -"),
)
@click.argument("preset", default="sichuan")
@option(
    "--json", "json_file", zh="写 JSON 结果，- 为标准输出", en="write JSON, - is standard output"
)
def figures(preset: str, json_file: str | None) -> int:
    """Print them."""
    try:
        told = find_figures(preset)
    except FaultyParameters as faulty:
        lines = "\n".join(f"  {fault}" for fault in faulty.faults)
        raise Fault(f"预设有误：\n{lines}", f"the preset is wrong:\n{lines}") from None
    if json_file:
        write_json(json_file, msgspec.to_builtins(told))
    if json_file == STANDARD_OUTPUT:
        return 0
    print(say(told.title_zh, told.title_en))
    table = Table(box=None, pad_edge=False)
    for heading in (say("数据", "figure"), say("内容", "what it is"), say("数值", "value")):
        table.add_column(heading, justify="right" if heading in {"数值", "value"} else "left")
    for heading in (say("单位", "unit"), say("截至", "as of"), say("来源", "source")):
        table.add_column(heading, overflow="fold")
    for each in told.figures:
        meaning = say(each.meaning_zh, each.meaning_en)
        day = each.as_of.isoformat()
        unit = say(unit_in_chinese(each.unit), each.unit)
        source = say(source_in_chinese(each.source), each.source)
        table.add_row(each.name, meaning, f"{each.value:,}", unit, day, source)
    Console().print(table)
    return 0
