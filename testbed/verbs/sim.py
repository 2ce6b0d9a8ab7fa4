"""`onecard sim`: models listed, shown and played, and a planner's own networks."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sim import models
from sim.engines import DEFAULT, ENGINES
from sim.exports import CSV, PARQUET
from sim.observation import ASKED
from sim.planning.replications import REPLICATIONS_MAX, Runs
from sim.playing import Prepared, inside_max_of
from sim.run import Call, prepare
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import group, option, verb
from testbed.command import INTERRUPTED, root, summary
from testbed.faults import FELL_SHORT, HELD, Fault
from testbed.language import say
from testbed.planning.call import told_as_faults
from testbed.planning.measured import measured_of
from testbed.planning.options import (
    antithetic_option,
    calibration_options,
    precision_option,
    replications_max_option,
    table_options,
    warm_up_option,
)
from testbed.simulation_files import write_all_tables, write_pictures, write_report
from testbed.simulation_repeats import repeats_of, warmed_up, with_intervals
from testbed.simulation_runs import RunWasInterrupted, play
from testbed.simulation_tables import print_inputs, print_models, print_result

sim = group(
    root,
    "sim",
    **summary("sim"),
)


@verb(
    sim,
    "list",
    zh="列出模型与预设；--verbose 附每个参数。",
    en="List models and presets; with --verbose every parameter.",
    examples=("onecard sim list", "onecard sim list --verbose"),
)
@option(
    "--verbose", is_flag=True, zh="附每个参数及其出处", en="each parameter and its source as well"
)
def list_models(verbose: bool) -> int:
    """Print them."""
    print_models(models())
    if verbose:
        for model in models():
            print()
            _show(prepare(model.name, Call()))
    return 0


@verb(
    sim,
    "show",
    zh="一个模型或网络文件的每个输入：数值、单位、出处或“假设”。",
    en="Every input of a model or a network file: value, unit, source or the mark assumption.",
    examples=(
        "onecard sim show metro-station",
        "onecard sim show metro-station --preset busy --json -",
        "onecard sim show hall.toml",
    ),
)
@click.argument("model", metavar="MODEL|FILE.toml")
@option("--preset", default="", zh="预设（默认第一个）", en="preset (default: the first)")
@option("--set", "settings", multiple=True, zh="参数，如 gates=8", en="a parameter, as gates=8")
@option(
    "--json", "json_file", zh="写 JSON 结果，- 为标准输出", en="write JSON, - is standard output"
)
def show(model: str, preset: str, settings: tuple[str, ...], json_file: str | None) -> int:
    """Print them."""
    call = Call(preset=preset, settings=_parsed(settings))
    with told_as_faults():
        prepared = prepare(model, call)
    if json_file:
        write_json(json_file, prepared.assumptions)
    if json_file != STANDARD_OUTPUT:
        _show(prepared)
    return 0


@verb(
    sim,
    "run",
    zh="运行一个模型，或自己的网络（TOML 文件，写法见 docs/guides/network-files.md）。\n"
    "文件的参数以路径设置：station.名称.servers=6、source.名称.arrivals.rate_per_s=0.05。",
    en="Run a model, or a network of your own (a TOML file, see docs/guides/network-files.md).\n"
    "Of a file, --set takes paths: station.NAME.servers=6, source.NAME.arrivals.rate_per_s=0.05.",
    examples=(
        "onecard sim run metro-station",
        "onecard sim run metro-station --set gates=8 --plot build",
        "onecard sim run metro-station --digest --json -",
        "onecard sim run metro-station --replications 20",
        "onecard sim run metro-station --precision 0.05 --figure gates.wait_s.p95 --antithetic",
        "onecard sim run hall.toml --precision 0.05 --warm-up auto",
        "onecard sim run hall.toml --set station.counter.servers=6 --scale 1.2",
        "onecard sim run hall.toml --calibration times.json --service counter=tap-entry",
        "onecard sim run hall.toml --trace --plot build --csv build/hall",
        "onecard sim run hall.toml --trace --report build/hall",
    ),
)
@click.argument("model", metavar="MODEL|FILE.toml")
@option("--preset", default="", zh="预设（默认第一个）", en="preset (default: the first)")
@option(
    "--engine",
    type=click.Choice(ENGINES),
    default=DEFAULT,
    show_default=True,
    zh="引擎：compiled 快，simpy 便于阅读；样本路径相同",
    en="engine: compiled is fast, simpy easy to read; the same sample path",
)
@option(
    "--seed", type=int, default=1, show_default=True, zh="随机种子", en="seed of random numbers"
)
@option(
    "--scale", type=float, default=1.0, show_default=True, zh="客流倍数", en="times as many people"
)
@option("--set", "settings", multiple=True, zh="参数，如 gates=8", en="a parameter, as gates=8")
@option(
    "--replications",
    type=click.IntRange(1, 100_000),
    default=1,
    show_default=True,
    zh="重复运行次数；2 次起给出 95% 区间；与 --precision 同用时为至少",
    en="how often; from 2 on with 95 % intervals; at least, with --precision",
)
@precision_option
@option(
    "--figure",
    "names",
    multiple=True,
    zh="--precision 所指的指标，如 gates.wait_s.p95（默认各站平均等候）",
    en="what --precision speaks of, as gates.wait_s.p95 (default: the mean waits)",
)
@replications_max_option(REPLICATIONS_MAX)
@antithetic_option
@warm_up_option
@calibration_options
@option("--scheduler", default="", zh="Dask 调度器地址", en="address of a Dask scheduler")
@option("--digest", is_flag=True, zh="计算样本路径摘要", en="digest of the sample path")
@option(
    "--trace",
    is_flag=True,
    zh="保留每次到访：供表格 visits 与动画（内存随人次增长）",
    en="keep every visit, for the table visits and the animation (memory grows with them)",
)
@option(
    "--json", "json_file", zh="写 JSON 结果，- 为标准输出", en="write JSON, - is standard output"
)
@option("--plot", type=Path, zh="把图写入此目录", en="write the pictures into this folder")
@table_options
def run(
    model: str,
    preset: str,
    engine: str,
    seed: int,
    scale: float,
    settings: tuple[str, ...],
    replications: int,
    precision: float | None,
    names: tuple[str, ...],
    replications_max: int,
    antithetic: bool,
    warm_up: str,
    calibration: Path | None,
    services: tuple[str, ...],
    scheduler: str,
    digest: bool,
    trace: bool,
    json_file: str | None,
    plot: Path | None,
    report_folder: Path | None,
    csv_folder: Path | None,
    parquet_folder: Path | None,
) -> int:
    """Run and print."""
    call = Call(preset, seed, scale, _parsed(settings), engine)
    try:
        with told_as_faults():
            measured = measured_of(calibration, services)
            prepared = measured.prepared(prepare(model, call))
            repeats = repeats_of(
                prepared.network,
                Runs(seed, engine, antithetic, inside_max=inside_max_of(engine)),
                replications=replications,
                replications_max=replications_max, precision=precision, figures=names,
                warm_up=warm_up, scheduler=scheduler,
            )  # fmt: skip
            repeats = warmed_up(repeats, prepared.network)
            played = play(prepared, repeats.runs, digest=digest, traced=trace)
            if not repeats.is_one and played.result.stopped is None:
                played = with_intervals(played, repeats)
    except RunWasInterrupted as interrupted:
        raise Fault(interrupted.zh, interrupted.en, INTERRUPTED) from None
    written = write_pictures(played, plot, Path(model).stem) if plot else []
    if report_folder is not None:
        typed = " ".join(
            ["onecard sim run", model, *call.words(), *measured.words(), *repeats.words()]
        )
        written.append(write_report(played, report_folder, typed))
    for folder, form in ((csv_folder, CSV), (parquet_folder, PARQUET)):
        if folder is not None:
            written += write_all_tables(played, folder, form)
    result = played.result
    if json_file:
        write_json(json_file, result.to_json())
    if json_file != STANDARD_OUTPUT:
        print_result(result)
        for path in written:
            print(f"{say('已写入', 'written')}: {path}")
    if result.stopped is None:
        return HELD if result.is_as_asked else FELL_SHORT
    if json_file == STANDARD_OUTPUT:
        print(say(result.answer_zh, result.answer_en), file=sys.stderr)
    return INTERRUPTED if result.stopped.reason == ASKED else FELL_SHORT


def _parsed(settings: tuple[str, ...]) -> dict[str, str | float]:
    pairs: dict[str, str | float] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise Fault(
                f"--set {text}：应写作 名称=值，例如 --set gates=8。",
                f"--set {text}: write NAME=VALUE, as --set gates=8.",
            )
        pairs[name] = value
    return pairs


def _show(prepared: Prepared) -> None:
    preset = f" ({prepared.preset})" if prepared.preset else ""
    title = say(prepared.title_zh, prepared.title_en)
    print_inputs(f"{prepared.name}{preset}: {title}", prepared.assumptions)


from testbed.verbs import (  # noqa: E402 - they declare verbs of the group above
    sim_figures,  # noqa: F401
    sim_planning,  # noqa: F401 - sweep, compare
    sim_sensitivity,  # noqa: F401
    sim_staffing,  # noqa: F401
)
