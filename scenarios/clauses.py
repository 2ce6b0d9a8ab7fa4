"""The clauses of the five regulations: which scenarios show each, and what came of it last.

Rules: a scenario is tagged with a clause when it shows, with the others of that tag, all the clause
asks for; a part of it is no reason for a tag. A clause has passed when every scenario that
shows it passed the last time it ran; failed when one of them failed; missing when no scenario shows
it, or one of them has not run yet. Clauses of form `context` (purpose, scope, date) need no
scenario.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from pytest_bdd.parser import FeatureParser
from pytest_bdd.scenario import make_python_name

from scenarios import outcomes

CLAUSES = Path(__file__).with_name("clauses.tsv")
CONTEXT = "context"

ClauseResult = Literal["passed", "failed", "missing", "context"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its form (`flow`, `rule`, `record`, `form`, `context`), its subject in Chinese,
    what a scenario must show.
    """

    id: str
    source: str
    form: str
    subject: str
    shows: str


class ClauseReport(msgspec.Struct, frozen=True):
    """A clause, the scenarios that show it, and the last result."""

    id: str
    form: str
    scenarios: list[str]
    result: ClauseResult


def read_clauses(path: Path = CLAUSES) -> list[Clause]:
    """All clauses, in the order of the regulations."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Clause(**row) for row in rows]


def scenarios_by_tag(features: Iterable[Path]) -> dict[str, list[str]]:
    """For each tag the ids of the scenarios that carry it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in features:
        feature = FeatureParser(str(path.parent), path.name).parse()
        for scenario in feature.scenarios.values():
            for tag in sorted(scenario.tags | feature.tags):
                found[tag].append(f"test_{make_python_name(scenario.name)}")
    return dict(found)


def report(
    clauses: Iterable[Clause], shown: Mapping[str, list[str]], results: Mapping[str, str]
) -> list[ClauseReport]:
    """Every clause with its result; `results` by scenario id."""
    return [
        ClauseReport(
            each.id,
            each.form,
            shown.get(each.id, []),
            _result(each, [results.get(one) for one in shown.get(each.id, [])]),
        )
        for each in clauses
    ]


def results_of(stream: Path) -> dict[str, str]:
    """The result of every scenario of a run; of one that ran several times (an outline), failed
    when one of them failed.
    """
    found: dict[str, str] = {}
    for one in outcomes.read(stream):
        if isinstance(one, outcomes.ScenarioFinished):
            scenario = one.scenario.partition("[")[0]
            if found.get(scenario) != "failed":
                found[scenario] = one.result
    return found


def _result(clause: Clause, results: list[str | None]) -> ClauseResult:
    if clause.form == CONTEXT:
        return "context"
    if "failed" in results:
        return "failed"
    if not results or any(one != "passed" for one in results):
        return "missing"
    return "passed"
