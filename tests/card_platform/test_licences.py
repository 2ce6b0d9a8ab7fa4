"""E-licences: issued, linked, checked, asked for on paper, written on cards, removed."""

from __future__ import annotations

from typing import Any

import pytest

from card_platform.services.licences import model
from card_platform.services.licences.refusals import LicenceStateForbids
from tests.card_platform.city import City, resident

DAY_S = 86_400


def licence(sequence: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "disability",
        "number": f"{resident(sequence)}43",
        "issuer": "测试区残疾人联合会",
        "holder_document": resident(sequence),
        "holder_name": "测试甲",
        "valid_from": "2020-01-01",
        "valid_until": "2099-12-31",
        "level": 2,
    } | changed


def issue(city: City, **changed: Any) -> str:
    answer = city.post("/v1/licences", licence(**changed), "department")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["licence_id"])


def linked(city: City, card_id: str, **changed: Any) -> str:
    licence_id = issue(city, **changed)
    answer = city.post(f"/v1/licences/{licence_id}/link", {"card_number": number(city, card_id)},
                       "clerk")  # fmt: skip
    assert answer.json()["linked"], answer.text
    return licence_id


def number(city: City, card_id: str) -> str:
    return str(city.get(f"/v1/cards/{card_id}").json()["card_number"])


def show(city: City, card_id: str, name: str = "测试甲") -> str:
    body = {"purpose": "核验", "card_number": number(city, card_id), "name": name}
    return str(city.post("/v1/identity-checks", body, "clerk").json()["check_id"])


def check(city: City, card_id: str, shown_by: str, kind: str = "disability") -> Any:
    body = {
        "card_number": number(city, card_id),
        "kind": kind,
        "purpose": "残疾人补贴",
        "institution": "测试窗口",
        "shown_by": shown_by,
    }
    return city.post("/v1/licence-checks", body, "clerk")


def paper(city: City, card_id: str, kind: str = "disability") -> Any:
    body = {
        "card_number": number(city, card_id),
        "kind": kind,
        "asked": "copy",
        "matter": "残疾人补贴",
        "institution": "测试窗口",
    }
    return city.post("/v1/paper-requests", body, "clerk")


def step(city: City, licence_id: str, action: str) -> Any:
    body = {"action": action, "reason": "复核"}
    return city.post(f"/v1/licences/{licence_id}/steps", body, "department")


def test_a_step_the_table_has_not_is_refused() -> None:
    for state, allowed in model.LICENCE_LIFE.items():
        for action in model.LicenceAction:
            if action in allowed:
                assert model.next_state(state, action) is allowed[action]
            else:
                with pytest.raises(LicenceStateForbids):
                    model.next_state(state, action)


def test_a_linked_licence_answers_while_it_is_in_force(city: City) -> None:
    card_id, _ = city.active_card()
    shown = show(city, card_id)
    assert check(city, card_id, shown).json()["reason"] == "licence-not-held"
    licence_id = linked(city, card_id)
    told = check(city, card_id, shown).json()
    assert told["held"]
    assert told["licence"]["level"] == 2
    assert told["licence"]["number"].startswith("50****")
    assert told["concessions"] == [
        {"place": "entry", "reduction_percent": 100},
        {"place": "counter", "reduction_percent": 50},
    ]
    for action, reason in (
        ("suspend", "licence-suspended"),
        ("resume", None),
        ("withdraw", "licence-withdrawn"),
    ):
        assert step(city, licence_id, action).status_code == 200
        assert check(city, card_id, shown).json()["reason"] == reason
    assert step(city, licence_id, "resume").json()["code"] == "licence-state-forbids"
    history = city.get(f"/v1/licences/{licence_id}", "inspector").json()
    steps = [each["action"] for each in history["changes"]]
    assert steps == ["withdraw", "resume", "suspend", "link", "issue"]


def test_a_licence_answers_from_its_first_day_to_its_last(city: City) -> None:
    today = str(city.get("/v1/clock").json()["now"])[:10]
    card_id, _ = city.active_card()
    linked(city, card_id, valid_from=today, valid_until=today)
    assert check(city, card_id, show(city, card_id)).json()["held"]
    city.post("/v1/clock", {"advance_s": DAY_S}, "trainer")
    assert check(city, card_id, show(city, card_id)).json()["reason"] == "licence-expired"
    linked(city, card_id, kind="driving", level=None, subject="C1", valid_from="2090-01-01")
    told = check(city, card_id, show(city, card_id), "driving").json()
    assert told["reason"] == "licence-not-yet-valid"


def test_nobody_looks_at_licences_of_a_holder_who_has_not_shown_who_they_are(city: City) -> None:
    card_id, _ = city.active_card()
    other_id, _ = city.active_card(2)
    linked(city, card_id)
    wrong_name = show(city, card_id, "测试乙")
    for shown_by in ("check-none", wrong_name, show(city, other_id)):
        refused = check(city, card_id, shown_by)
        assert (refused.status_code, refused.json()["code"]) == (403, "identity-not-shown")
    fresh = show(city, card_id)
    assert check(city, card_id, fresh).json()["held"]
    city.post("/v1/clock", {"advance_s": 3600}, "trainer")
    assert check(city, card_id, fresh).status_code == 403
    log = city.get(f"/v1/cards/{card_id}/access-log", "clerk").json()["reads"]
    reads = [each for each in log if each["items"] == "licence:disability"]
    assert [each["refusal"] for each in reads] == ["identity-not-shown", None] + 3 * [
        "identity-not-shown"
    ]
    assert reads[1]["reference"] == fresh
    assert {each["institution"] for each in reads} == {"测试窗口"}


