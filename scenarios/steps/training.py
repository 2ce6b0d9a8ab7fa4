"""A trainer shows functions step by step (NM-20, CQ-21, NX-15, YD-19), as the command does it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from pytest_bdd.parser import FeatureParser

from scenarios.lessons import Audience, Shown, find_lessons, for_audience
from scenarios.neighbourhood import REGIONS
from scenarios.phrases import given, then, when
from scenarios.regional_platforms import RegionalPlatforms
from scenarios.world import World

_ONECARD: Final = str(Path(sys.executable).with_name("onecard"))
_WALK_S_MAX: Final = 180
_STEP, _HELD = "▶ ", "  ✓ held"
_AUDIENCES: Final[dict[str, Audience]] = {
    "持卡人": "holder",
    "holders": "holder",
    "用卡场所工作人员": "site-staff",
    "staff of application sites": "site-staff",
}


@dataclass
class Training:
    """For whom it is, what was shown, and what the trainer saw."""

    audience: Audience = "holder"
    shown: list[Shown] = field(default_factory=list)
    screen: list[str] = field(default_factory=list)
    exit_code: int = -1


@pytest.fixture
def training() -> Training:
    """Nothing shown yet."""
    return Training()


@given(
    "面向“{audience}”的课程涵盖“{functions}”",
    "the lessons for “{audience}” cover “{functions}”",
)
def lessons_cover(world: World, training: Training, audience: str, functions: str) -> None:
    training.audience = _AUDIENCES[audience]
    covered = {each.function_zh for each in for_audience(training.audience)}
    world.recorder.fact("课程数", "lessons", len(covered))
    assert covered >= {*functions.split("、")}, covered


@when(
    "培训员在本地平台按步骤演示“{functions}”，每步按回车",
    "the trainer shows “{functions}” step by step on the platform here, pressing Enter",
)
def show(
    world: World, training: Training, platforms: RegionalPlatforms, tmp_path: Path, functions: str
) -> None:
    by_function = {each.function_zh: each.name for each in for_audience(training.audience)}
    names = [by_function[each] for each in functions.split("、")]
    training.shown = find_lessons(names)
    region = next(each for each, code in REGIONS.values() if code == world.desk.region)
    call = [_ONECARD, "scenarios", "walk", "--reader", "inprocess", "--lang", "en", "--enter"]
    call += ["--access", str(platforms.access_of(region).resolve())]
    call += ["--seed", str(world.seed + 1)]  # other residents than those of the scenarios here
    for name in names:
        call += ["--lesson", name]
    done = subprocess.run(
        call,
        input="\n" * _steps_of(training.shown),
        capture_output=True,
        text=True,
        check=False,
        timeout=_WALK_S_MAX,
        cwd=tmp_path,
    )
    training.screen, training.exit_code = done.stdout.splitlines(), done.returncode
    assert done.returncode in {0, 1}, done.stderr


@then(
    "每一步都先用中英文说明，再当场办成，并列出演示清单",
    "each step was told in both languages, then held, and what was shown is listed",
)
def was_shown(world: World, training: Training) -> None:
    screen = training.screen
    told = [at for at, line in enumerate(screen) if line.startswith(_STEP)]
    world.recorder.fact("演示的步骤数", "steps shown", len(told))
    assert training.exit_code == 0, "\n".join(screen)
    assert len(told) == _steps_of(training.shown)
    assert sum(line.startswith(_HELD) and "steps held" not in line for line in screen) == len(told)
    for at in told:
        chinese, english = screen[at].removeprefix(_STEP), screen[at + 1].strip()
        assert chinese, screen[at]
        assert english
        assert english != chinese
    listed = screen[screen.index("What was shown") :]
    for each in training.shown:
        assert any(line.startswith(_HELD) and each.lesson.scenario in line for line in listed)


def _steps_of(shown: list[Shown]) -> int:
    """How many steps the scenarios of these lessons have; one that shows several counts once."""
    found: dict[str, int] = {}
    for each in shown:
        feature = FeatureParser(str(each.feature.parent), each.feature.name).parse()
        for name, scenario in feature.scenarios.items():
            if name.startswith(f"{each.lesson.scenario} / "):
                found[name] = len(scenario.steps)
    return sum(found.values())
