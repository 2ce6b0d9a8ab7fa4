"""Lessons: every function has one, every lesson a scenario, faults are told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.lessons import AUDIENCES, for_audience, locate, read_lessons
from scenarios.running import ScenariosCannotRun

FUNCTIONS = {
    "application", "activation", "loss-report", "restore", "replace", "exchange", "cancel", "pin",
    "electronic-card", "code", "ride", "treatment", "payout-certification",
    "employment-business", "library", "canteen", "bank", "complaint",
}  # fmt: skip


def test_every_function_has_a_lesson_and_every_lesson_a_scenario() -> None:
    lessons = read_lessons()
    assert {each.name for each in lessons} >= FUNCTIONS
    shown = locate(lessons)
    assert [each.lesson for each in shown] == lessons
    assert all(each.feature.is_file() and each.region for each in shown)
    for audience in AUDIENCES:
        assert {each.name for each in for_audience(audience)} >= FUNCTIONS


def test_a_faulty_file_of_lessons_reports_all_its_faults(tmp_path: Path) -> None:
    file = tmp_path / "lessons.toml"
    good = 'name = "a"\nfunction_zh = "a"\nfunction_en = "a"\nscenario = "a"\naudiences = []\n'
    file.write_text(
        f'[[lesson]]\nname = "x"\n\n[[lesson]]\n{good}\n[[lesson]]\n{good}', encoding="utf-8"
    )
    with pytest.raises(ScenariosCannotRun) as told:
        read_lessons(file)
    for fault in ("lesson 1: ", "lesson 'a' stands twice", "lesson 'a' is for nobody"):
        assert fault in told.value.en


def test_a_lesson_without_its_scenario_is_told() -> None:
    lesson = read_lessons()[0]
    moved = type(lesson)(lesson.name, "x", "x", ["holder"], "没有这个场景")
    with pytest.raises(ScenariosCannotRun, match="application does not exist"):
        locate([moved])