def test_a_lost_card_opens_no_licence(city: City) -> None:
    card_id, _ = city.active_card()
    linked(city, card_id)
    shown = show(city, card_id)
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    assert check(city, card_id, shown).json()["reason"] == "card-is-not-active"


def test_licences_are_refused_to_others_and_with_wrong_data(city: City) -> None:
    card_id, _ = city.active_card()
    other_id, _ = city.active_card(2)
    licence_id = linked(city, card_id)
    wrong = city.post(
        f"/v1/licences/{licence_id}/link", {"card_number": number(city, other_id)}, "clerk"
    )
    assert wrong.json()["code"] == "licence-is-anothers"
    again = city.post("/v1/licences", licence(), "department")
    assert again.json()["code"] == "licence-already-issued"
    for changed in ({"level": 5}, {"level": None}, {"kind": "driving"},
                    {"valid_until": "2019-12-31"}):  # fmt: skip
        faulty = licence(**({"number": "1"} | changed))
        assert city.post("/v1/licences", faulty, "department").json()["code"] == (
            "licence-data-wrong"
        )
    assert city.post("/v1/licences", licence(number="2"), "clerk").status_code == 403
    assert step(city, "licence-none", "suspend").status_code == 404
    unlinking = f"/v1/licences/{licence_id}/unlinking"
    body = {"document_number": resident(2)}
    assert city.post(unlinking, body, "clerk").status_code == 422
    body = {"document_number": resident(1)}
    assert not city.post(unlinking, body, "clerk").json()["linked"]
    assert check(city, card_id, show(city, card_id)).json()["reason"] == "licence-not-held"


def test_paper_is_refused_where_the_licence_answers_and_becomes_a_case(city: City) -> None:
    card_id, _ = city.active_card()
    allowed = paper(city, card_id)
    assert (allowed.status_code, allowed.json()["reason"]) == (201, "licence-not-held")
    licence_id = linked(city, card_id)
    key = "paper-once"
    body = {
        "card_number": number(city, card_id),
        "kind": "disability",
        "asked": "original",
        "matter": "残疾人补贴",
        "institution": "测试窗口",
    }
    refused = [city.post("/v1/paper-requests", body, "clerk", key) for _ in range(2)]
    assert {(each.status_code, each.json()["code"]) for each in refused} == {
        (409, "paper-not-needed")
    }
    (request,) = city.get("/v1/paper-requests", "inspector").json()["requests"]
    assert (request["asked"], request["by"], request["case_id"]) == ("original", "clerk", None)
    path = f"/v1/paper-requests/{request['request_id']}/case"
    opened = city.post(path, {"respondent": "经办人王某（虚构）"}, "inspector")
    assert (opened.status_code, opened.json()["kind"]) == (201, "obstruction")
    case = city.get(f"/v1/accountability/cases/{opened.json()['case_id']}", "inspector").json()
    assert (case["against"], case["state"]) == ("staff", "opened")
    assert request["request_id"] in case["facts"]
    assert city.post(path, {"respondent": "再次"}, "inspector").status_code == 404
    step(city, licence_id, "suspend")
    assert paper(city, card_id).json()["reason"] == "licence-suspended"
    log = city.get(f"/v1/cards/{card_id}/access-log", "clerk").json()["reads"]
    assert [each["basis"] for each in log if each["items"].endswith(":held")] == 3 * ["legal-duty"]


def test_only_the_holders_card_takes_a_certificate_and_only_of_two_kinds(city: City) -> None:
    card_id, _ = city.active_card()
    other_id, _ = city.active_card(2)
    counter = city.enrol("counter", None)
    chips = {each: city.get(f"/v1/cards/{each}").json() for each in (card_id, other_id)}

    def command(licence_id: str, whose: str) -> Any:
        body = {"historical_bytes": chips[whose]["historical_bytes"], "challenge": "00" * 8}
        return city.post(f"/v1/licences/{licence_id}/card-commands", body, counter.token)

    licence_id = linked(city, card_id)
    driving = linked(city, card_id, kind="driving", level=None, number="D1")
    long_name = linked(city, card_id, kind="veteran", level=0, number="V" * 21)
    assert command(licence_id, other_id).json()["code"] == "licence-is-anothers"
    assert command(driving, card_id).json()["code"] == "licence-not-for-card"
    assert command(long_name, card_id).json()["code"] == "licence-not-for-card"

    def withdrawn() -> list[dict[str, str]]:
        told = city.get("/v1/transit/terminal-parameters", counter.token).json()
        found: list[dict[str, str]] = told["withdrawn_certificates"]
        return found

    loaded = command(licence_id, card_id).json()
    assert loaded["what"] == "load"
    assert loaded["command"].startswith("80E2000051" + "0102" + "2020010120991231" + "500000")
    assert withdrawn() == []
    step(city, licence_id, "suspend")
    serial = chips[card_id]["application_serial"]
    assert withdrawn() == [{"application_serial": serial, "kind": "disability"}]
    step(city, licence_id, "resume")
    assert withdrawn() == []
    step(city, licence_id, "withdraw")
    assert withdrawn() == [{"application_serial": serial, "kind": "disability"}]
    assert command(licence_id, card_id).json()["what"] == "end"
