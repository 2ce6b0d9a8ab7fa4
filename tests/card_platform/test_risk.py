"""Risk on the platform: events once only, detection, cases, appeals, credit file, emergencies."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from card_platform.installation import Installation
from card_platform.oversight.risk.stream import store
from card_platform.oversight.risk.stream.taps import TapsTaken
from card_platform.oversight.risk.stream.watch import Watch
from card_platform.settings import Settings
from tests.card_platform.city import City, resident
from tests.card_platform.signing_in import open_account, sign_in, sign_in_by_card
from tests.card_platform.test_clock import advance, now_of

DAY_S = 86_400
SEED = 20_261_123


def _event(number: int, kind: str, at: datetime, **told: Any) -> dict[str, Any]:
    moment = at.replace(microsecond=0).isoformat()
    event = {"id": f"X{number:09d}", "kind": kind, "at": moment, "received_at": moment}
    return event | {"region": "CQ"} | told


def _send(city: City, events: list[dict[str, Any]], caller: str = "department") -> Any:
    lines = "\n".join(json.dumps(each) for each in events)
    return city.post("/v1/risk/events", {"lines": lines}, caller)


def _detect(city: City) -> None:
    assert advance(city, 1) == 200


def _photos(city: City, card: str, first: int = 0) -> list[dict[str, Any]]:
    """Checks at hotels, the holder's face once and another's twice."""
    now = now_of(city)
    return [
        _event(
            first + place,
            "identity.check",
            now - timedelta(days=days),
            card=card,
            face="physical",
            device=f"hotel-{place}",
            detail={"purpose": "hotel", "photo_match": match, "outcome": "ok"},
        )
        for place, (days, match) in enumerate(((9, 93), (6, 41), (2, 38)))
    ]


def _lent(city: City, sequence: int = 1) -> tuple[str, dict[str, Any]]:
    """A holder whose card is found lent, and the case."""
    granted = city.apply(sequence)
    assert _send(city, _photos(city, granted["card_number"], sequence * 100)).json()["taken"] == 3
    _detect(city)
    own = city.get(f"/v1/cards/{granted['card_id']}/risk-cases", "clerk").json()["cases"]
    assert len(own) == 1
    return granted["card_id"], own[0]


def _step(city: City, case: dict[str, Any], step: str, body: Any, caller: str) -> Any:
    return city.post(f"/v1/risk/cases/{case['case_id']}/{step}", body, caller)


def test_lending_is_found_from_events_and_a_case_is_worked_to_its_end(city: City) -> None:
    card_id, own = _lent(city)
    assert (own["typology"], own["state"], own["notice"]) == ("card-lent", "opened", None)
    alerts = city.get("/v1/risk/alerts?typology=card-lent", "auditor").json()["alerts"]
    assert [(each["subject"], each["cards"]) for each in alerts] == [(card_id, [card_id])]
    told = city.get(f"/v1/risk/alerts/{alerts[0]['id']}", "inspector").json()
    assert [each["detail"].get("photo_match") for each in told["events"]] == [41, 38]
    reads = city.get(f"/v1/cards/{card_id}/access-log", "clerk").json()["reads"]
    looks = [each for each in reads if each["reference"] == alerts[0]["id"]]
    assert [(each["by"], each["basis"], each["refusal"]) for each in looks] == [
        ("inspector", "oversight", None)
    ]
    case = city.get(f"/v1/risk/cases/{own['case_id']}", "inspector").json()
    assert case["alert_id"] == alerts[0]["id"]

    early = _step(city, case, "decision", {"action": "confirm", "text": "x"}, "inspector")
    assert (early.status_code, early.json()["code"]) == (409, "risk-case-state-forbids")
    assert _step(city, case, "assignment", {"to": "inspector"}, "supervisor").status_code == 200
    decided = _step(city, case, "decision", {"action": "confirm", "text": "出借"}, "inspector")
    assert decided.json()["state"] == "confirmed"
    entries = city.get(f"/v1/cards/{card_id}/credit-file", "clerk").json()["entries"]
    assert [(each["conduct"], each["state"]) for each in entries] == [("card-lent", "entered")]
    kept = datetime.fromisoformat(entries[0]["expires_at"]) - now_of(city)
    assert timedelta(days=3 * 365) < kept < timedelta(days=5 * 366)

    at = f"/v1/cards/{card_id}/risk-cases/{own['case_id']}/appeal"
    assert city.post(at, {"text": "不是我"}, "clerk").json()["state"] == "appealed"
    same = _step(city, case, "appeal-decision", {"action": "uphold", "text": "x"}, "inspector")
    assert (same.status_code, same.json()["code"]) == (403, "appeal-decided-by-another")
    entries = city.get(f"/v1/cards/{card_id}/credit-file", "clerk").json()["entries"]
    assert [each["state"] for each in entries] == ["contested"]
    undone = _step(city, case, "appeal-decision", {"action": "overturn", "text": "x"}, "supervisor")
    assert undone.json()["state"] == "overturned"
    assert city.get(f"/v1/cards/{card_id}/credit-file", "clerk").json()["entries"] == []


def test_an_entry_expires_and_an_appeal_has_its_deadline(city: City) -> None:
    card_id, own = _lent(city)
    _step(city, own, "assignment", {"to": "inspector"}, "inspector")
    _step(city, own, "decision", {"action": "confirm", "text": "出借"}, "inspector")
    assert advance(city, 61 * DAY_S) == 200
    at = f"/v1/cards/{card_id}/risk-cases/{own['case_id']}/appeal"
    late = city.post(at, {"text": "不是我"}, "clerk")
    assert (late.status_code, late.json()["code"]) == (409, "risk-case-state-forbids")
    case = city.get(f"/v1/risk/cases/{own['case_id']}", "auditor").json()
    assert case["state"] == "final"
    assert len(city.get(f"/v1/cards/{card_id}/credit-file", "clerk").json()["entries"]) == 1
    assert advance(city, 5 * 366 * DAY_S) == 200
    assert city.get(f"/v1/cards/{card_id}/credit-file", "clerk").json()["entries"] == []


def test_the_card_is_frozen_for_a_case_and_a_dismissed_case_enters_nothing(city: City) -> None:
    card_id, chip = city.active_card(1)
    granted = {"card_number": city.get(f"/v1/cards/{card_id}", "clerk").json()["card_number"]}
    _send(city, _photos(city, granted["card_number"]))
    _detect(city)
    (own,) = city.get(f"/v1/cards/{card_id}/risk-cases", "clerk").json()["cases"]
    ground = {"ground": "used-by-another"}
    assert _step(city, own, "freeze", ground, "inspector").status_code == 403
    wrong = _step(city, own, "freeze", {"ground": "weather"}, "supervisor")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "freeze-ground-refused")
    frozen = _step(city, own, "freeze", ground, "supervisor")
    assert frozen.json()["is_frozen_for_it"], frozen.text
    assert city.get(f"/v1/cards/{card_id}", "clerk").json()["state"] == "frozen"
    _step(city, own, "assignment", {"to": "inspector"}, "inspector")
    ended = _step(city, own, "decision", {"action": "dismiss", "text": "代办"}, "inspector")
    assert not ended.json()["is_frozen_for_it"]
    assert ended.json()["frozen_by"] == "supervisor"
    assert city.get(f"/v1/cards/{card_id}", "clerk").json()["state"] == "active"
    again = _step(city, own, "freeze", ground, "supervisor")
    assert (again.status_code, again.json()["code"]) == (409, "risk-case-state-forbids")
    assert city.get(f"/v1/cards/{card_id}/credit-file", "clerk").json()["entries"] == []
    # The holder sees the own case and file with the card, and nobody else's.
    holder = sign_in_by_card(city, chip)["token"]
    seen = city.get(f"/v1/cards/{card_id}/risk-cases", holder).json()["cases"]
    assert seen[0]["state"] == "dismissed"
    assert "facts" not in seen[0]
    assert city.get(f"/v1/cards/{card_id}/credit-file", holder).status_code == 200
    other, _ = city.active_card(2)
    assert city.get(f"/v1/cards/{other}/credit-file", holder).status_code == 403


def _opened(city: City, card_id: str, typology: str) -> dict[str, Any]:
    """A case the inspector opens by hand, assigned to the supervisor's desk by nobody yet."""
    asked = {"typology": typology, "card_id": card_id, "facts": "举报（虚构）"}
    answer = city.post("/v1/risk/cases", asked, "inspector")
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case


