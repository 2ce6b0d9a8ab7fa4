"""Places: what a site offers on terms that are data, booked, entered, eaten, lent, paid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from card_platform.services.places.offers.terms import OfferSubsidy, price_of
from tests.card_platform.city import City, document
from tests.card_platform.listings import act, publish_item
from tests.card_platform.phone import Phone
from tests.card_platform.premises import ALL_DAY, Premises, fill, library, premises, today
from tests.card_platform.signing_in import sign_in_by_card


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def licence(city: City, card_id: str, kind: str, level: int, number: str) -> str:
    body = {
        "kind": kind,
        "number": number,
        "issuer": "测试区残疾人联合会",
        "holder_document": document()["number"],
        "holder_name": "测试甲",
        "level": level,
        "subject": None,
        "valid_from": "2020-01-01",
        "valid_until": None,
    }
    issued = city.post("/v1/licences", body, "department")
    assert issued.status_code == 201, issued.text
    licence_id = str(issued.json()["licence_id"])
    card_number = city.get(f"/v1/cards/{card_id}").json()["card_number"]
    linked = city.post(f"/v1/licences/{licence_id}/link", {"card_number": card_number}, "clerk")
    assert linked.is_success, linked.text
    return licence_id


def days_later(city: City, days: int) -> str:
    return (date.fromisoformat(today(city)) + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("listed", "claims", "subsidy", "expected"),
    [
        (1_000, [], None, (0, 1_000, None)),
        (999, [(50, "age"), (20, "veteran")], None, (0, 499, "age")),
        (
            1_000,
            [(100, "disability")],
            OfferSubsidy(payer="fund:a", percent=50),
            (0, 0, "disability"),
        ),
        (1_001, [], OfferSubsidy(payer="fund:a", percent=50), (501, 500, None)),
        (5_000, [], OfferSubsidy(payer="fund:a", percent=80, cap_fen=600), (600, 4_400, None)),
    ],
)
def test_the_best_concession_counts_and_the_subsidy_pays_of_the_rest(
    listed: int,
    claims: list[tuple[int, str]],
    subsidy: OfferSubsidy | None,
    expected: tuple[int, int, str | None],
) -> None:
    price = price_of(listed, claims, subsidy)
    assert (price.subsidy_fen, price.charged_fen, price.concession) == expected
    assert price.subsidy_fen + price.charged_fen == listed * (100 - price.percent) // 100


def test_an_offer_with_impossible_terms_is_refused_with_every_fault(city: City) -> None:
    place = Premises(city, "entry", {"price_fen": 100})
    faulty = {
        "price_fen": 100,
        "resident_price_fen": 200,
        "loan": {"days": 1, "renewals_max": 0, "copies_max": 1},
        "concessions": [{"kind": "age", "percent": 50}],
        "slots": [
            {"opens": "09:00", "closes": "08:00", "places": 1},
            {"opens": "07:00", "closes": "10:00", "places": 1},
        ],
    }
    answer = place.open(terms=faulty)
    assert code_of(answer) == (400, "request-malformed")
    assert [fault["path"] for fault in answer.json()["faults"]] == [
        "terms.loan",
        "terms.resident_price_fen",
        "terms.concessions[0].from_age",
        "terms.slots[0].closes",
        "terms.slots[1].opens",
    ]
    subsidised = {"price_fen": 100, "subsidy": {"payer": "fund:no-such", "percent": 50}}
    assert code_of(place.open(terms=subsidised)) == (404, "account-unknown")
    assert code_of(place.open(site_id="no-such-site")) == (404, "site-unknown")
    assert code_of(place.open(item_id="no-such-item")) == (409, "offer-item-not-served")


def test_a_museum_is_booked_entered_and_given_back(city: City) -> None:
    card_id, chip = city.active_card()
    terms = {"price_fen": 4_000, "resident_price_fen": 3_000, "slots": [{**ALL_DAY, "places": 2}]}
    museum = premises(city, "entry", terms, terminal_kind="entrance")
    tomorrow = {"day": days_later(city, 1), "opens": "00:00"}
    assert code_of(museum.ask("bookings", card_id, **tomorrow)) == (422, "insufficient-balance")
    assert fill(city, card_id, 10_000) == 10_000
    booked = museum.do("bookings", card_id, **tomorrow)
    assert (booked["state"], booked["charged_fen"], booked["pay"]) == (
        "booked",
        3_000,
        "personal-money",
    )
    assert museum.left(tomorrow["day"]) == [1]
    assert code_of(museum.ask("bookings", card_id, **tomorrow)) == (409, "slot-already-booked")
    early = museum.ask("bookings", card_id, day=days_later(city, 9), opens="00:00")
    past = museum.ask("bookings", card_id, day=days_later(city, -1), opens="00:00")
    assert code_of(early) == code_of(past) == (422, "booking-day-out-of-range")
    odd = museum.ask("bookings", card_id, day=tomorrow["day"], opens="11:00")
    assert code_of(odd) == (422, "slot-unknown")
    cancelled = museum.step(booked["act_id"], "cancel").json()
    assert cancelled["state"] == "cancelled"
    assert museum.left(tomorrow["day"]) == [2]
    assert city.get(f"/v1/cards/{card_id}/personal-money", "clerk").json()["balance_fen"] == 10_000
    assert code_of(museum.step(booked["act_id"], "cancel")) == (409, "act-state-forbids")
    home = sign_in_by_card(city, chip)["token"]
    own = city.post(
        f"/v1/cards/{card_id}/bookings", {"offer_id": museum.offer_id, **tomorrow}, home
    )
    assert own.status_code == 201, own.text
    path = f"/v1/cards/{card_id}/bookings/{own.json()['act_id']}/cancellation"
    assert city.post(path, {}, home).json()["state"] == "cancelled"
    asked = {"offer_id": museum.offer_id, **tomorrow}
    bare = city.post(f"/v1/cards/{card_id}/bookings", asked, "clerk")
    assert code_of(bare) == (422, "identity-document-missing")
    helped = city.post(
        f"/v1/cards/{card_id}/bookings", {**asked, "document": document()}, "clerk"
    ).json()
    path = f"/v1/cards/{card_id}/bookings/{helped['act_id']}/cancellation"
    assert city.post(path, {"document": document()}, "clerk").json()["state"] == "cancelled"
    again = museum.do("bookings", card_id, **tomorrow)
    city.post("/v1/clock", {"advance_s": 86_400}, "trainer")
    assert code_of(museum.step(again["act_id"], "cancel")) == (409, "booking-has-begun")
    entered = museum.do("uses", card_id)
    assert (entered["act_id"], entered["state"]) == (again["act_id"], "used")
    walk_in = museum.do("uses", card_id)
    assert (walk_in["state"], walk_in["charged_fen"]) == ("used", 3_000)
    assert code_of(museum.ask("uses", card_id)) == (409, "slot-full")
    assert museum.step(walk_in["act_id"], "refund").json()["state"] == "refunded"
    assert city.balances()[f"operator:{museum.operator}"] == 3_000
    assert city.get("/v1/ledger/check").json()["balanced"]
    acts = city.get(f"/v1/cards/{card_id}/offer-acts", "clerk").json()["acts"]
    assert [each["state"] for each in acts] == ["refunded", "used"] + 3 * ["cancelled"]


def test_a_booking_nobody_came_for_is_missed_once_its_slot_is_over(city: City) -> None:
    card_id, chip = city.active_card()
    fill(city, card_id, 10_000)
    now = datetime.fromisoformat(city.get("/v1/clock").json()["now"])
    city.post("/v1/clock", {"advance_s": 86_400 - now.hour * 3_600 - now.minute * 60}, "trainer")
    slots = [
        {"opens": "08:00", "closes": "10:00", "places": 5},
        {"opens": "10:00", "closes": "24:00", "places": 5},
    ]
    terms = {"price_fen": 2_000, "slots": slots, "daily_max": 2}
    park = premises(city, "entry", terms, field_of_use="tourism", terminal_kind="entrance")
    day = today(city)
    morning = park.do("bookings", card_id, day=day, opens="08:00")
    noon = park.do("bookings", card_id, day=day, opens="10:00")

    def go_on(hours: int) -> None:
        city.post("/v1/clock", {"advance_s": hours * 3_600}, "trainer")

    def seen() -> list[str]:
        acts = city.get(f"/v1/cards/{card_id}/offer-acts", "clerk").json()["acts"]
        by_id = {each["act_id"]: each["state"] for each in acts}
        told = [by_id[each["act_id"]] for each in (morning, noon)]
        assert [park.look(each["act_id"]).json()["state"] for each in (morning, noon)] == told
        return told

    go_on(9)
    assert seen() == ["booked", "booked"]
    assert code_of(park.step(morning["act_id"], "cancel")) == (409, "booking-has-begun")
    assert code_of(park.step(morning["act_id"], "refund")) == (409, "act-state-forbids")
    go_on(2)
    assert seen() == ["missed", "booked"]
    home = sign_in_by_card(city, chip)["token"]
    path = f"/v1/cards/{card_id}/bookings/{morning['act_id']}/cancellation"
    for refused in (park.step(morning["act_id"], "cancel"), city.post(path, {}, home)):
        assert code_of(refused) == (409, "act-state-forbids")
        assert "missed" in refused.json()["detail_en"]
    assert park.do("uses", card_id)["act_id"] == noon["act_id"]
    assert code_of(park.ask("uses", card_id)) == (409, "offer-limit-reached")
    go_on(24)
    assert seen() == ["missed", "used"]
    assert city.balances()[f"operator:{park.operator}"] == 4_000
    assert park.step(morning["act_id"], "refund").json()["state"] == "refunded"
    assert seen() == ["refunded", "used"]
    assert city.balances()[f"operator:{park.operator}"] == 2_000
    tomorrow = {"day": days_later(city, 1), "opens": "10:00"}
    later = park.do("bookings", card_id, **tomorrow)
    go_on(48)
    home = sign_in_by_card(city, chip)["token"]
    told = city.get(f"/v1/cards/{card_id}/offer-acts", home).json()["acts"]
    assert (told[0]["act_id"], told[0]["state"]) == (later["act_id"], "missed")
    other = premises(city, "entry", {"price_fen": 0}, terminal_kind="entrance")
    for refused in (other.look(later["act_id"]), park.look("no-such-act")):
        assert code_of(refused) == (404, "act-unknown")


def test_the_last_place_is_sold_once_whoever_races_for_it(city: City) -> None:
    cards = [city.active_card(sequence)[0] for sequence in range(1, 7)]
    for person, card_id in enumerate(cards, start=1):
        fill(city, card_id, 1_000, person)
    terms = {"price_fen": 500, "slots": [{**ALL_DAY, "places": 3}]}
    hall = premises(city, "entry", terms, terminal_kind="entrance")
    day = days_later(city, 1)
    shown = [hall.shown(card_id) for card_id in cards]
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda one: hall.ask("bookings", day=day, opens="00:00", **one), shown)
        )
    told = sorted(each.status_code for each in answers)
    assert told == [201, 201, 201, 409, 409, 409]
    assert {each.json()["code"] for each in answers if each.status_code == 409} == {"slot-full"}
    assert hall.left(day) == [0]
    assert city.balances()[f"operator:{hall.operator}"] == 1_500


def test_concessions_are_by_certificate_and_age_the_best_one_counts(city: City) -> None:
    card_id, _ = city.active_card()
    fill(city, card_id, 100_000)
    concessions = [
        {"kind": "age", "from_age": 30, "percent": 20},
        {"kind": "age", "from_age": 80, "percent": 90},
        {"kind": "veteran", "percent": 40},
    ]
    terms = {"price_fen": 1_000, "concessions": concessions}
    shop = premises(city, "session", terms)
    by_age = shop.do("uses", card_id)
    assert (by_age["concession"], by_age["charged_fen"]) == ("age", 800)
    licence(city, card_id, "veteran", 1, "VET-1")
    by_certificate = shop.do("uses", card_id)
    assert (by_certificate["concession"], by_certificate["charged_fen"]) == ("veteran", 600)
    park = premises(city, "entry", {"price_fen": 1_000}, field_of_use="tourism")
    free = park.do("uses", card_id)
    assert (free["concession"], free["charged_fen"], free["pay"]) == ("veteran", 0, None)
    reads = city.get(f"/v1/cards/{card_id}/access-log", "clerk").json()["reads"]
    assert "核算优待 price-concession" in {each["purpose"] for each in reads}


def test_a_meal_is_subsidised_from_the_payers_account_once_a_day(city: City) -> None:
    card_id, _ = city.active_card()
    fill(city, card_id, 10_000)
    city.post("/v1/ledger/accounts", {"name": "fund:district-meals"}, "operator")
    subsidy = {"payer": "fund:district-meals", "percent": 60, "cap_fen": 700, "daily_max": 1}
    terms = {"price_fen": None, "subsidy": subsidy | {"from_age": 30}, "daily_max": 2}
    canteen = premises(city, "meal", terms, field_of_use="elder-care", terminal_kind="counter")
    assert code_of(canteen.ask("uses", card_id)) == (422, "bill-does-not-fit")
    lunch = canteen.do("uses", card_id, bill_fen=1_500)
    assert (lunch["subsidy_fen"], lunch["charged_fen"]) == (700, 800)
    dinner = canteen.do("uses", card_id, bill_fen=1_000)
    assert (dinner["subsidy_fen"], dinner["charged_fen"]) == (0, 1_000)
    assert code_of(canteen.ask("uses", card_id, bill_fen=1)) == (409, "offer-limit-reached")
    balances = city.balances()
    assert balances["fund:district-meals"] == -700
    assert balances[f"operator:{canteen.operator}"] == 2_500
    assert canteen.step(lunch["act_id"], "refund").is_success
    assert city.balances()["fund:district-meals"] == 0
    old = premises(city, "meal", {"price_fen": 900, "subsidy": subsidy | {"from_age": 60}})
    assert old.do("uses", card_id, pay="cash")["subsidy_fen"] == 0
    assert city.balances()[f"operator:{old.operator}"] == 0
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_day_care_is_attended_and_sessions_are_so_many_a_year(city: City) -> None:
    card_id, _ = city.active_card()
    day_care = premises(city, "attendance", {"price_fen": 0}, field_of_use="elder-care")
    present = day_care.do("uses", card_id)
    assert present["state"] == "present"
    assert code_of(day_care.ask("uses", card_id)) == (409, "visitor-already-present")
    assert day_care.step(present["act_id"], "leave").json()["state"] == "left"
    assert code_of(day_care.step(present["act_id"], "leave")) == (409, "act-state-forbids")
    booking = day_care.ask("bookings", card_id, day=today(city), opens="00:00")
    assert code_of(booking) == (409, "offer-kind-differs")
    care = premises(city, "session", {"price_fen": 0, "yearly_max": 2}, field_of_use="elder-care")
    for _ in range(2):
        care.do("uses", card_id)
    assert code_of(care.ask("uses", card_id)) == (409, "offer-limit-reached")
    city.post("/v1/clock", {"advance_s": 366 * 86_400}, "trainer")
    assert care.do("uses", card_id)["state"] == "used"


def test_a_reader_borrows_renews_and_returns_within_limits(city: City) -> None:
    card_id, _ = city.active_card()
    other_id, _ = city.active_card(2)
    hall, branch = library(city), library(city)
    assert code_of(hall.ask("loans", card_id, copy="CQ-0001")) == (409, "reader-not-registered")
    hall.do("readers", card_id)
    assert code_of(hall.ask("readers", card_id)) == (409, "reader-already-registered")
    hall.do("readers", other_id)
    loan = hall.do("loans", card_id, copy="CQ-0001")
    assert loan["due_on"] == days_later(city, 30)
    assert code_of(hall.ask("loans", other_id, copy="CQ-0001")) == (409, "copy-already-lent")
    hall.do("loans", card_id, copy="CQ-0002")
    assert code_of(hall.ask("loans", card_id, copy="CQ-0003")) == (409, "loan-limit-reached")
    assert code_of(hall.ask("renewals", other_id, copy="CQ-0001")) == (404, "copy-not-lent")
    city.post("/v1/clock", {"advance_s": 10 * 86_400}, "trainer")
    renewed = hall.do("renewals", card_id, copy="CQ-0001")
    assert (renewed["renewals"], renewed["due_on"]) == (1, days_later(city, 30))
    assert code_of(hall.ask("renewals", card_id, copy="CQ-0001")) == (409, "renewals-used-up")
    taken = city.post("/v1/loan-returns", {"copy": "CQ-0001"}, branch.terminal.token)
    assert (taken.json()["state"], taken.json()["overdue_days"]) == ("returned", 0)
    twice = city.post("/v1/loan-returns", {"copy": "CQ-0001"}, hall.terminal.token)
    assert code_of(twice) == (404, "copy-not-lent")
    city.post("/v1/clock", {"advance_s": 25 * 86_400}, "trainer")
    assert code_of(hall.ask("loans", card_id, copy="CQ-0003")) == (409, "loan-overdue")
    assert code_of(hall.ask("renewals", card_id, copy="CQ-0002")) == (409, "loan-overdue")
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    assert code_of(hall.ask("loans", card_id, copy="CQ-0003")) == (422, "card-is-not-active")
    late = city.post("/v1/loan-returns", {"copy": "CQ-0002"}, hall.terminal.token).json()
    assert late["overdue_days"] == 5
    seen = city.get(f"/v1/loan-returns/{late['return_id']}", hall.terminal.token)
    assert seen.json() == late
    unknown = city.get(f"/v1/loan-returns/{late['return_id']}", branch.terminal.token)
    assert code_of(unknown) == (404, "return-unknown")
    museum = premises(city, "entry", {"price_fen": 0})
    nowhere = city.post("/v1/loan-returns", {"copy": "CQ-0002"}, museum.terminal.token)
    assert code_of(nowhere) == (403, "site-lends-nothing")
    assert code_of(museum.ask("loans", other_id, copy="CQ-0009")) == (409, "offer-kind-differs")
    afar = city.post(
        "/v1/loan-returns", {"copy": "CQ-0002", "region": "640000"}, hall.terminal.token
    )
    assert code_of(afar) == (403, "no-agreement-covers")


def test_two_readers_who_race_for_a_copy_do_not_both_get_it(city: City) -> None:
    hall, cards = library(city), [city.active_card(sequence)[0] for sequence in range(1, 5)]
    for card_id in cards:
        hall.do("readers", card_id)
    shown = [hall.shown(card_id) for card_id in cards]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: hall.ask("loans", copy="CQ-7777", **one), shown))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]


def test_card_electronic_card_and_code_serve_alike(city: City) -> None:
    card_id, _ = city.active_card()
    fill(city, card_id, 10_000)
    phone = Phone(city)
    assert phone.enrol(card_id).status_code == 201
    park = premises(city, "session", {"price_fen": 700}, field_of_use="tourism")
    electronic = city.get(f"/v1/cards/{card_id}").json()["electronic_card"]["electronic_card_id"]
    paying = phone.code("payment")
    told = [
        park.do("uses", card_id),
        park.do("uses", means="electronic-card", token=electronic),
        park.do("uses", means="code", token=paying),
    ]
    same = {(each["charged_fen"], each["state"], each["card_number"]) for each in told}
    assert len(same) == 1
    assert code_of(park.ask("uses", means="code", token=paying)) == (422, "code-already-used")
    shown = phone.code("identity")
    assert code_of(park.ask("uses", means="code", token=shown)) == (422, "code-purpose-differs")
    assert park.ask("uses", means="code", token=shown, pay="cash").status_code == 201
    medical = phone.code("medical")
    assert code_of(park.ask("uses", means="code", token=medical)) == (422, "code-purpose-differs")
    nameless = park.ask("uses", means="card", token="A00000001")
    foreign_code = park.ask("uses", means="code", token=shown, region="510000")
    assert code_of(nameless) == code_of(foreign_code) == (400, "request-malformed")
    elsewhere = park.ask("uses", card_id, region="640000")
    assert code_of(elsewhere) == (403, "no-agreement-covers")
    city.post(f"/v1/cards/{card_id}/freeze", {"ground": "stolen"}, "supervisor")
    for answer in (
        park.ask("uses", card_id),
        park.ask("uses", means="electronic-card", token=electronic),
        park.ask("uses", means="code", token=shown),
    ):
        assert code_of(answer) == (422, "card-is-not-active")
    money = f"/v1/cards/{card_id}/personal-money"
    body = {"bank": "jialing-bank", "amount_fen": 1, "document": document()}
    assert code_of(city.post(money, body, "clerk")) == (422, "card-is-not-active")
    of_another = {**body, "document": document(2)}
    refused = city.post(money, of_another, "clerk")
    assert code_of(refused) == (422, "document-is-not-the-holders")


def test_a_new_field_of_use_is_data_from_the_catalogue_to_the_till(city: City) -> None:
    """NM-19, NX-9e: scene, item, site and offer are told over HTTP; nothing is programmed."""
    card_id, _ = city.active_card()
    fill(city, card_id, 5_000)
    scene = {
        "code": "campus", "name_zh": "校园管理", "name_en": "Campus",
        "department": "education", "document": "〔2026〕9号",
    }  # fmt: skip
    assert city.post("/v1/catalogue-scenes", scene, "supervisor").status_code == 201
    item = publish_item(
        city, name_zh="校园超市消费", uses=["校园超市"], scene="campus", owner="education"
    )
    terms = {"price_fen": None, "concessions": [{"kind": "age", "from_age": 18, "percent": 10}]}
    shop = Premises(city, "purchase", terms, field_of_use="campus", item_id=item)
    assert code_of(shop.open()) == (409, "offer-item-not-served")
    in_service = {"item_id": item, "in_service": True}
    assert city.post(f"/v1/sites/{shop.site_id}/services", in_service, "operator").is_success
    assert shop.open().status_code == 201
    assert shop.do("uses", card_id, bill_fen=1_000)["charged_fen"] == 900
    body = {"action": "suspend", "reason": "整改"}
    path = f"/v1/offers/{shop.offer_id}/steps"
    assert city.post(path, body, "department").json()["state"] == "suspended"
    assert code_of(shop.ask("uses", card_id, bill_fen=1)) == (409, "offer-not-open")
    assert city.post(path, {**body, "action": "resume"}, "department").json()["state"] == "open"
    again = city.post(path, {**body, "action": "resume"}, "department")
    assert code_of(again) == (409, "offer-state-forbids")
    assert act(city, item, "withdrawal").status_code == 200
    assert code_of(shop.ask("uses", card_id, bill_fen=1)) == (409, "offer-item-not-served")
    other = premises(city, "purchase", {"price_fen": 100})
    stranger = city.post(
        f"/v1/offers/{shop.offer_id}/uses", shop.shown(card_id), other.terminal.token
    )
    assert code_of(stranger) == (404, "offer-unknown")
    told = city.client.get("/v1/offers", params={"site": shop.site_id}).json()["offers"]
    assert [each["offer_id"] for each in told] == [shop.offer_id]
    assert city.client.get(f"/v1/offers/{shop.offer_id}").json()["field"] == "campus"
