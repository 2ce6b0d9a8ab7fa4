"""Clauses and the scenarios that show them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scenarios import outcomes
from scenarios.clauses import Clause, read_clauses, report, results_of, scenarios_by_tag
from scenarios.outcomes import ScenarioFinished
from scenarios.running import find_features

RULE = Clause("XX-1", "test", "rule", "规则", "something")
CONTEXT = Clause("XX-2", "test", "context", "目的", "purpose")


def test_every_clause_of_the_five_regulations_is_there_once() -> None:
    clauses = read_clauses()
    assert len(clauses) == len({each.id for each in clauses}) == 165
    assert sum(each.form != "context" for each in clauses) == 148
    assert {each.id.split("-")[0] for each in clauses} == {"NM", "CQ", "NX", "SC", "YD"}


def test_a_tag_that_looks_like_a_clause_is_one() -> None:
    known = {each.id for each in read_clauses()}
    tags = scenarios_by_tag(find_features([]))
    named = {tag for tag in tags if re.match(r"(NM|CQ|NX|SC|YD)-", tag)}
    assert named, "some scenario shows a clause"
    assert named <= known


@pytest.mark.parametrize(
    ("shown", "results", "expected"),
    [
        ([], {}, "missing"),
        (["a"], {}, "missing"),
        (["a"], {"a": "passed"}, "passed"),
        (["a", "b"], {"a": "passed"}, "missing"),
        (["a", "b"], {"a": "passed", "b": "failed"}, "failed"),
        (["a", "b"], {"b": "failed"}, "failed"),
        (["a", "b"], {"a": "passed", "b": "passed"}, "passed"),
    ],
)
def test_the_result_of_a_clause(shown: list[str], results: dict[str, str], expected: str) -> None:
    told = report([RULE, CONTEXT], {"XX-1": shown}, results)
    assert [(each.id, each.result) for each in told] == [("XX-1", expected), ("XX-2", "context")]
    assert told[0].scenarios == shown


def test_an_outline_fails_with_one_of_its_examples(tmp_path: Path) -> None:
    stream = tmp_path / "outcomes.jsonl"
    for scenario, result in (("a[1]", "passed"), ("a[2]", "failed"), ("a[3]", "passed")):
        ended = ScenarioFinished(
            at=outcomes.now(),
            scenario=scenario,
            result=result,  # type: ignore[arg-type]
            duration_s=0.1,
        )
        outcomes.append(stream, ended)
    assert results_of(stream) == {"a": "failed"}