def test_who_opened_or_froze_does_not_decide_and_who_was_assigned_does(city: City) -> None:
    card_id, own = _lent(city)
    by_hand = _opened(city, card_id, "card-lent")
    assert by_hand["opened_by"] == "inspector"
    decision = {"action": "confirm", "text": "出借"}
    for case, to, code in (
        (by_hand, "inspector", "risk-case-decided-by-another"),
        (own, "li.na", "risk-case-of-another"),
    ):
        _step(city, case, "assignment", {"to": to}, "supervisor")
        refused = _step(city, case, "decision", decision, "inspector")
        assert (refused.status_code, refused.json()["code"]) == (403, code)


def test_a_freeze_is_for_its_case_while_it_lasts_and_who_froze_decides_no_appeal(
    city: City,
) -> None:
    card_id, _ = city.active_card(1)
    number = city.get(f"/v1/cards/{card_id}", "clerk").json()["card_number"]
    _send(city, _photos(city, number))
    _detect(city)
    (own,) = city.get(f"/v1/cards/{card_id}/risk-cases", "clerk").json()["cases"]
    ground = {"ground": "used-by-another"}
    assert _step(city, own, "freeze", ground, "supervisor").status_code == 200
    listed = city.get("/v1/risk/cases?frozen=true", "auditor").json()["cases"]
    assert [each["case_id"] for each in listed] == [own["case_id"]]
    _step(city, own, "assignment", {"to": "inspector"}, "supervisor")
    _step(city, own, "decision", {"action": "confirm", "text": "出借"}, "inspector")
    at = f"/v1/cards/{card_id}/risk-cases/{own['case_id']}/appeal"
    assert city.post(at, {"text": "不是我"}, "clerk").status_code == 200
    same = _step(city, own, "appeal-decision", {"action": "overturn", "text": "x"}, "supervisor")
    assert (same.status_code, same.json()["code"]) == (403, "appeal-decided-by-another")
    left = city.get("/v1/risk/cases?frozen=true&state=appealed", "auditor").json()["cases"]
    assert len(left) == 1
    lifted = city.post(f"/v1/cards/{card_id}/freeze-lift", {"decision": "解除"}, "supervisor")
    assert lifted.json()["state"] == "active"
    assert not city.get(f"/v1/risk/cases/{own['case_id']}", "auditor").json()["is_frozen_for_it"]
    assert city.get("/v1/risk/cases?frozen=true", "auditor").json()["cases"] == []


