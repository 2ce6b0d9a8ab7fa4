"""Loss, renewal, freeze, cancellation, functions and the data of holders through the HTTP API."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from tests.card_platform.chip import Chip
from tests.card_platform.city import City, Terminal, application, document
from tests.card_platform.medical_chip import MedicalChip

DAY_S = 86_400
SITE = "渝中区服务网点"


def state_of(city: City, card_id: str) -> tuple[str, str]:
    card = city.get(f"/v1/cards/{card_id}").json()
    return card["state"], card["electronic_card"]["state"]


def record_of(city: City, card_id: str) -> Any:
    return city.get(f"/v1/cards/{card_id}/record").json()


def revoked(city: City, gate: Terminal) -> list[str]:
    told = city.get("/v1/transit/terminal-parameters", gate.token).json()
    return list(told["revocation_list"]["application_serials"])


def do(city: City, card_id: str, what: str, body: Any, caller: str = "clerk") -> Any:
    return city.post(f"/v1/cards/{card_id}/{what}", body, caller)


def advance(city: City, seconds: int) -> None:
    assert city.post("/v1/clock", {"advance_s": seconds}, "trainer").status_code == 200


def report_loss(city: City, card_id: str, kind: str) -> None:
    assert do(city, card_id, "loss-report", {"kind": kind}).status_code == 200


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def open_money(city: City, card_id: str, action: str = "open") -> Any:
    bank = {"bank": "jialing-bank"} if action == "open" else {}
    body = {"action": action, "document": document(), **bank}
    return do(city, card_id, "financial-function", body)


def test_an_oral_report_stops_the_card_and_ends_by_itself_after_its_days(city: City) -> None:
    card_id, chip = city.active_card()
    gate = city.enrol()
    report_loss(city, card_id, "oral")
    assert state_of(city, card_id) == ("orally_lost", "suspended")
    assert revoked(city, gate) == [chip.serial]
    advance(city, 5 * DAY_S - 3600)
    assert state_of(city, card_id)[0] == "orally_lost"
    advance(city, 3601)
    assert state_of(city, card_id) == ("active", "active")
    assert revoked(city, gate) == []
    last = city.get(f"/v1/cards/{card_id}/history").json()["changes"][-1]
    assert (last["action"], last["by"]) == ("end_oral_report", "clock")
    assert record_of(city, card_id)["loss_reports"][0]["ended_at"] is not None
    report_loss(city, card_id, "oral")
    assert state_of(city, card_id)[0] == "orally_lost"


def test_a_card_is_good_to_the_end_of_its_last_day_and_expired_from_then_on(city: City) -> None:
    card_id, chip = city.active_card()
    gate = city.enrol()
    open_money(city, card_id)
    number = city.get(f"/v1/cards/{card_id}").json()["card_number"]
    check = {"purpose": "service-counter", "card_number": number, "name": "测试甲"}
    last = date.fromisoformat(chip.image["social_security"]["files"]["EF05"]["06"])
    today = datetime.fromisoformat(city.get("/v1/clock").json()["now"])
    advance(city, int((datetime.combine(last, time(23), today.tzinfo) - today).total_seconds()))
    assert state_of(city, card_id) == ("active", "active")
    assert city.post("/v1/identity-checks", check, "clerk").json()["result"] == "valid"
    advance(city, 3601)
    assert state_of(city, card_id) == ("expired", "suspended")
    refused = city.post("/v1/identity-checks", check, "clerk").json()
    assert (refused["reason"], refused["card_state"]) == ("card-is-not-active", "expired")
    assert revoked(city, gate) == [chip.serial]
    functions = record_of(city, card_id)["functions"]
    assert (functions["social_security"], functions["financial"]) == ("suspended", "suspended")
    step = city.get(f"/v1/cards/{card_id}/history").json()["changes"][-1]
    assert (step["action"], step["by"]) == ("expire", "clock")
    body = {"reason": "new-generation", "document": document(), "site": SITE}
    assert do(city, card_id, "exchange", body).status_code == 201


def test_a_lost_card_expires_once_it_is_found(city: City) -> None:
    card_id, _ = city.active_card()
    report_loss(city, card_id, "formal")
    advance(city, 11 * 366 * DAY_S)
    assert state_of(city, card_id)[0] == "lost"
    found = {"document": document(), "reason": "已找到"}
    assert do(city, card_id, "restoration", found).json()["state"] == "active"
    advance(city, 1)
    assert state_of(city, card_id)[0] == "expired"


def test_a_report_made_formal_in_time_does_not_end_by_itself(city: City) -> None:
    card_id, _ = city.active_card()
    report_loss(city, card_id, "oral")
    report_loss(city, card_id, "formal")
    advance(city, 400 * DAY_S)
    assert state_of(city, card_id) == ("lost", "suspended")
    again = do(city, card_id, "loss-report", {"kind": "oral"})
    assert code(again) == (409, "card-state-forbids")


@pytest.mark.parametrize("reason", ["new-generation", "name-changed", "unreadable"])
def test_an_exchange_supersedes_the_old_card_at_once(city: City, reason: str) -> None:
    card_id, chip = city.active_card()
    gate = city.enrol()
    open_money(city, card_id)
    body = {"reason": reason, "document": document(), "site": SITE, "new_name": "测试新"}
    granted = do(city, card_id, "exchange", body)
    assert granted.status_code == 201, granted.text
    new = granted.json()
    assert state_of(city, card_id) == ("superseded", "cancelled")
    assert state_of(city, new["card_id"]) == ("applied", "issued")
    assert revoked(city, gate) == [chip.serial]
    old = record_of(city, card_id)
    assert old["superseded_by"] == new["card_id"]
    assert (old["functions"]["financial"], old["functions"]["social_security"]) == (
        "closed",
        "closed",
    )
    assert record_of(city, new["card_id"])["supersedes"] == card_id
    city.produce(new["card_id"])
    assert do(city, new["card_id"], "activation", {"document": document()}).status_code == 200
    holder = "测试新" if reason == "name-changed" else "测试甲"
    check = {"purpose": "hotel", "card_number": new["card_number"], "name": holder}
    assert city.post("/v1/identity-checks", check, "clerk").json()["result"] == "valid"
    assert code(do(city, card_id, "exchange", body)) == (409, "card-state-forbids")


def test_what_is_no_reason_to_renew_a_card_is_refused_and_changes_nothing(city: City) -> None:
    card_id, _ = city.active_card()
    body = {"reason": "new-picture", "document": document(), "site": SITE}
    assert code(do(city, card_id, "exchange", body)) == (422, "exchange-reason-refused")
    unchanged = body | {"reason": "name-changed", "new_name": "测试甲"}
    assert code(do(city, card_id, "exchange", unchanged)) == (422, "name-has-not-changed")
    others = body | {"reason": "unreadable", "document": document(9)}
    assert code(do(city, card_id, "exchange", others)) == (422, "document-is-not-the-holders")
    replacement = {"document": document(), "site": SITE}
    assert code(do(city, card_id, "replacement", replacement)) == (409, "card-state-forbids")
    report_loss(city, card_id, "oral")
    assert code(do(city, card_id, "replacement", replacement)) == (409, "card-state-forbids")
    assert record_of(city, card_id)["superseded_by"] is None


def test_a_lost_card_is_replaced_and_not_restored_any_more(city: City) -> None:
    card_id, _ = city.active_card()
    report_loss(city, card_id, "formal")
    replacement = {"document": document(), "site": SITE, "collection_site": "江北区服务网点"}
    new = do(city, card_id, "replacement", replacement).json()["card_id"]
    restoration = {"document": document(), "reason": "找到了"}
    assert code(do(city, card_id, "restoration", restoration)) == (409, "card-state-forbids")
    city.produce(new)
    here = {"document": document(), "site": SITE}
    assert code(do(city, new, "activation", here)) == (409, "card-waits-elsewhere")
    there = here | {"site": "江北区服务网点"}
    assert do(city, new, "activation", there).status_code == 200
    handed = record_of(city, new)["hand_over"]
    assert handed["collected_at"] is not None
    assert (handed["accepted_at_site"], handed["collection_site"]) == (SITE, "江北区服务网点")
    second = city.post("/v1/applications", application(), "clerk")
    assert code(second) == (409, "person-already-holds-card")


@pytest.mark.parametrize(
    ("before", "frozen", "after"),
    [
        (None, "frozen_ready", "ready"),
        ("active", "frozen", "active"),
        ("oral", "frozen_lost", "lost"),
        ("formal", "frozen_lost", "lost"),
    ],
)
def test_a_freeze_holds_until_a_decision_and_gives_the_card_back_as_it_was(
    city: City, before: str | None, frozen: str, after: str
) -> None:
    card_id = city.apply()["card_id"]
    chip = city.produce(card_id)
    gate = city.enrol()
    if before is not None:
        do(city, card_id, "activation", {"document": document()})
        open_money(city, card_id)
    if before in {"oral", "formal"}:
        report_loss(city, card_id, before)
    assert do(city, card_id, "freeze", {"ground": "stolen"}, "supervisor").status_code == 200
    assert state_of(city, card_id) == (frozen, "frozen")
    assert revoked(city, gate) == [chip.serial]
    if before is not None:
        assert record_of(city, card_id)["functions"]["financial"] == "suspended"
    advance(city, 30 * DAY_S)
    assert state_of(city, card_id)[0] == frozen
    lift = do(city, card_id, "freeze-lift", {"decision": "核查属实，解除"}, "supervisor")
    assert lift.json()["state"] == after
    told = record_of(city, card_id)["freezes"]
    assert [(each["ground"], each["decision"]) for each in told] == [("stolen", "核查属实，解除")]


def test_only_the_agency_freezes_lifts_and_cancels(city: City) -> None:
    card_id, _ = city.active_card()
    gate = city.enrol()
    bodies = {
        "freeze": {"ground": "stolen"},
        "freeze-lift": {"decision": "解除"},
        "cancellation": {"reason": "death", "evidence": "死亡证明"},
    }
    for what, body in bodies.items():
        for caller in set(city.tokens) - {"supervisor"} | {gate.token}:
            assert code(do(city, card_id, what, body, caller)) == (403, "role-forbids")
    bored = do(city, card_id, "freeze", {"ground": "boredom"}, "supervisor")
    assert code(bored) == (422, "freeze-ground-refused")
    assert state_of(city, card_id) == ("active", "active")


@pytest.mark.parametrize("reason", ["death", "declared-death", "emigration", "end-of-entitlement"])
def test_a_cancelled_card_is_refused_everywhere_at_once_and_its_destruction_is_on_record(
    city: City, reason: str
) -> None:
    card_id, chip = city.active_card()
    gate, counter = city.enrol(), city.enrol("counter", None)
    open_money(city, card_id)
    ended = {"reason": reason, "evidence": "证明 2026-1"}
    destruction = {"method": "剪断芯片", "witness": "经办人乙"}
    too_early = do(city, card_id, "destruction", destruction)
    assert code(too_early) == (409, "card-still-in-use")
    assert do(city, card_id, "cancellation", ended, "supervisor").status_code == 200
    assert state_of(city, card_id) == ("cancelled", "cancelled")
    _is_refused_everywhere(city, card_id, chip, gate, counter)
    assert code(do(city, card_id, "cancellation", ended, "supervisor"))[0] == 409
    assert do(city, card_id, "destruction", destruction).status_code == 200
    assert code(do(city, card_id, "destruction", destruction)) == (409, "card-already-destroyed")
    told = record_of(city, card_id)
    assert (told["cancellation"]["reason"], told["destruction"]["method"]) == (reason, "剪断芯片")


def _is_refused_everywhere(
    city: City, card_id: str, chip: Chip, gate: Terminal, counter: Terminal
) -> None:
    assert revoked(city, gate) == [chip.serial]
    number = city.get(f"/v1/cards/{card_id}").json()["card_number"]
    check = {"purpose": "hotel", "card_number": number, "name": "测试甲"}
    checked = city.post("/v1/identity-checks", check, "clerk").json()
    assert (checked["result"], checked["card_state"]) == ("refused", "cancelled")
    load = city.post("/v1/transit/loads", chip.ask_load(100, counter.number), counter.token)
    assert code(load) == (409, "card-is-not-active")
    functions = record_of(city, card_id)["functions"]
    assert (functions["social_security"], functions["financial"]) == ("closed", "closed")
    assert code(open_money(city, card_id)) == (409, "function-needs-active-card")
    changed = do(city, card_id, "holder-data", {"document": document(), "phone": "12333"})
    assert code(changed) == (409, "card-has-ended")


def test_a_reason_that_is_none_does_not_cancel(city: City) -> None:
    card_id, _ = city.active_card()
    body = {"reason": "moved-house", "evidence": "无"}
    refused = do(city, card_id, "cancellation", body, "supervisor")
    assert code(refused) == (422, "cancellation-reason-refused")
    assert state_of(city, card_id)[0] == "active"


def test_the_financial_function_is_the_holders_alone_and_follows_the_card(city: City) -> None:
    card_id, _ = city.active_card()

    def stands() -> str:
        return str(record_of(city, card_id)["functions"]["financial"])

    others = {"action": "open", "document": document(3), "bank": "jialing-bank"}
    refused = do(city, card_id, "financial-function", others)
    assert code(refused) == (422, "document-is-not-the-holders")
    assert code(open_money(city, card_id, "close")) == (409, "card-state-forbids")
    assert open_money(city, card_id).json()["financial"] == "open"
    report_loss(city, card_id, "formal")
    assert stands() == "suspended"
    do(city, card_id, "restoration", {"document": document(), "reason": "找到了"})
    assert stands() == "open"
    assert open_money(city, card_id, "close").json()["financial"] == "closed"
    report_loss(city, card_id, "formal")
    do(city, card_id, "restoration", {"document": document(), "reason": "找到了"})
    assert stands() == "closed"


def test_the_pin_is_set_locked_and_reset_for_the_holder_only(city: City) -> None:
    card_id, chip = city.active_card()

    def report(action: str, **more: Any) -> Any:
        return do(city, card_id, "pin-reports", {"action": action} | more)

    assert record_of(city, card_id)["functions"]["pin"] == "initial"
    assert report("change").json()["pin"] == "set"
    assert report("lock").json()["pin"] == "locked"
    assert code(report("change")) == (409, "card-state-forbids")
    assert code(report("reset")) == (422, "identity-document-missing")
    assert code(report("reset", document=document(2))) == (422, "document-is-not-the-holders")
    assert code(report("reset", document=document())) == (409, "pin-reset-not-commanded")
    assert record_of(city, card_id)["functions"]["pin"] == "locked"
    wanted = {"historical_bytes": chip.image["historical_bytes"], "challenge": "01" * 8}
    do(city, card_id, "pin-reset", {"document": document(), "new_pin": "246810"} | wanted)
    assert report("reset", document=document()).json()["pin"] == "set"
    again = report("reset", document=document())
    assert code(again) == (409, "pin-reset-not-commanded"), "each report follows a command"


def test_new_data_of_the_holder_and_a_new_name_that_calls_for_exchange(city: City) -> None:
    card_id, _ = city.active_card()
    body = {"document": document(), "phone": "02312345", "address": "重庆市南岸区测试路2号"}
    assert do(city, card_id, "holder-data", body).json()["exchange_needed"] is False
    renamed = do(city, card_id, "holder-data", {"document": document(), "name": "测试改"})
    assert renamed.json()["exchange_needed"] is True
    unwritable = do(city, card_id, "holder-data", {"document": document(), "name": "\U00020bb7"})
    assert code(unwritable) == (400, "request-malformed")


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ({"document": document(2)}, "mandate-missing"),
        (
            {"document": document(2), "mandate_number": "W-1", "valid_until": "2020-01-01"},
            "mandate-invalid",
        ),
        (
            {"document": document(1), "mandate_number": "W-1", "valid_until": "2099-01-01"},
            "mandate-invalid",
        ),
    ],
)
def test_an_agent_needs_a_mandate_that_holds(city: City, agent: Any, expected: str) -> None:
    answer = city.post("/v1/applications", application(agent=agent), "clerk")
    assert code(answer) == (422, expected)


def test_an_application_through_an_agent_or_online_is_on_record(city: City) -> None:
    agent = {"document": document(2), "mandate_number": "W-1", "valid_until": "2099-01-01"}
    assert city.post("/v1/applications", application(agent=agent), "clerk").status_code == 201
    online = application(3, channel="online", site="国家社会保险公共服务平台")
    refused = city.post("/v1/applications", online, "clerk")
    assert code(refused) == (422, "collection-site-missing")
    granted = city.post("/v1/applications", online | {"collection_site": SITE}, "clerk").json()
    handed = record_of(city, granted["card_id"])["hand_over"]
    assert (handed["channel"], handed["collection_site"]) == ("online", SITE)


def test_a_cancelled_card_loads_no_medical_money(city: City) -> None:
    card_id = city.apply()["card_id"]
    image = city.post(f"/v1/cards/{card_id}/personalisation", {}, "production").json()
    chip = MedicalChip(image)
    report = {"historical_bytes": image["historical_bytes"]}
    city.post(f"/v1/cards/{card_id}/production-report", report, "production")
    do(city, card_id, "activation", {"document": document()})
    city.post(f"/v1/cards/{card_id}/medical-credits", {"account": 1, "amount_fen": 500}, "clerk")
    counter = city.enrol("counter", None)
    ended = {"reason": "death", "evidence": "死亡证明"}
    do(city, card_id, "cancellation", ended, "supervisor")
    asked = chip.ask_load(counter.number, 1, 500)
    answer = city.post("/v1/medical/loads", asked, counter.token)
    assert code(answer) == (409, "card-is-not-active")
