"""Batch issue, deliveries, cards made on the spot, applications online (CQ-11a, YD-7b)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.card_platform.card_maker import (
    SITE,
    apply_for,
    apply_online,
    ask_online,
    count,
    images,
    make_all,
    order,
    person,
    report,
    send,
)
from tests.card_platform.city import City, application, document
from tests.card_platform.listings import site

DAY_S = 86_400


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def activate(city: City, card_id: str, sequence: int) -> Any:
    body = {"document": document(sequence), "site": SITE}
    return city.post(f"/v1/cards/{card_id}/activation", body, "clerk")


def test_of_a_list_each_person_is_granted_or_refused_by_itself(city: City) -> None:
    expired = person(2, document=document(2, valid_until="2020-01-01"))
    unwritable = person(3, form=application()["form"] | {"name": "\U00020bb7野"})
    told = apply_for(city, person(1), expired, person(1), unwritable, person(4))
    assert (told["granted"], told["refused"]) == (2, 3)
    problems = [line["problem"] and line["problem"]["code"] for line in told["lines"]]
    assert problems == [
        None, "identity-document-invalid", "person-already-holds-card", "request-malformed", None,
    ]  # fmt: skip
    assert told["lines"][3]["problem"]["faults"][0]["path"] == "form.name"
    numbers = [line["card_number"] for line in told["lines"]]
    assert numbers == ["A00000001", None, None, None, "A00000002"], "a refused line takes no number"
    record = city.get(f"/v1/cards/{told['lines'][0]['card_id']}/record").json()
    assert record["hand_over"]["collection_site"] == SITE


def test_an_order_is_made_chip_by_chip_and_its_progress_is_told(city: City) -> None:
    first, second = (each["card_id"] for each in apply_for(city, person(1), person(2))["lines"])
    elsewhere = city.apply(3)["card_id"]
    placed = order(city, site=SITE).json()
    assert (placed["cards"], placed["cards_by_state"]) == (2, {"in_production": 2})
    assert code(order(city, site=SITE)) == (409, "no-card-to-order")
    drawn = images(city, placed["order_id"])
    assert list(drawn) == [first, second]
    wrong = report(
        city,
        placed["order_id"],
        {
            first: drawn[first]["historical_bytes"],
            second: drawn[first]["historical_bytes"],
            elsewhere: drawn[first]["historical_bytes"],
        },
    )
    assert wrong["taken"] == 1
    assert [(each["card_id"], each["problem"]["code"]) for each in wrong["refused"]] == [
        (second, "historical-bytes-differ"),
        (elsewhere, "card-not-of-the-order"),
    ]
    at = f"/v1/production-orders/{placed['order_id']}"
    assert city.get(at, "clerk").json()["cards_by_state"] == {"in_production": 1, "ready": 1}
    assert list(images(city, placed["order_id"])) == [second]
    assert order(city).json()["cards"] == 1, "what no order has yet"


def test_a_card_on_its_way_or_missing_is_handed_over_to_nobody(city: City) -> None:
    apply_for(city, person(1), person(2))
    first, second = make_all(city, order(city).json()["order_id"])
    assert code(send(city, [first, second], "别处")) == (409, "card-goes-elsewhere")
    assert code(send(city, [first, "card-x"])) == (404, "card-unknown")
    sent = send(city, [first, second, first]).json()
    assert (sent["cards"], sent["cards_by_state"]) == (2, {"sent": 2})
    assert code(send(city, [second])) == (409, "card-sent-already")
    assert code(activate(city, first, 1)) == (409, "card-has-not-arrived")
    delivery_id = sent["delivery_id"]
    assert code(count(city, delivery_id, "card-x")) == (409, "card-not-of-the-delivery")
    counted = count(city, delivery_id, second).json()
    assert counted["cards_by_state"] == {"arrived": 1, "missing": 1}
    assert activate(city, first, 1).json()["state"] == "active"
    assert code(activate(city, second, 2)) == (409, "card-has-not-arrived")
    record = city.get(f"/v1/cards/{second}/record").json()["delivery"]
    assert (record["state"], record["consignment"]) == ("missing", "SF-2026-0042")
    assert code(count(city, delivery_id, first)) == (409, "card-not-of-the-delivery")
    assert count(city, delivery_id).json()["cards_by_state"] == {"arrived": 2}
    assert activate(city, second, 2).json()["state"] == "active"
    assert code(send(city, [first])) == (409, "card-not-ready-to-send")


def test_cards_of_deliveries_are_asked_for_and_saved_together_however_many_they_are(
    city: City,
) -> None:
    apply_for(city, *(person(each) for each in range(1, 8)))
    cards = make_all(city, order(city).json()["order_id"])
    asked: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    def statements(ask: Callable[[], Any]) -> int:
        asked.clear()
        assert ask().status_code in (200, 201)
        return len(asked)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        one = statements(lambda: send(city, cards[:1]))
        listed_one = statements(lambda: city.get("/v1/deliveries", "clerk"))
        assert statements(lambda: send(city, cards[1:6])) == one
        assert statements(lambda: send(city, cards[6:])) == one
        assert statements(lambda: city.get("/v1/deliveries", "clerk")) == listed_one
        large, small = (
            next(each["delivery_id"] for each in told if each["cards"] == cards_of_it)
            for told in [city.get("/v1/deliveries", "clerk").json()["deliveries"]]
            for cards_of_it in (5, 1)
        )
        assert statements(lambda: count(city, large)) == statements(lambda: count(city, small))
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    told = city.get("/v1/deliveries", "clerk").json()["deliveries"]
    assert sorted((each["cards"], *each["cards_by_state"]) for each in told) == [
        (1, "arrived"),
        (1, "sent"),
        (5, "arrived"),
    ]


def test_a_site_with_a_printer_makes_a_card_while_its_holder_waits(city: City) -> None:
    def open_site(**changed: Any) -> str:
        told = city.post("/v1/sites", site(**changed), "operator").json()
        return str(told["site"]["site_id"])

    plain = open_site()
    equipment = ["card-reader", "code-scanner", "wheelchair-access", "card-printer"]
    printing = open_site(name_zh="即时制卡网点", equipment=equipment)
    other = open_site(name_zh="另一即时制卡网点", equipment=equipment)
    card_id = city.apply()["card_id"]

    def begin(card: str, where: str) -> Any:
        return city.post(f"/v1/cards/{card}/instant-issue", {"site_id": where}, "clerk")

    def finish(read: str, sequence: int = 1) -> Any:
        body = {"historical_bytes": read, "document": document(sequence)}
        return city.post(f"/v1/cards/{card_id}/instant-issue/completion", body, "clerk")

    assert code(begin(card_id, plain)) == (409, "site-makes-no-cards")
    assert code(begin(card_id, "site-x")) == (404, "site-unknown")
    assert code(finish("00" * 13)) == (404, "card-not-made-on-the-spot")
    image = begin(card_id, printing).json()["image"]
    assert code(begin(card_id, other)) == (409, "card-made-elsewhere")
    assert begin(card_id, printing).json()["image"] == image, "a reprint"
    assert code(finish("00" * 13)) == (409, "historical-bytes-differ")
    assert code(finish(image["historical_bytes"], 2)) == (422, "document-is-not-the-holders")
    assert finish(image["historical_bytes"]).json()["state"] == "active"
    assert code(finish(image["historical_bytes"])) == (404, "card-not-made-on-the-spot")
    assert city.get(f"/v1/cards/{card_id}/record").json()["hand_over"]["collected_at"] is not None
    ordered = city.apply(2)["card_id"]
    order(city)
    assert code(begin(ordered, printing)) == (409, "card-made-elsewhere")


def test_who_applies_online_follows_it_by_number_and_secret_up_to_the_card(city: City) -> None:
    filed = apply_online(city, 1).json()
    number, secret = filed["number"], {"secret": filed["secret"]}
    status = ask_online(city, f"/{number}/status", secret).json()
    assert (status["state"], status["card_state"], status["is_late"]) == ("filed", None, False)
    wrong = ask_online(city, f"/{number}/status", {"secret": "0" * 24})
    assert code(wrong) == (404, "online-application-unknown")
    city.post("/v1/clock", {"advance_s": 11 * DAY_S}, "trainer")
    (late,) = city.get("/v1/online-applications?state=filed", "clerk").json()["applications"]
    assert (late["number"], late["is_late"]) == (number, True)
    form = city.get(f"/v1/online-applications/{number}", "clerk").json()["application"]
    assert (form["channel"], form["document"]) == ("online", document(1))
    granting = f"/v1/online-applications/{number}/decision"
    status = city.post(granting, {"decision": "grant"}, "clerk").json()
    assert (status["state"], status["card_state"]) == ("granted", "applied")
    assert city.get(f"/v1/online-applications/{number}", "clerk").json()["application"] is None
    (card_id,) = make_all(city, order(city).json()["order_id"])
    send(city, [card_id])
    status = ask_online(city, f"/{number}/status", secret).json()
    assert (status["card_state"], status["delivery_state"]) == ("ready", "sent")
    assert city.get(f"/v1/cards/{card_id}/record").json()["hand_over"]["channel"] == "online"
    again = city.post(granting, {"decision": "refuse", "reason": "重复"}, "clerk")
    assert code(again) == (409, "online-application-state-forbids")


def test_of_two_online_applications_of_one_person_one_is_granted(city: City) -> None:
    numbers = [apply_online(city, 1).json()["number"] for _ in range(2)]
    first, second = (f"/v1/online-applications/{number}/decision" for number in numbers)
    assert city.post(first, {"decision": "grant"}, "clerk").status_code == 200
    refused = city.post(second, {"decision": "grant"}, "clerk")
    assert code(refused) == (409, "person-already-holds-card")
    ended = city.post(second, {"decision": "refuse", "reason": "已持卡"}, "clerk").json()
    assert (ended["state"], ended["reason"], ended["card_id"]) == ("refused", "已持卡", None)


def test_an_applicant_takes_an_online_application_back(city: City) -> None:
    filed = apply_online(city, 1).json()
    path, secret = f"/{filed['number']}", {"secret": filed["secret"]}
    assert ask_online(city, f"{path}/withdrawal", secret).json()["state"] == "withdrawn"
    decided = city.post(f"/v1/online-applications{path}/decision", {"decision": "grant"}, "clerk")
    assert code(decided) == (409, "online-application-state-forbids")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"form": None}, "application-form-missing"),
        ({"document": document(1, valid_until="2020-01-01")}, "identity-document-invalid"),
        ({"entitlement": "tourist"}, "not-entitled"),
        ({"agent": {"document": document(2)}}, "mandate-missing"),
    ],
)
def test_what_no_clerk_could_grant_is_not_filed(city: City, changed: Any, expected: str) -> None:
    assert code(apply_online(city, 1, **changed)) == (422, expected)


def test_who_read_and_decided_an_online_application_is_on_record_without_names(
    city: City,
) -> None:
    number = apply_online(city, 1).json()["number"]
    city.get(f"/v1/online-applications/{number}", "clerk")
    city.post(f"/v1/online-applications/{number}/decision", {"decision": "grant"}, "clerk")
    city.post("/v1/clock", {"advance_s": 1}, "trainer")
    told = city.get("/v1/outcomes?after=0", "auditor").json()["outcomes"]
    steps = [(each["by"], each["detail"]) for each in told if number in each["detail"]]
    assert steps == [
        ("public", f"{number}: file"),
        ("clerk", f"{number}: read"),
        ("clerk", f"{number}: granted"),
    ]