def test_a_holder_who_was_wronged_gets_no_entry(city: City) -> None:
    now = now_of(city)
    card_id, _ = city.active_card(1)
    number = city.get(f"/v1/cards/{card_id}", "clerk").json()["card_number"]
    events = [
        _event(
            place,
            "transit.tap",
            now - timedelta(minutes=50 - 5 * place),
            card=number,
            device=f"bus-{place}",
            amount_fen=200,
            detail={"counter": counter, "tac": f"aabbcc{place:02d}", "balance_fen": 5_000},
        )
        for place, counter in enumerate((7, 7, 8, 8))
    ]
    assert _send(city, events).json()["refused"] == []
    _detect(city)
    (own,) = city.get(f"/v1/cards/{card_id}/risk-cases", "clerk").json()["cases"]
    assert own["typology"] == "cloned-purse"
    _step(city, own, "assignment", {"to": "inspector"}, "supervisor")
    decision = {"action": "confirm", "text": "x"}
    refused = _step(city, own, "decision", decision, "inspector")
    assert (refused.status_code, refused.json()["code"]) == (409, "risk-case-holder-wronged")
    ended = _step(city, own, "decision", decision | {"action": "blame_another"}, "inspector")
    assert ended.json()["state"] == "another_answers"
    assert ended.json()["appeal_until"] is None
    assert city.get(f"/v1/cards/{card_id}/credit-file", "clerk").json()["entries"] == []
    (seen,) = city.get(f"/v1/cards/{card_id}/risk-cases", "clerk").json()["cases"]
    assert "不记入诚信档案" in seen["notice"]


