"""Every shipped scenario against one platform, and what its stream must tell."""

from __future__ import annotations

from pathlib import Path

from pytest_bdd.parser import FeatureParser

from scenarios import outcomes
from scenarios.clauses import results_of, scenarios_by_tag
from scenarios.platform_process import PlatformProcess
from scenarios.running import find_features, run_scenarios
from scenarios.settings import ReaderKind, ScenarioSettings
from tests.books import require_whole_books

SUITE_S_MAX = 900
"""The readers start anew for every scenario."""


def check_every_scenario(folder: Path, reader: ReaderKind, database: str | None) -> None:
    """Run all; `database` is None for SQLite."""
    stream = folder / "outcomes.jsonl"
    with PlatformProcess(folder / "platform", database, clock="virtual") as platform:
        run = run_scenarios(
            ScenarioSettings(
                access=platform.access_file, database=database, reader=reader, outcomes=stream
            )
        )
    assert run.passed, run.log
    require_whole_books(folder / "platform", database)
    told = list(outcomes.read(stream))
    ended = [one for one in told if isinstance(one, outcomes.ScenarioFinished)]
    assert len(ended) == _count_of_scenarios(find_features([]))
    tagged = {one for ids in scenarios_by_tag(find_features([])).values() for one in ids}
    assert tagged == set(results_of(stream)), "tags name scenarios as the run does"
    taps = [one for one in told if isinstance(one, outcomes.ApduExchanged) and one.step]
    readers = {one.reader for one in taps if not one.reader.startswith("PSAM")}
    assert all(name.startswith("OneCard Reader") for name in readers) is (reader == "pcsc")
    _check_masking(told)


def _check_masking(told: list[outcomes.Outcome]) -> None:
    shown = [
        field.value
        for outcome in told
        if isinstance(outcome, outcomes.ApduExchanged)
        for field in outcome.fields
        if field.name_en in {"social security number", "name"} and outcome.command[:4] == "00B2"
    ]
    assert len(shown) >= 2, "the counter read number and name"
    assert all("*" in value for value in shown)


def _count_of_scenarios(features: list[Path]) -> int:
    """Scenarios as they run: an outline once for each of its examples."""
    count = 0
    for path in features:
        feature = FeatureParser(str(path.parent), path.name).parse()
        for scenario in feature.scenarios.values():
            examples = sum(len(each.examples) for each in scenario.examples)
            count += examples if scenario.examples else 1
    return count
