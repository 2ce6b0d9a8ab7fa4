"""`onecard sim`: models listed and played."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from sim import FaultyParameters, SimulationResult, models, run_model
from sim.pictures import draw_morning
from sim.published_figures import find_figures
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import group, option, verb
from testbed.command import root, summary
from testbed.faults import Fault
from testbed.language import say

sim = group(
    root,
    "sim",
    **summary("sim"),
)


@verb(
    sim,
    "list",
    zh="列出模型与预设。",
    en="List models and presets.",
    examples=("onecard sim list",),
)
def list_models() -> int:
    """Print them."""
    table = Table(box=None, pad_edge=False)
    for heading in (say("模型", "model"), say("预设", "presets"), say("内容", "what it is")):
        table.add_column(heading, overflow="fold")
    for model in models():
        table.add_row(model.name, ", ".join(model.presets), say(model.title_zh, model.title_en))
    Console().print(table)
    return 0


@verb(
    sim,
    "run",
    zh="运行一个模型。",
    en="Run a model.",
    examples=(
        "onecard sim run metro-station",
        "onecard sim run metro-station --set gates=8 --plot build",
        "onecard sim run metro-station --digest --json -",
    ),
)
@click.argument("model")
@option("--preset", default="", zh="预设（默认第一个）", en="preset (default: the first)")
@option(
    "--seed", type=int, default=1, show_default=True, zh="随机种子", en="seed of random numbers"
)
@option(
    "--scale", type=float, default=1.0, show_default=True, zh="客流倍数", en="times as many people"
)
@option("--set", "settings", multiple=True, zh="参数，如 gates=8", en="a parameter, as gates=8")
@option("--digest", is_flag=True, zh="计算样本路径摘要", en="digest of the sample path")
@option(
    "--json", "json_file", zh="写 JSON 结果，- 为标准输出", en="write JSON, - is standard output"
)
@option("--plot", type=Path, zh="把图写入此目录", en="write the picture into this folder")
def run(
    model: str,
    preset: str,
    seed: int,
    scale: float,
    settings: tuple[str, ...],
    digest: bool,
    json_file: str | None,
    plot: Path | None,
) -> int:
    """Run and print."""
    try:
        result = run_model(model, preset, seed, scale, _parsed(settings), digest=digest)
    except FaultyParameters as faulty:
        lines = "\n".join(f"  {fault}" for fault in faulty.faults)
        raise Fault(f"参数有误：\n{lines}", f"the call is wrong:\n{lines}") from None
    if plot is not None:
        plot.mkdir(parents=True, exist_ok=True)
        picture = plot / f"{model}.svg"
        picture.write_text(draw_morning(result), encoding="utf-8")
    if json_file:
        write_json(json_file, result.to_json())
    if json_file != STANDARD_OUTPUT:
        _print(result)
        if plot is not None:
            print(f"{say('图', 'picture')}: {picture}")
    return 0


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
        table.add_row(each.name, meaning, f"{each.value:,}", each.unit, day, each.source)
    Console().print(table)
    return 0


def _parsed(settings: tuple[str, ...]) -> dict[str, str | float]:
    pairs: dict[str, str | float] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        if not equals:
            raise Fault(
                f"--set {text}：应写作 名称=值，例如 --set gates=8。",
                f"--set {text}: write NAME=VALUE, as --set gates=8.",
            )
        pairs[name] = value
    return pairs


def _print(result: SimulationResult) -> None:
    print(say(result.title_zh, result.title_en))
    table = Table(box=None, pad_edge=False)
    headings = (
        say("站点", "station"),
        say("人次", "visits"),
        say("等候均值 秒", "mean wait s"),
        "p95 s",
        say("最长队列", "longest queue"),
        say("利用率", "utilisation"),
    )
    for heading in headings:
        table.add_column(heading, justify="left" if heading == headings[0] else "right")
    for name, station in result.stations.items():
        table.add_row(
            name,
            f"{station.visits}",
            f"{station.wait_s['mean']:.1f}",
            f"{station.wait_s['p95']:.1f}",
            f"{station.queue_max}",
            f"{station.utilisation:.0%}",
        )
    Console().print(table)
    print(say(result.answer_zh, result.answer_en))


from testbed.verbs import sim_planning  # noqa: E402, F401 - declares sweep, compare, sensitivity, staffing
