"""`onecard scenarios list`, `run`, `steps`: suites listed and run, step phrases printed."""

from __future__ import annotations

import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from pytest_bdd.parser import FeatureParser
from rich.console import Console
from rich.table import Table

from scenarios import outcomes
from scenarios.phrases import PHRASES
from scenarios.platform_process import PlatformDidNotStart, PlatformProcess
from scenarios.plugin import STEP_MODULES
from scenarios.running import FEATURES, ScenariosCannotRun, find_features, run_scenarios
from scenarios.settings import ScenarioSettings
from testbed import faults
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import option, verb
from testbed.database_options import database_url
from testbed.faults import Fault
from testbed.language import say
from testbed.last_results import keep_results
from testbed.progress import Progress
from testbed.reader_choice import WantedReader, reader_to_use
from testbed.verbs.scenarios.words import paths_of_features, scenarios


@verb(
    scenarios,
    "list",
    zh="列出场景及其标签。",
    en="List scenarios with their tags.",
    examples=("onecard scenarios list",),
)
@paths_of_features
def list_scenarios(paths: tuple[Path, ...]) -> int:
    """Print them."""
    table = Table(box=None, pad_edge=False)
    for heading in (say("场景", "scenario"), say("标签", "tags"), say("文件", "file")):
        table.add_column(heading, overflow="fold")
    for path in _features(paths):
        feature = FeatureParser(str(path.parent), path.name).parse()
        file = path.relative_to(FEATURES) if path.is_relative_to(FEATURES) else path
        for scenario in feature.scenarios.values():
            zh, _, en = scenario.name.partition(" / ")
            tags = " ".join(sorted(scenario.tags | feature.tags))
            table.add_row(say(zh, en or zh), tags, str(file))
    Console().print(table)
    return 0


@verb(
    scenarios,
    "steps",
    zh="列出全部步骤说法，中英对照。",
    en="Print every step phrase in both languages.",
    examples=("onecard scenarios steps",),
)
def steps() -> int:
    """Print them."""
    for module in STEP_MODULES:
        import_module(module)
    table = Table(box=None, pad_edge=False)
    for heading in (say("类别", "kind"), "中文", "English"):
        table.add_column(heading, overflow="fold")
    kinds = {"given": say("假如", "given"), "when": say("当", "when"), "then": say("那么", "then")}
    for phrase in PHRASES:
        table.add_row(kinds[phrase.kind], phrase.zh, phrase.en)
    Console().print(table)
    return 0


@verb(
    scenarios,
    "run",
    zh="运行场景（默认全部），自带一个平台。",
    en="Run scenarios (all by default) against a platform of their own.",
    examples=(
        "onecard scenarios run",
        "onecard scenarios run --tags CQ-12a --reader inprocess",
        "onecard scenarios run my.feature --junit result.xml",
    ),
)
@paths_of_features
@option(
    "--tags", default="", zh="标签表达式，如“CQ-5a and not CQ-7b”", en="as 'CQ-5a and not CQ-7b'"
)
@option(
    "--reader",
    type=click.Choice(["auto", "pcsc", "inprocess"]),
    default="auto",
    show_default=True,
    zh="读卡器",
    en="reader",
)
@database_url
@option("--junit", type=Path, zh="写 JUnit 文件", en="write a JUnit file")
@option(
    "--json", "json_file", zh="写 JSON 结果，- 为标准输出", en="write JSON, - is standard output"
)
@option(
    "--seed", type=int, default=1, show_default=True, zh="随机种子", en="seed of random numbers"
)
def run(
    paths: tuple[Path, ...],
    tags: str,
    reader: WantedReader,
    database: str | None,
    junit: Path | None,
    json_file: str | None,
    seed: int,
) -> int:
    """Run; exit 0 when every scenario passed, 1 when one did not."""
    features = _features(paths)
    kind, _ = reader_to_use(reader)
    with tempfile.TemporaryDirectory(prefix="onecard-") as folder:
        stream = Path(folder, "outcomes.jsonl")
        try:
            with (
                Progress(stream),
                PlatformProcess(Path(folder, "platform"), database, clock="virtual") as platform,
            ):
                settings = ScenarioSettings(
                    access=platform.access_file,
                    database=database,
                    reader=kind,
                    outcomes=stream,
                    features=features,
                    seed=seed,
                )
                result = run_scenarios(settings, tags, junit)
        except (ScenariosCannotRun, PlatformDidNotStart) as fault:
            raise Fault(fault.zh, fault.en, getattr(fault, "exit_code", 2)) from None
        summary = _summary(stream)
        keep_results(stream)
    if json_file:
        write_json(json_file, summary)
    if json_file != STANDARD_OUTPUT:
        words = say("通过", "passed"), say("未通过", "failed")
        print(f"{summary['passed']} {words[0]}, {summary['failed']} {words[1]}")
    if not result.passed:
        click.echo(result.log, err=True)
    return faults.HELD if result.passed else faults.FELL_SHORT


def _features(paths: tuple[Path, ...]) -> list[Path]:
    try:
        return find_features(paths)
    except ScenariosCannotRun as fault:
        raise Fault(fault.zh, fault.en) from None


def _summary(stream: Path) -> dict[str, Any]:
    told = list(outcomes.read(stream)) if stream.exists() else []
    names = {one.scenario: one for one in told if isinstance(one, outcomes.ScenarioStarted)}
    ended = [one for one in told if isinstance(one, outcomes.ScenarioFinished)]
    return {
        "passed": sum(one.result == "passed" for one in ended),
        "failed": sum(one.result == "failed" for one in ended),
        "scenarios": [
            {
                "scenario": one.scenario,
                "name_zh": names[one.scenario].name_zh,
                "name_en": names[one.scenario].name_en,
                "tags": names[one.scenario].tags,
                "result": one.result,
                "duration_s": one.duration_s,
            }
            for one in ended
        ],
    }
