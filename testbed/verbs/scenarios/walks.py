"""`onecard scenarios lessons`, `walk`: functions step by step (NM-20, CQ-21, NX-15, YD-19)."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from msgspec import to_builtins
from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from scenarios.lessons import (
    AUDIENCES,
    Audience,
    find_lessons,
    for_audience,
    locate,
    read_lessons,
)
from scenarios.neighbourhood import REGIONS
from scenarios.platform_process import PlatformDidNotStart, PlatformProcess
from scenarios.regional_platforms import RUN_REGION
from scenarios.running import ScenariosCannotRun, find_features
from scenarios.settings import ScenarioSettings
from scenarios.walking import Walk
from testbed import faults
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import option, verb
from testbed.faults import Fault
from testbed.language import say
from testbed.reader_choice import WantedReader, reader_to_use
from testbed.running_platform import desk_of
from testbed.verbs.scenarios.words import paths_of_features, scenarios
from testbed.walkthrough import Gate, Walkthrough, pause_of, wait_for_enter


@verb(
    scenarios,
    "lessons",
    zh="列出演示课程：可按步骤演示的功能、面向的人员、所用场景。",
    en="List lessons: functions that can be shown step by step, for whom, by which scenario.",
    examples=("onecard scenarios lessons", "onecard scenarios lessons --for site-staff"),
)
@option("--for", "audience", type=click.Choice(AUDIENCES), zh="面向的人员", en="for whom")
@option(
    "--json", "json_file", zh="写 JSON 结果，- 为标准输出", en="write JSON, - is standard output"
)
def list_lessons(audience: Audience | None, json_file: str | None) -> int:
    """Print them."""
    try:
        chosen = locate(for_audience(audience) if audience else read_lessons())
    except ScenariosCannotRun as fault:
        raise Fault(fault.zh, fault.en) from None
    if json_file:
        write_json(json_file, [to_builtins(each, enc_hook=str) for each in chosen])
    if json_file == STANDARD_OUTPUT:
        return faults.HELD
    table = Table(box=None, pad_edge=False)
    for heading in (say("课程", "lesson"), say("功能", "function"), say("面向", "for")):
        table.add_column(heading, overflow="fold")
    for heading in (say("地区", "region"), say("场景", "scenario")):
        table.add_column(heading, overflow="fold")
    people = {"holder": say("持卡人", "holders"), "site-staff": say("网点人员", "site staff")}
    for each in chosen:
        lesson = each.lesson
        whom = say("、", ", ").join(people[one] for one in lesson.audiences)
        function = say(lesson.function_zh, lesson.function_en)
        table.add_row(lesson.name, function, whom, each.region, lesson.scenario)
    Console().print(table)
    return faults.HELD


@verb(
    scenarios,
    "walk",
    zh="按步骤演示：每步先以中英文说明，按回车后执行，再说明发生了什么。",
    en="Show step by step: each step is told in both languages, done on Enter, and what happened "
    "is told.",
    examples=(
        "onecard scenarios walk --lesson loss-report",
        "onecard scenarios walk --lesson ride --lesson library --region NM --lang zh",
        "onecard scenarios walk --tags CQ-5b --reader pcsc --pause 3",
    ),
)
@paths_of_features
@option("--tags", default="", zh="标签表达式", en="as for onecard scenarios run")
@option(
    "--lesson", "lessons", multiple=True, zh="课程名，可重复", en="name of a lesson, repeatable"
)
@option(
    "--reader",
    type=click.Choice(["auto", "pcsc", "inprocess"]),
    default="auto",
    show_default=True,
    zh="读卡器",
    en="reader",
)
@option(
    "--region",
    type=click.Choice(sorted(abbreviation for abbreviation, _ in REGIONS.values())),
    zh="在哪个地区的平台上演示（默认按场景）",
    en="on whose platform it is shown (default: as each scenario says)",
)
@option(
    "--access",
    type=Path,
    zh="在运行中的平台上演示：它的 access.json（须为虚拟时钟）",
    en="show on a running platform: its access.json (it needs a virtual clock)",
)
@option("--pause", type=click.FloatRange(0, 3600), zh="每步停几秒", en="go on after these seconds")
@option(
    "--enter", is_flag=True, zh="每步等回车（终端上默认）", en="wait for Enter (so on a terminal)"
)
@option(
    "--seed", type=int, default=1, show_default=True, zh="随机种子", en="seed of random numbers"
)
def walk(
    paths: tuple[Path, ...],
    tags: str,
    lessons: tuple[str, ...],
    reader: WantedReader,
    region: str | None,
    access: Path | None,
    pause: float | None,
    enter: bool,
    seed: int,
) -> int:
    """Walk; exit 0 when all was shown and held, 1 when something did not hold or was left."""
    if lessons and (paths or tags):
        raise Fault(
            "--lesson 不能与路径或 --tags 同用：请只用其一。",
            "--lesson goes without paths and --tags: give only one of them.",
        )
    if access and region:
        raise Fault(
            "--access 的平台自有地区：请不要再写 --region。",
            "--access names a platform with a region of its own: leave out --region.",
        )
    if pause is not None and enter:
        raise Fault(
            "--pause 与 --enter 只能用一个。",
            "give only one of --pause, --enter.",
        )
    told = Walkthrough(_gate(pause, enter=enter))
    try:
        shown = find_lessons(lessons)
        features = sorted({each.feature for each in shown}) or find_features(paths)
        settings = ScenarioSettings(
            region=region or "",
            reader=reader_to_use(reader)[0],
            features=features,
            scenarios=list(dict.fromkeys(each.scenario_id for each in shown)),
            seed=seed,
        )
        with _platform(settings, access) as placed, _walk(placed, tags) as run:
            is_whole = told.follow(run)
    except (ScenariosCannotRun, PlatformDidNotStart) as fault:
        raise Fault(fault.zh, fault.en, getattr(fault, "exit_code", 2)) from None
    told.list_shown()
    return faults.HELD if is_whole and run.passed else faults.FELL_SHORT


def _gate(pause: float | None, *, enter: bool) -> Gate:
    if enter or (pause is None and sys.stdin.isatty()):
        return wait_for_enter
    return pause_of(pause or 0.0)


@contextmanager
def _platform(settings: ScenarioSettings, access: Path | None) -> Iterator[ScenarioSettings]:
    """The settings with a platform to show on: one that runs, or one of its own."""
    if access is not None:
        with desk_of(access) as desk:
            names = {code: abbreviation for abbreviation, code in REGIONS.values()}
            region = names[desk.region]
        yield replace(settings, access=access, access_region=region, region=region)
        return
    region = settings.region or RUN_REGION
    with (
        tempfile.TemporaryDirectory(prefix="onecard-") as folder,
        PlatformProcess(Path(folder), clock="virtual", region=region) as platform,
    ):
        yield replace(settings, access=platform.access_file, access_region=region)


@contextmanager
def _walk(settings: ScenarioSettings, tags: str) -> Iterator[Walk]:
    with (
        tempfile.TemporaryDirectory(prefix="onecard-walk-") as folder,
        Walk(settings, Path(folder, "outcomes.jsonl"), tags) as walk,
    ):
        yield walk
