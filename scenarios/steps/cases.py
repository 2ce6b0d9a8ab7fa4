"""Cases against institutions and their staff (NM-25, NM-26, NX-18a to NX-18d, YD-22, CQ-24c)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from scenarios.phrases import then, when
from scenarios.terms import code_of
from scenarios.world import World

CASES = "/v1/accountability/cases"


@dataclass
class Docket:
    """Reports and cases of one scenario, by the respondent."""

    reports: dict[str, str] = field(default_factory=dict)
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)


@pytest.fixture
def docket() -> Docket:
    """Nothing yet."""
    return Docket()


@when(
    "居民“{name}”经12345举报“{respondent}”“{kind}”",
    "resident “{name}” reports “{respondent}” by 12345 for “{kind}”",
)
def report(world: World, docket: Docket, name: str, respondent: str, kind: str) -> None:
    body = {
        "kind": "report",
        "channel": "12345",
        "subject": kind,
        "content": f"{respondent}（虚构）",
        "card_number": world.holder(name).card_number or None,
        "conduct": code_of(kind),
    }
    docket.reports[respondent] = world.desk.post("clerk", "/v1/complaints", body)["number"]


@when(
    "监督人员对单位“{respondent}”以“{kind}”立案",
    "the inspector opens a case against the institution “{respondent}” for “{kind}”",
)
def open_against_institution(world: World, docket: Docket, respondent: str, kind: str) -> None:
    _open(world, docket, respondent, kind, "institution")


@when(
    "监督人员对工作人员“{respondent}”以“{kind}”立案",
    "the inspector opens a case against the member of staff “{respondent}” for “{kind}”",
)
def open_against_staff(world: World, docket: Docket, respondent: str, kind: str) -> None:
    _open(world, docket, respondent, kind, "staff")


def _open(world: World, docket: Docket, respondent: str, kind: str, against: str) -> None:
    body = {
        "kind": code_of(kind),
        "against": against,
        "respondent": respondent,
        "facts": "（虚构）",
        "report_number": docket.reports.get(respondent),
    }
    opened = world.try_at_platform(lambda: world.desk.post("inspector", CASES, body))
    if opened is not None:
        docket.cases[respondent] = opened


@when(
    "监督人员责令“{respondent}”在{days:d}天内改正",
    "the inspector orders “{respondent}” to correct within {days:d} days",
)
def order(world: World, docket: Docket, respondent: str, days: int) -> None:
    path = f"{CASES}/{docket.cases[respondent]['case_id']}/order"
    body = {"text": "限期改正", "days": days}
    world.try_at_platform(lambda: world.desk.post("inspector", path, body))


@when("“{respondent}”改正后，监督人员确认", "“{respondent}” mends it and the inspector confirms")
def mend(world: World, docket: Docket, respondent: str) -> None:
    for action in ("mend", "confirm"):
        _decide(world, docket, respondent, action)


@when(
    "监督人员将“{respondent}”的案件移送处分机关",
    "the inspector refers the case of “{respondent}” for discipline",
)
def refer(world: World, docket: Docket, respondent: str) -> None:
    _decide(world, docket, respondent, "refer")


def _decide(world: World, docket: Docket, respondent: str, action: str) -> None:
    path = f"{CASES}/{docket.cases[respondent]['case_id']}/decision"
    body = {"action": action, "text": "（虚构）"}
    world.try_at_platform(lambda: world.desk.post("inspector", path, body))


@then(
    "“{respondent}”的案件为{against}“{kind}”，状态为“{state}”",
    "the case of “{respondent}” is against {against} for “{kind}”, and it is “{state}”",
)
def case_is(  # noqa: PLR0917 - as many as the phrase has
    world: World, docket: Docket, respondent: str, against: str, kind: str, state: str
) -> None:
    found = _look(world, docket, respondent)
    world.recorder.fact("案件", "case", found["case_id"])
    assert found["respondent"] == respondent
    assert found["against"] == {"单位": "institution", "工作人员": "staff"}.get(against, against)
    assert found["kind"] == code_of(kind)
    assert found["state"] == code_of(state)
    assert found["report_number"] == docket.reports.get(respondent)


@then(
    "责令“{respondent}”改正的期限为{days:d}天",
    "the deadline of the order to “{respondent}” is {days:d} days ahead",
)
def deadline_is(world: World, docket: Docket, respondent: str, days: int) -> None:
    due_at = datetime.fromisoformat(_look(world, docket, respondent)["due_at"])
    world.recorder.fact("改正期限", "to be corrected by", due_at.isoformat())
    assert abs(due_at - world.now() - timedelta(days=days)) < timedelta(minutes=10)


def _look(world: World, docket: Docket, respondent: str) -> dict[str, Any]:
    return world.desk.get("inspector", f"{CASES}/{docket.cases[respondent]['case_id']}")
