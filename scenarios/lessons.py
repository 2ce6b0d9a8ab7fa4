"""Lessons: the functions a trainer can show step by step, as data (NM-20, CQ-21, NX-15, YD-19).

Rules: a lesson names its scenario by the Chinese name in the features, no outline; every lesson is
for holders, for staff of application sites, or for both. A faulty file reports all its faults.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal, get_args

import msgspec
from pytest_bdd.parser import FeatureParser
from pytest_bdd.scenario import make_python_name

from scenarios.regional_platforms import region_of
from scenarios.running import ScenariosCannotRun, find_features

LESSONS: Final = Path(__file__).with_name("lessons.toml")
Audience = Literal["holder", "site-staff"]


class Lesson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A function, for whom it is shown, and the scenario that shows it (its Chinese name)."""

    name: str
    function_zh: str
    function_en: str
    audiences: list[Audience]
    scenario: str


class Shown(msgspec.Struct, frozen=True):
    """The scenario of a lesson as it is found: its feature, id and region."""

    lesson: Lesson
    feature: Path
    scenario_id: str
    region: str


def read_lessons(file: Path = LESSONS) -> list[Lesson]:
    """All lessons in the order of the file.

    Raises `ScenariosCannotRun` with every fault of it.
    """
    try:
        told: list[Any] = tomllib.loads(file.read_text(encoding="utf-8")).get("lesson", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ScenariosCannotRun(f"{file}：{fault}", f"{file}: {fault}") from None
    lessons: list[Lesson] = []
    faults: list[str] = []
    for number, each in enumerate(told, start=1):
        try:
            lessons.append(msgspec.convert(each, Lesson))
        except msgspec.ValidationError as fault:
            faults.append(f"lesson {number}: {fault}")
    names = [each.name for each in lessons]
    faults += [
        f"lesson {name!r} stands twice" for name in sorted({*names}) if names.count(name) > 1
    ]
    faults += [f"lesson {each.name!r} is for nobody" for each in lessons if not each.audiences]
    if faults:
        text = f"{file}: " + "; ".join(faults)
        raise ScenariosCannotRun(text, text)
    return lessons


def find_lessons(names: Iterable[str]) -> list[Shown]:
    """The lessons of these names with their scenarios, in the order given.

    Raises `ScenariosCannotRun` for a name nobody knows and a scenario that is not there.
    """
    lessons = {each.name: each for each in read_lessons()}
    wanted = list(names)
    if unknown := [name for name in wanted if name not in lessons]:
        raise ScenariosCannotRun(
            f"没有课程“{'、'.join(unknown)}”：请用 onecard scenarios lessons 查看。",
            f"there is no lesson {', '.join(unknown)}: see onecard scenarios lessons.",
        )
    return locate([lessons[name] for name in wanted])


def locate(lessons: Iterable[Lesson]) -> list[Shown]:
    """Lessons with their scenarios. Raises `ScenariosCannotRun` for those that are not there."""
    scenarios: dict[str, tuple[Path, str, str]] = {}
    for path in find_features([]):
        feature = FeatureParser(str(path.parent), path.name).parse()
        for each in feature.scenarios.values():
            if not each.examples:
                zh = each.name.partition(" / ")[0]
                region = region_of(each.tags | feature.tags)
                scenarios[zh] = path, f"test_{make_python_name(each.name)}", region
    wanted = list(lessons)
    if missing := [each.name for each in wanted if each.scenario not in scenarios]:
        raise ScenariosCannotRun(
            f"课程“{'、'.join(missing)}”的场景不存在。",
            f"the scenario of lesson {', '.join(missing)} does not exist.",
        )
    return [Shown(each, *scenarios[each.scenario]) for each in wanted]


def for_audience(audience: Audience) -> list[Lesson]:
    """The lessons for these people."""
    return [each for each in read_lessons() if audience in each.audiences]


AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)