def test_a_case_about_nobody_here_is_closed_as_anothers_doing(city: City) -> None:
    told = {"device": "gate", "detail": {"outcome": "certificate-wrong"}}
    _send(city, [_event(1, "card.authentication", now_of(city), card="F1", **told)], "operator")
    _detect(city)
    assert advance(city, DAY_S) == 200
    (case,) = city.get("/v1/risk/cases?state=opened", "inspector").json()["cases"]
    assert case["card_id"] is None
    _step(city, case, "assignment", {"to": "inspector"}, "supervisor")
    decision = {"action": "confirm", "text": "伪造卡"}
    refused = _step(city, case, "decision", decision, "inspector")
    assert (refused.status_code, refused.json()["code"]) == (409, "risk-case-without-holder")
    ended = _step(city, case, "decision", decision | {"action": "blame_another"}, "inspector")
    assert ended.json()["state"] == "another_answers"


def test_a_case_and_an_appeal_nobody_decides_in_time_are_overdue(city: City) -> None:
    card_id, own = _lent(city)

    def overdue() -> list[str]:
        cases = city.get("/v1/risk/cases?overdue=true", "auditor").json()["cases"]
        return [each["state"] for each in cases]

    assert city.get(f"/v1/risk/cases/{own['case_id']}", "auditor").json()["due_at"] is not None
    assert advance(city, 59 * DAY_S) == 200
    assert overdue() == []
    assert advance(city, 2 * DAY_S) == 200
    assert overdue() == ["opened"]
    _step(city, own, "assignment", {"to": "inspector"}, "inspector")
    assert overdue() == ["in_hand"]
    _step(city, own, "decision", {"action": "confirm", "text": "出借"}, "inspector")
    assert overdue() == []
    at = f"/v1/cards/{card_id}/risk-cases/{own['case_id']}/appeal"
    assert city.post(at, {"text": "不是我"}, "clerk").status_code == 200
    assert advance(city, 21 * DAY_S) == 200
    assert overdue() == ["appealed"]


def test_a_credit_file_is_read_with_a_legal_ground_only_and_each_look_is_logged(city: City) -> None:
    card_id, own = _lent(city)
    number = city.get(f"/v1/cards/{card_id}", "clerk").json()["card_number"]
    asked = {"card_number": number, "purpose": "信用归集"}
    working = city.post("/v1/credit-file-queries", asked, "inspector")
    assert (working.status_code, working.json()["entries"]) == (200, [])
    _step(city, own, "assignment", {"to": "inspector"}, "inspector")
    _step(city, own, "decision", {"action": "confirm", "text": "出借"}, "inspector")
    assert len(city.post("/v1/credit-file-queries", asked, "department").json()["entries"]) == 1
    for caller, purpose in (("inspector", "信用归集"), ("department", "广告推送")):
        refused = city.post("/v1/credit-file-queries", asked | {"purpose": purpose}, caller)
        assert (refused.status_code, refused.json()["code"]) == (403, "credit-file-without-ground")
    unknown = city.post("/v1/credit-file-queries", asked | {"card_number": "X"}, "department")
    assert unknown.json()["code"] == "credit-file-without-ground"
    assert city.post("/v1/credit-file-queries", asked, "clerk").status_code == 403
    reads = city.get(f"/v1/cards/{card_id}/access-log", "clerk").json()["reads"]
    of_file = [each for each in reads if "credit_file" in each["items"]]
    assert sorted(str(each["refusal"]) for each in of_file) == [
        "None",
        "None",
        "credit-file-without-ground",
        "credit-file-without-ground",
    ]


