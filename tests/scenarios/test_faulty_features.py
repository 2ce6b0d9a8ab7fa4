"""A scenario that does not hold, or cannot be run, is told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from card_platform.settings import DATABASE_FILE
from scenarios import outcomes
from scenarios.platform_process import PlatformProcess
from scenarios.regional_platforms import RegionalPlatforms
from scenarios.running import FEATURES, ScenariosCannotRun, find_features, run_scenarios
from scenarios.settings import ScenarioSettings
from scenarios.whole_books import BooksAreNotWhole


def test_a_step_that_does_not_hold_fails_the_run_and_skips_the_rest(tmp_path: Path) -> None:
    feature = tmp_path / "wrong.feature"
    feature.write_text(
        "Feature: wrong\n\n  Scenario: wrong\n"
        "    Given a registered resident of Chongqing, “A”, without a social security card\n"
        "    When resident “A” applies with form and resident identity card\n"
        "    Then the card of resident “A” is “lost”\n"
        "    And the books of the platform balance\n",
        encoding="utf-8",
    )
    stream = tmp_path / "outcomes.jsonl"
    with PlatformProcess(tmp_path / "platform", clock="virtual") as platform:
        run = run_scenarios(
            ScenarioSettings(access=platform.access_file, outcomes=stream, features=[feature])
        )
    assert not run.passed
    steps = [one for one in outcomes.read(stream) if isinstance(one, outcomes.StepFinished)]
    assert [step.result for step in steps] == ["passed", "passed", "failed", "skipped"]
    assert steps[1].text_zh == "居民“甲”凭申领登记表和居民身份证申领社会保障卡"


def test_a_step_nobody_knows_is_told_with_its_text(tmp_path: Path) -> None:
    feature = tmp_path / "unknown.feature"
    feature.write_text("Feature: f\n\n  Scenario: s\n    Given the moon\n", encoding="utf-8")
    stream = tmp_path / "outcomes.jsonl"
    with PlatformProcess(tmp_path / "platform", clock="virtual") as platform:
        run = run_scenarios(
            ScenarioSettings(access=platform.access_file, outcomes=stream, features=[feature])
        )
    assert not run.passed
    steps = [one for one in outcomes.read(stream) if isinstance(one, outcomes.StepFinished)]
    assert [(step.text_en, step.result) for step in steps] == [("the moon", "failed")]


def test_a_fault_left_in_the_books_of_another_region_fails_the_run(tmp_path: Path) -> None:
    with (
        pytest.raises(BooksAreNotWhole, match=r"the books of SC .*: 1 entries that sum to 7 fen"),
        RegionalPlatforms(tmp_path / "access.json", None) as platforms,
    ):
        platforms.desk_of("SC")
        database = platforms.access_of("SC").with_name(DATABASE_FILE)
        with closing(sqlite3.connect(database)) as opened, opened:
            opened.execute(
                "INSERT INTO postings (posting_id, client_id, purpose, at)"
                " VALUES ('p', 'c', 'a fault on purpose', '2026-01-01T00:00:00.000+08:00')"
            )
            opened.execute(
                "INSERT INTO entries (posting_id, line, account, amount_fen, period)"
                " VALUES ('p', 0, 'fund:a', 7, 202601)"
            )
    assert not database.exists()


def test_a_path_without_features_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenariosCannotRun, match="look at the path"):
        find_features([tmp_path])
    assert find_features([FEATURES])
