"""Places by card, electronic card and code: entry, meals, care, purchases (NM-17 to NM-19)."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.carriers import Carriers
from scenarios.listings import Listings
from scenarios.neighbourhood import REGIONS, Neighbourhood
from scenarios.phrases import given, then, when
from scenarios.premises import ALL_DAY, OPENS, Premises
from scenarios.steps.foreign_cards import holds_card_there
from scenarios.terms import code_of
from scenarios.world import World
from virtual_cards.terminals import Wanted


@pytest.fixture
def premises(world: World, carriers: Carriers) -> Premises:
    """No place yet."""
    return Premises(world, carriers)


def fen(yuan: float) -> int:
    """Yuan of a feature in fen."""
    return round(yuan * 100)


@given(
    "“{place}”将开办“{kind}”项目“{offer}”，领域为“{use}”，价格{price:f}元",
    "“{place}” will offer “{offer}” of kind “{kind}” in the field “{use}” at {price:f} yuan",
)
def plan(  # noqa: PLR0917 - as many as the phrase has
    premises: Premises, place: str, kind: str, offer: str, use: str, price: float
) -> None:
    premises.plan(place, code_of(kind), offer, code_of(use), {"price_fen": fen(price)})


@given(
    "“{region}”将有“{place}”的“{kind}”项目“{offer}”，领域为“{use}”，价格{price:f}元",
    "in “{region}” “{place}” will have “{offer}” of kind “{kind}” in the field “{use}” at "
    "{price:f} yuan",
)
def plan_there(  # noqa: PLR0917 - as many as the phrase has
    premises: Premises,
    neighbourhood: Neighbourhood,
    region: str,
    place: str,
    kind: str,
    offer: str,
    use: str,
    price: float,
) -> None:
    desk, terms = neighbourhood.desks[region], {"price_fen": fen(price)}
    premises.plan(place, code_of(kind), offer, code_of(use), terms, desk)


@given(
    "“{place}”将开办“{kind}”项目“{offer}”，领域为“{use}”，按账单收费",
    "“{place}” will offer “{offer}” of kind “{kind}” in the field “{use}”, priced by the bill",
)
def plan_by_bill(premises: Premises, place: str, kind: str, offer: str, use: str) -> None:
    premises.plan(place, code_of(kind), offer, code_of(use), {"price_fen": None})


@given(
    "“{offer}”的持卡居民价为{price:f}元", "residents with a card pay {price:f} yuan for “{offer}”"
)
def resident_price(premises: Premises, offer: str, price: float) -> None:
    _terms(premises, offer)["resident_price_fen"] = fen(price)


@given(
    "“{offer}”对满{age:d}周岁的优惠{percent:d}%",
    "“{offer}” costs who is {age:d} or older {percent:d}% less",
)
def less_by_age(premises: Premises, offer: str, age: int, percent: int) -> None:
    concession = {"kind": "age", "from_age": age, "percent": percent}
    _terms(premises, offer).setdefault("concessions", []).append(concession)


@given(
    "“{offer}”对持有“{kind}”的优惠{percent:d}%",
    "“{offer}” costs who holds “{kind}” {percent:d}% less",
)
def less_by_certificate(premises: Premises, offer: str, kind: str, percent: int) -> None:
    concession = {"kind": code_of(kind), "percent": percent}
    _terms(premises, offer).setdefault("concessions", []).append(concession)


@given("“{offer}”每天的名额为{places:d}个", "“{offer}” has {places:d} places a day")
def places_a_day(premises: Premises, offer: str, places: int) -> None:
    _terms(premises, offer)["slots"] = [{**ALL_DAY, "places": places}]


@given("“{offer}”每人每年最多{most:d}次", "“{offer}” is for a person {most:d} times a year")
def times_a_year(premises: Premises, offer: str, most: int) -> None:
    _terms(premises, offer)["yearly_max"] = most


@given(
    "“{offer}”由“{payer}”补贴{percent:d}%，每次最多{cap:f}元，每天一次",
    "“{payer}” pays {percent:d}% of “{offer}”, at most {cap:f} yuan, once a day",
)
def subsidised(premises: Premises, offer: str, payer: str, percent: int, cap: float) -> None:
    account = _payer(premises, payer)
    desk = premises.offers[offer].place.world.desk
    known = {each["name"] for each in desk.gather("operator", "/v1/ledger/accounts", "accounts")}
    if account not in known:
        desk.post("operator", "/v1/ledger/accounts", {"name": account})
    _terms(premises, offer)["subsidy"] = {
        "payer": account,
        "percent": percent,
        "cap_fen": fen(cap),
        "daily_max": 1,
    }


@given("“{offer}”依据目录事项“{item}”", "“{offer}” is under the catalogue item “{item}”")
def under_item(premises: Premises, listings: Listings, offer: str, item: str) -> None:
    planned = premises.offers[offer]
    planned.content["item_id"] = listings.items[item]


@when("业务部门开办“{offer}”", "the department opens “{offer}”")
def open_offer(premises: Premises, offer: str) -> None:
    premises.world.try_at_platform(lambda: premises.open(offer))


@when("“{place}”开办目录事项“{item}”", "“{place}” goes into service for the item “{item}”")
def serve_item(premises: Premises, listings: Listings, place: str, item: str) -> None:
    site_id = premises.place(place).site_id
    body = {"item_id": listings.items[item], "in_service": True}
    premises.world.desk.post("operator", f"/v1/sites/{site_id}/services", body)


@when("业务部门暂停“{offer}”", "the department suspends “{offer}”")
def suspend(premises: Premises, offer: str) -> None:
    path = f"/v1/offers/{premises.open(offer).offer_id}/steps"
    premises.world.desk.post("department", path, {"action": "suspend", "reason": "检修"})


@given(
    "居民“{name}”由合作银行账户转入个人资金{amount:f}元",
    "resident “{name}” fills the personal money with {amount:f} yuan from a partner bank",
)
@when(
    "居民“{name}”由合作银行账户转入个人资金{amount:f}元",
    "resident “{name}” fills the personal money with {amount:f} yuan from a partner bank",
)
def fill(world: World, name: str, amount: float) -> None:
    holder = world.holder(name)
    body = {
        "bank": world.desk.partner_banks()[0]["code"],
        "amount_fen": fen(amount),
        "document": holder.resident.document(),
    }
    path = f"/v1/cards/{holder.card_id}/personal-money"
    world.try_at_platform(lambda: world.desk.post("clerk", path, body))


@when(
    "居民“{name}”持“{carrier}”到访“{offer}”",
    "resident “{name}” comes to “{offer}” with “{carrier}”",
)
def come(premises: Premises, name: str, carrier: str, offer: str) -> None:
    premises.serve(offer, "uses", name, code_of(carrier))


@when(
    "居民“{name}”持“{carrier}”到访“{offer}”，付现金",
    "resident “{name}” comes to “{offer}” with “{carrier}” and pays in cash",
)
def come_with_cash(premises: Premises, name: str, carrier: str, offer: str) -> None:
    premises.serve(offer, "uses", name, code_of(carrier), Wanted(pay="cash"))


@when(
    "居民“{name}”持“{carrier}”在“{offer}”付账{amount:f}元",
    "resident “{name}” pays a bill of {amount:f} yuan at “{offer}” with “{carrier}”",
)
def pay_bill(premises: Premises, name: str, carrier: str, offer: str, amount: float) -> None:
    premises.serve(offer, "uses", name, code_of(carrier), Wanted(bill_fen=fen(amount)))


@when(
    "居民“{name}”持“{carrier}”预约{days:d}天后的“{offer}”",
    "resident “{name}” books “{offer}” in {days:d} days with “{carrier}”",
)
def book(premises: Premises, name: str, carrier: str, days: int, offer: str) -> None:
    premises.serve(offer, "bookings", name, code_of(carrier), premises.slot_in(days))


@when("居民取消“{offer}”的预约", "the resident cancels the booking of “{offer}”")
def cancel(premises: Premises, offer: str) -> None:
    premises.change(offer, "cancel")


@when("“{offer}”退款", "“{offer}” gives the money back")
def refund(premises: Premises, offer: str) -> None:
    premises.change(offer, "refund")


@when("居民从“{offer}”签退", "the resident leaves “{offer}”")
def leave(premises: Premises, offer: str) -> None:
    premises.change(offer, "leave")


@then("“{offer}”受理，实收{amount:f}元", "“{offer}” serves for {amount:f} yuan")
def served_for(premises: Premises, offer: str, amount: float) -> None:
    act = premises.last(offer)
    assert act.charged_fen == fen(amount), act


@then("“{offer}”的办理状态为“{state}”", "“{offer}” has it as “{state}”")
def state_is(premises: Premises, offer: str, state: str) -> None:
    act = premises.last(offer)
    assert act.state == code_of(state), act


@then(
    "居民“{name}”与“{offer}”查到的办理状态都是“{state}”",
    "resident “{name}” and “{offer}” both see it as “{state}”",
)
def both_see(world: World, premises: Premises, name: str, offer: str, state: str) -> None:
    act = premises.look_again(offer)
    path = f"/v1/cards/{world.holder(name).card_id}/offer-acts"
    acts = world.desk.gather("clerk", path, "acts")
    told = next(each["state"] for each in acts if each["act_id"] == act.act_id)
    assert act.state == told == code_of(state), (act, told)


@then("“{offer}”的优惠依据为“{reason}”", "the concession of “{offer}” is by “{reason}”")
def concession_is(premises: Premises, offer: str, reason: str) -> None:
    act = premises.last(offer)
    assert (act.concession or "none") == code_of(reason), act


@then("“{offer}”由“{payer}”补贴{amount:f}元", "“{payer}” pays {amount:f} yuan of “{offer}”")
def subsidy_is(premises: Premises, offer: str, payer: str, amount: float) -> None:
    act = premises.last(offer)
    assert (act.payer, act.subsidy_fen) == (_payer(premises, payer), fen(amount)), act


@then(
    "“{offer}”按居民待遇受理，依据协议“{agreement}”",
    "“{offer}” serves on resident terms, under the agreement “{agreement}”",
)
def on_resident_terms(premises: Premises, offer: str, agreement: str) -> None:
    act, terms = premises.last(offer), _terms(premises, offer)
    assert act.agreement == agreement, act
    assert act.listed_fen == terms.get("resident_price_fen", terms["price_fen"]), act


@then(
    "{days:d}天后的“{offer}”还剩{left:d}个名额",
    "{left:d} places of “{offer}” are left in {days:d} days",
)
def places_left(premises: Premises, days: int, offer: str, left: int) -> None:
    day = premises.slot_in(days).day
    at = premises.open(offer)
    path = f"/v1/offers/{at.offer_id}/slots?day={day}"
    (slot,) = at.place.world.desk.ask("GET", path, "")["slots"]
    assert (slot["opens"], slot["left"]) == (OPENS, left), slot


@then(
    "居民“{name}”的个人资金余额为{amount:f}元",
    "the personal money of resident “{name}” is {amount:f} yuan",
)
def money_is(world: World, name: str, amount: float) -> None:
    path = f"/v1/cards/{world.holder(name).card_id}/personal-money"
    assert world.desk.get("clerk", path)["balance_fen"] == fen(amount)


@then(
    "“{payer}”的账户共支出{amount:f}元",
    "the account of “{payer}” has paid {amount:f} yuan",
)
def payer_paid(premises: Premises, payer: str, amount: float) -> None:
    name = _payer(premises, payer)
    path = "/v1/ledger/account-queries"
    told = premises.world.desk.post("operator", path, {"name": name})
    assert told["balance_fen"] == -fen(amount), told


@given(
    "“{region}”居民“{name}”持有其发卡地的社会保障卡",
    "resident “{name}” holds a social security card that “{region}” issued",
)
def holder_from_elsewhere(
    world: World, neighbourhood: Neighbourhood, premises: Premises, region: str, name: str
) -> None:
    holds_card_there(world, neighbourhood, region, name)
    premises.homes[name] = (REGIONS[region][1], neighbourhood.desks[region])


def _terms(premises: Premises, offer: str) -> dict[str, Any]:
    terms: dict[str, Any] = premises.offers[offer].content["terms"]
    return terms


def _payer(premises: Premises, payer: str) -> str:
    """The account of a payer: one of its own in every scenario, so that it begins at nothing."""
    text = f"{payer} {premises.world.recorder.scenario}"
    return f"fund:{text.encode().hex()[-24:]}"