def test_events_are_taken_once_and_each_faulty_line_is_told(city: City) -> None:
    now = now_of(city)
    good = _event(1, "transit.tap", now, card="SC1", detail={"tac": "aabbccdd", "counter": 7})
    assert _send(city, [good]).json() == {"taken": 1, "known": 0, "refused": []}
    other = good | {"amount_fen": 3}
    future = _event(2, "transit.tap", now + timedelta(days=1))
    lines = [json.dumps(good), json.dumps(other), "{", json.dumps(future), json.dumps({"id": "x"})]
    for _ in range(2):
        answer = city.post("/v1/risk/events", {"lines": "\n".join(lines)}, "operator").json()
        assert (answer["taken"], answer["known"]) == (0, 1)
        assert [each["line"] for each in answer["refused"]] == [2, 3, 4, 5]
        assert all(each["problem_zh"] and each["problem_en"] for each in answer["refused"])
        _detect(city)  # placed in the fold, an event is still known
    assert _send(city, [good] * 5_001).json()["code"] == "risk-lines"
    assert _send(city, [good], "clerk").status_code == 403


def test_rules_are_switched_on_after_a_back_test_only(city: City) -> None:
    _lent(city)
    asked = {"numbers": [{"name": "card-lent.raise_percent", "value": 99}], "reason": "误报多"}
    none = asked | {"numbers": [{"name": "merchant-cash-out.round_fen", "value": 0}]}
    refused = city.post("/v1/risk/rule-versions", none, "supervisor")
    assert (refused.status_code, refused.json()["code"]) == (422, "rule-number-out-of-bounds")
    assert "1 to 1000000000 fen" in refused.json()["detail_en"]
    wrong = asked | {"numbers": [{"name": "card-lent.nothing", "value": 1}]}
    refused = city.post("/v1/risk/rule-versions", wrong, "supervisor")
    assert (refused.status_code, refused.json()["code"]) == (422, "rule-number-unknown")
    version = city.post("/v1/risk/rule-versions", asked, "inspector").json()["version"]
    at = f"/v1/risk/rule-versions/{version}"
    early = city.post(f"{at}/switching-on", {}, "supervisor")
    assert (early.status_code, early.json()["code"]) == (409, "rule-version-state-forbids")
    tested = city.post(f"{at}/back-test", {}, "supervisor").json()["back_test"]
    assert (tested["alerts"], tested["alerts_in_force"]) == ({}, {"card-lent": 1})
    assert len(tested["only_in_force"]) == 1
    assert city.post(f"{at}/switching-on", {}, "inspector").status_code == 403
    assert city.post(f"{at}/switching-on", {}, "supervisor").json()["state"] == "in_force"
    rules = city.get("/v1/risk/rules", "auditor").json()
    assert rules["version"] == version
    held = {each["name"]: each["value"] for each in rules["numbers"]}
    assert held["card-lent.raise_percent"] == 99
    granted = city.apply(2)
    _send(city, _photos(city, granted["card_number"], 200))
    _detect(city)
    assert city.get(f"/v1/cards/{granted['card_id']}/risk-cases", "clerk").json()["cases"] == []
    listed = city.get("/v1/risk/rule-versions", "auditor").json()["versions"]
    assert [(each["version"], each["state"]) for each in listed] == [(version, "in_force")]
    # A version that finds what the one before it did not see tells it, and the rest once only.
    back = {"numbers": [{"name": "budget.least_a_day", "value": 12}], "reason": "漏报"}
    version = city.post("/v1/risk/rule-versions", back, "inspector").json()["version"]
    at = f"/v1/risk/rule-versions/{version}"
    told = city.post(f"{at}/back-test", {}, "supervisor").json()["back_test"]
    assert told["alerts"] == {"card-lent": 2}
    assert city.post(f"{at}/switching-on", {}, "supervisor").status_code == 200
    third = city.apply(3)
    _send(city, _photos(city, third["card_number"], 300))
    _detect(city)
    for card_id in (granted["card_id"], third["card_id"]):
        (case,) = city.get(f"/v1/cards/{card_id}/risk-cases", "clerk").json()["cases"]
        assert case["typology"] == "card-lent"
    found = city.get("/v1/risk/alerts?typology=card-lent", "auditor").json()["alerts"]
    assert sorted(each["version"] for each in found) == [1, version, version]
    assert city.post("/v1/risk/rule-versions/9/withdrawal", {}, "supervisor").status_code == 404


