"""Libraries: readers by card, loans, renewals, returns here and in another region (NM-17, SC-m)."""

from __future__ import annotations

from typing import Any

from scenarios.neighbourhood import REGIONS, Neighbourhood, wait_for
from scenarios.phrases import given, then, when
from scenarios.premises import Premises
from scenarios.service_desk import ServiceDesk
from scenarios.terms import code_of
from scenarios.world import Refusal, World
from virtual_cards.terminals import CopyReturn, Wanted


@given(
    "“{place}”将开办外借“{offer}”，借期{days:d}天，可续借{renewals:d}次，每人最多{copies:d}册",
    "“{place}” will lend by “{offer}” for {days:d} days, renewed {renewals:d} times, {copies:d}"
    " copies a reader",
)
def plan_lending(  # noqa: PLR0917 - as many as the phrase has
    premises: Premises, place: str, offer: str, days: int, renewals: int, copies: int
) -> None:
    _plan(premises, place, offer, (days, renewals, copies), None)


@given(
    "“{region}”的“{place}”将开办外借“{offer}”，借期{days:d}天",
    "“{place}” of “{region}” will lend by “{offer}” for {days:d} days",
)
def plan_lending_there(  # noqa: PLR0917 - as many as the phrase has
    premises: Premises,
    neighbourhood: Neighbourhood,
    region: str,
    place: str,
    offer: str,
    days: int,
) -> None:
    _plan(premises, place, offer, (days, 1, 10), neighbourhood.desks[region])
    premises.open(offer)


@when(
    "居民“{name}”持“{carrier}”在“{offer}”注册读者",
    "resident “{name}” becomes a reader of “{offer}” with “{carrier}”",
)
def register(premises: Premises, name: str, carrier: str, offer: str) -> None:
    premises.serve(offer, "readers", name, code_of(carrier), Wanted(pay="cash"))


@when(
    "居民“{name}”持“{carrier}”在“{offer}”借“{copy}”",
    "resident “{name}” borrows “{copy}” of “{offer}” with “{carrier}”",
)
def borrow(premises: Premises, name: str, carrier: str, offer: str, copy: str) -> None:
    wanted = Wanted(copy=_number(premises.world, copy))
    premises.serve(offer, "loans", name, code_of(carrier), wanted)


@when(
    "居民“{name}”持“{carrier}”在“{offer}”续借“{copy}”",
    "resident “{name}” renews “{copy}” of “{offer}” with “{carrier}”",
)
def renew(premises: Premises, name: str, carrier: str, offer: str, copy: str) -> None:
    wanted = Wanted(copy=_number(premises.world, copy))
    premises.serve(offer, "renewals", name, code_of(carrier), wanted)


@when("“{offer}”收还“{copy}”", "“{copy}” is brought back to “{offer}”")
def bring_back(premises: Premises, offer: str, copy: str) -> None:
    _take_back(premises, offer, copy, None)


@when(
    "“{offer}”收还“{region}”的“{copy}”",
    "“{copy}” of “{region}” is brought back to “{offer}”",
)
def bring_back_elsewhere(premises: Premises, offer: str, region: str, copy: str) -> None:
    _take_back(premises, offer, copy, REGIONS[region][1])


@then("还书办结，超期{days:d}天", "the return is done, {days:d} days overdue")
def is_returned(premises: Premises, days: int) -> None:
    taken = premises.returned
    assert premises.world.refusal is None, premises.world.refusal
    assert taken is not None, "nothing was brought back"
    assert (taken.state, taken.overdue_days) == ("returned", days), taken


@then(
    "居民“{name}”在“{region}”记有{count:d}次外借，已在“{place}”归还",
    "resident “{name}” has {count:d} loans on record in “{region}”, returned in “{place}”",
)
def loans_are_returned(  # noqa: PLR0917 - as many as the phrase has
    world: World, neighbourhood: Neighbourhood, name: str, region: str, count: int, place: str
) -> None:
    desk = neighbourhood.desks.get(region, world.desk)
    card_id = world.holder(name).card_id
    acts = desk.get("clerk", f"/v1/cards/{card_id}/offer-acts")["acts"]
    loans = [each for each in acts if each["kind"] == "lending"]
    assert len(loans) == count, loans
    found = {(each["state"], each["returned_in"]) for each in loans}
    assert found == {("returned", REGIONS[place][1])}, loans


def _plan(
    premises: Premises,
    place: str,
    offer: str,
    loan: tuple[int, int, int],
    desk: ServiceDesk | None,
) -> None:
    days, renewals, copies = loan
    terms: dict[str, Any] = {
        "price_fen": 0,
        "loan": {"days": days, "renewals_max": renewals, "copies_max": copies},
    }
    premises.plan(place, "lending", offer, "culture", terms, desk)


def _take_back(premises: Premises, offer: str, copy: str, region: str | None) -> None:
    premises.open(offer)
    place = premises.desk_of(offer)
    number = _number(premises.world, copy)
    taken = premises.world.try_at_platform(lambda: place.terminal.take_back(number, region))
    if taken is None:
        return

    def look() -> CopyReturn | None:
        told = place.terminal.look_return(taken.return_id)
        return None if told.state == "passed-on" else told

    premises.returned = wait_for(look)
    problem = premises.returned.problem_code if premises.returned else None
    if problem is not None:
        premises.world.refusal = Refusal(problem, problem, problem)


def _number(world: World, copy: str) -> str:
    """The number of a copy: scenarios share a platform, and numbers are given once."""
    return f"{copy}-{world.mark}"
