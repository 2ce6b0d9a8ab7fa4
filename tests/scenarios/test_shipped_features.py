"""The shipped features hold on every reader and every database, and a broken one is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_bdd.parser import FeatureParser

from scenarios import outcomes
from scenarios.clauses import results_of, scenarios_by_tag
from scenarios.platform_process import PlatformProcess
from scenarios.running import FEATURES, ScenariosCannotRun, find_features, run_scenarios
from scenarios.settings import ReaderKind, ScenarioSettings
from virtual_cards.readers import pcsc, pcscd

needs_pcsc = pytest.mark.skipif(
    bool(pcscd.missing_parts()) or not pcsc.is_available(),
    reason="needs pcscd, vpcd and pyscard: run make set-up as root",
)


@pytest.mark.timeout(900)  # a whole suite, readers started anew for every scenario
@pytest.mark.parametrize(
    ("database", "reader"),
    [
        ("sqlite", "inprocess"),
        pytest.param("postgresql", "pcsc", marks=[needs_pcsc, pytest.mark.postgresql]),
        pytest.param("sqlite", "pcsc", marks=[needs_pcsc, pytest.mark.long]),
        pytest.param("postgresql", "inprocess", marks=[pytest.mark.postgresql, pytest.mark.long]),
    ],
)
def test_every_scenario_holds(
    request: pytest.FixtureRequest, tmp_path: Path, reader: ReaderKind, database: str
) -> None:
    url = request.getfixturevalue("fresh_postgresql") if database == "postgresql" else None
    stream = tmp_path / "outcomes.jsonl"
    with PlatformProcess(tmp_path / "platform", url, clock="virtual") as platform:
        run = run_scenarios(
            ScenarioSettings(
                access=platform.access_file, database=url, reader=reader, outcomes=stream
            )
        )
    assert run.passed, run.log
    told = list(outcomes.read(stream))
    ended = [one for one in told if isinstance(one, outcomes.ScenarioFinished)]
    assert len(ended) == _count_of_scenarios(find_features([]))
    tagged = {one for ids in scenarios_by_tag(find_features([])).values() for one in ids}
    assert tagged == set(results_of(stream)), "tags name scenarios as the run does"
    taps = [one for one in told if isinstance(one, outcomes.ApduExchanged) and one.step]
    readers = {one.reader for one in taps if not one.reader.startswith("PSAM")}
    assert all(name.startswith("OneCard Reader") for name in readers) is (reader == "pcsc")


def test_personal_data_is_masked_in_the_stream(tmp_path: Path) -> None:
    stream = tmp_path / "outcomes.jsonl"
    with PlatformProcess(tmp_path / "platform", clock="virtual") as platform:
        access = platform.access_file
        assert run_scenarios(ScenarioSettings(access=access, outcomes=stream)).passed
    shown = [
        field.value
        for outcome in outcomes.read(stream)
        if isinstance(outcome, outcomes.ApduExchanged)
        for field in outcome.fields
        if field.name_en in {"social security number", "name"} and outcome.command[:4] == "00B2"
    ]
    assert len(shown) >= 2, "the counter read number and name"
    assert all("*" in value for value in shown)


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


def test_a_path_without_features_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenariosCannotRun, match="look at the path"):
        find_features([tmp_path])
    assert find_features([FEATURES])


def _count_of_scenarios(features: list[Path]) -> int:
    """Scenarios as they run: an outline once for each of its examples."""
    count = 0
    for path in features:
        feature = FeatureParser(str(path.parent), path.name).parse()
        for scenario in feature.scenarios.values():
            examples = sum(len(each.examples) for each in scenario.examples)
            count += examples if scenario.examples else 1
    return count