def test_a_back_test_is_of_events_and_of_the_rules_that_are_in_force(city: City) -> None:
    numbers = [{"name": "card-lent.raise_percent", "value": 99}]
    body = {"numbers": numbers, "reason": "误报多"}
    first, second = (
        city.post("/v1/risk/rule-versions", body, caller).json()["version"]
        for caller in ("inspector", "supervisor")
    )
    at = f"/v1/risk/rule-versions/{first}"
    empty = city.post(f"{at}/back-test", {}, "supervisor")
    assert (empty.status_code, empty.json()["code"]) == (409, "back-test-without-events")
    _lent(city)
    for version in (first, second):
        told = city.post(f"/v1/risk/rule-versions/{version}/back-test", {}, "supervisor")
        assert told.json()["back_test"]["version_in_force"] == 1
    own = city.post(f"/v1/risk/rule-versions/{second}/switching-on", {}, "supervisor")
    assert (own.status_code, own.json()["code"]) == (403, "rule-version-switched-on-by-another")
    third = city.post("/v1/risk/rule-versions", body, "inspector").json()["version"]
    city.post(f"/v1/risk/rule-versions/{third}/back-test", {}, "supervisor")
    assert city.post(f"{at}/switching-on", {}, "supervisor").status_code == 200
    stale = city.post(f"/v1/risk/rule-versions/{third}/switching-on", {}, "supervisor")
    assert (stale.status_code, stale.json()["code"]) == (409, "back-test-stale")
    city.post(f"/v1/risk/rule-versions/{third}/back-test", {}, "supervisor")
    assert (
        city.post(f"/v1/risk/rule-versions/{third}/switching-on", {}, "supervisor").status_code
        == 200
    )


def test_many_alerts_of_a_kind_raise_an_alarm_that_is_worked_through(city: City) -> None:
    now = now_of(city)
    events = [
        _event(
            number,
            "card.authentication",
            now - timedelta(hours=1),
            card=f"F{number // 2}",
            device=f"gate-{number}",
            detail={"outcome": "certificate-wrong"},
        )
        for number in range(6)
    ]
    _send(city, events, "operator")
    _detect(city)
    (raised,) = city.get("/v1/emergencies", "auditor").json()["emergencies"]
    assert (raised["kind"], raised["state"]) == ("forged-card", "alarmed")
    at = f"/v1/emergencies/{raised['emergency_id']}/steps"
    early = city.post(at, {"action": "restore", "done": "x"}, "supervisor")
    assert (early.status_code, early.json()["code"]) == (409, "emergency-state-forbids")
    assert city.post(at, {"action": "assess", "done": "x"}, "clerk").status_code == 403
    for action in ("assess", "contain", "restore", "review"):
        answer = city.post(at, {"action": action, "done": f"已{action}"}, "operator")
        assert answer.status_code == 200, answer.text
    ended = city.get(f"/v1/emergencies/{raised['emergency_id']}", "inspector").json()
    assert ended["state"] == "closed"
    assert [each["action"] for each in ended["steps"]] == [
        "raise",
        "assess",
        "contain",
        "restore",
        "review",
    ]
    more = _event(9, "card.authentication", now, card="F9", device="gate-9")
    _send(city, [more | {"detail": {"outcome": "certificate-wrong"}}], "operator")
    _detect(city)
    assert len(city.get("/v1/emergencies", "auditor").json()["emergencies"]) == 1
    by_hand = {"kind": "data-leak", "reason": "演练"}
    assert city.post("/v1/emergencies", by_hand, "operator").status_code == 201
    twice = city.post("/v1/emergencies", by_hand, "supervisor")
    assert (twice.status_code, twice.json()["code"]) == (409, "emergency-open")


def test_a_weak_signal_waits_for_the_ranking_of_its_day_even_if_nothing_else_comes(
    city: City,
) -> None:
    failed = _event(
        1,
        "card.authentication",
        now_of(city),
        card="F1",
        device="gate",
        detail={"outcome": "number-unknown"},
    )
    _send(city, [failed], "operator")
    _detect(city)
    assert city.get("/v1/risk/alerts", "auditor").json()["alerts"] == []
    assert advance(city, DAY_S) == 200
    (alert,) = city.get("/v1/risk/alerts", "auditor").json()["alerts"]
    assert (alert["typology"], alert["score"]) == ("forged-card", 0.58)
    assert advance(city, DAY_S) == 200
    assert len(city.get("/v1/risk/alerts", "auditor").json()["alerts"]) == 1


def test_a_confirmed_case_against_a_merchant_becomes_a_case_of_accountability(city: City) -> None:
    now = now_of(city)
    events = [
        _event(
            number,
            "purchase",
            now - timedelta(hours=20 - number),
            card=f"S{number}",
            person=f"P{number}",
            institution="某超市（虚构）",
            amount_fen=100_000,
            detail={"category": "grocery"},
        )
        for number in range(8)
    ]
    _send(city, events, "operator")
    _detect(city)
    (case,) = city.get("/v1/risk/cases?state=opened", "inspector").json()["cases"]
    assert (case["typology"], case["subject"]) == ("merchant-cash-out", "某超市（虚构）")
    none = _step(city, case, "freeze", {"ground": "used-by-another"}, "supervisor")
    assert (none.status_code, none.json()["code"]) == (409, "risk-case-without-card")
    _step(city, case, "assignment", {"to": "inspector"}, "inspector")
    decided = _step(city, case, "decision", {"action": "confirm", "text": "套现"}, "inspector")
    referred = decided.json()["referred_to"]
    against = city.get(f"/v1/accountability/cases/{referred}", "inspector").json()
    assert (against["kind"], against["respondent"]) == ("benefit-extracted", "某超市（虚构）")


def test_the_platforms_own_use_cases_are_seen(city: City, installation: Installation) -> None:
    card_id, chip = city.active_card(1)
    counter = city.enrol("counter", None)
    city.load(chip, counter, 5_000)
    gate, first, second = city.enrol(), city.enrol(station="0205"), city.enrol(station="0205")
    entry = chip.tap(gate.number, "entry", "0201")
    assert city.post("/v1/transit/taps", entry, gate.token).status_code == 201
    assert city.post("/v1/transit/taps", entry, gate.token).status_code == 409
    copied = copy.deepcopy(chip)
    for one, at, clock in ((chip, first, "101500"), (copied, second, "101800")):
        ended = one.tap(at.number, "exit", "0205", "0201", amount_fen=200, time=clock)
        taken = city.post("/v1/transit/taps", ended, at.token)
        assert taken.status_code == (201 if one is chip else 409), taken.text
    refusal = {
        "application_serial": chip.serial,
        "reason": "card-not-genuine",
        "station": "0205",
        "at": now_of(city).isoformat(),
        "revocation_list_version": 0,
    }
    assert city.post("/v1/transit/refusals", refusal, gate.token).status_code == 201
    loss = {"kind": "formal"}
    assert city.post(f"/v1/cards/{card_id}/loss-report", loss, "clerk").status_code == 200
    watch = Watch("CQ", (), TapsTaken(-1.0))
    base = installation.database
    while base.write_now(lambda tx: watch.look(tx, installation.clock.now())):
        pass
    kept = base.read_now(lambda tx: store.folded(tx, 0, 1_000, 1_000))
    kinds = [json.loads(body)["kind"] for _, body in kept if body.startswith("{")]
    seen = {"card.issued", "purse.load", "transit.tap", "card.authentication", "card.lost"}
    assert seen <= set(kinds)
    people = {json.loads(body).get("person") for _, body in kept if body.startswith("{")}
    assert len(people) == 1
    assert resident(1) not in str(kept)
    found = city.get("/v1/risk/alerts", "auditor").json()["alerts"]
    assert [(each["typology"], each["subject"]) for each in found] == [("cloned-purse", card_id)]


@pytest.mark.parametrize("restart_after", [1, 3])
def test_a_watch_that_starts_again_doubles_and_loses_no_alert(
    city: City, installation: Installation, restart_after: int
) -> None:
    numbers = [city.apply(sequence)["card_number"] for sequence in (1, 2, 3)]
    base, clock = installation.database, installation.clock
    watch = Watch("CQ", ())
    for place, number in enumerate(numbers):
        photos = _photos(city, number, place * 100)
        for part in photos[:2], photos[2:]:
            _send(city, part)
            if place + 1 >= restart_after:
                watch = Watch("CQ", ())
            base.write_now(lambda tx: watch.look(tx, clock.now()))  # noqa: B023 - done at once
    found = city.get("/v1/risk/alerts", "auditor").json()["alerts"]
    assert sorted(each["typology"] for each in found) == ["card-lent"] * 3
    assert len({each["subject"] for each in found}) == 3


def test_a_watch_that_is_killed_doubles_and_loses_no_alert(city: City, settings: Settings) -> None:
    print(f"seed {SEED}")
    chosen = random.Random(SEED)
    now = now_of(city) - timedelta(days=2)
    events = [
        _event(
            2 * number + twice,
            "transit.tap",
            now + timedelta(seconds=60 * number + twice),
            card=f"K{number % 400}",
            device=f"bus-{number + twice}",
            detail={"tac": f"{number:08x}", "counter": number},
        )
        for number in range(800)
        for twice in range(2 if number % 100 == 7 else 1)
    ]
    assert _send(city, events).json()["taken"] == 808
    words = [str(settings.data), settings.database_url or ""]
    command = [sys.executable, "-m", "tests.card_platform.risk_worker", *words]
    for kills in range(4):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "begun\n"
            if kills < 3:
                time.sleep(chosen.random() * 0.1)
                worker.kill()
            else:
                assert worker.stdout.readline() == "done\n"
    found = city.get("/v1/risk/alerts?limit=200", "auditor").json()["alerts"]
    replayed = [each["subject"] for each in found if each["typology"] == "tap-replayed"]
    assert sorted(replayed) == ["K107", "K207", "K307", "K7"]  # each once within its days
    cases = city.get("/v1/risk/cases?limit=200", "auditor").json()["cases"]
    assert sorted(each["alert_id"] for each in cases) == sorted(each["id"] for each in found)


def test_a_second_person_decides_an_appeal_by_name(city: City) -> None:
    card_id, own = _lent(city)
    names = {}
    for name in ("li.na", "zhao.lei"):
        opened = open_account(city, name, "inspector")
        names[name] = sign_in(city, name, opened["first_password"])["token"]
    _step(city, own, "assignment", {"to": "li.na"}, names["li.na"])
    _step(city, own, "decision", {"action": "confirm", "text": "出借"}, names["li.na"])
    at = f"/v1/cards/{card_id}/risk-cases/{own['case_id']}/appeal"
    city.post(at, {"text": "不是我"}, "clerk")
    decision = {"action": "uphold", "text": "属实"}
    assert _step(city, own, "appeal-decision", decision, names["li.na"]).status_code == 403
    upheld = _step(city, own, "appeal-decision", decision, names["zhao.lei"])
    assert upheld.json()["state"] == "upheld", upheld.text
    entries = city.get(f"/v1/cards/{card_id}/credit-file", "clerk").json()["entries"]
    assert [each["state"] for each in entries] == ["entered"]
