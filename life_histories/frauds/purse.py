"""Fraud with the purse: copied, sent again, a concession of nobody, a lost card in other hands."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from life_histories.almanac import DAY_S, HOUR_S
from life_histories.area import City
from life_histories.dice import mix
from life_histories.events import Happening
from life_histories.frauds.casting import LOUD, MIDDLE, SLY, Casting, Moment
from life_histories.kinds import BankPin, IdentityCheck, Purchase, TransitTap
from life_histories.life.fate import lose
from life_histories.life.life import Life
from life_histories.people import Person

FARE_FEN = 200


def _rides(person: Person) -> bool:
    return bool(person.ride) and not person.concession


def cloned_purse(casting: Casting) -> None:
    """The state of a purse is copied onto another chip; both ride on."""
    person, variant, dice = casting.cast("worker", _rides), casting.case.variant, casting.dice
    cities = [c for c in casting.world.area.cities if c is not person.city]
    city = dice.pick(cities) if variant == LOUD else person.city
    rides = (dice.between(15, 30), dice.between(6, 14), dice.between(3, 5))[variant]
    days = (dice.between(5, 12), dice.between(10, 25), dice.between(15, 30))[variant]
    casting.about(person)
    act = partial(_ride_on_copy, city=city, rides=rides, days=days, sly=variant == SLY)
    casting.does(person, Moment.LAST, act)


def own_taps(life: Life, low_day: int = 0) -> list[Happening]:
    """The true taps of a life, in their order."""
    found = [e for e in life.told if isinstance(e.detail, TransitTap) and not e.case]
    return sorted((e for e in found if e.true_s >= low_day * DAY_S), key=lambda e: e.true_s)


def _ride_on_copy(life: Life, *, city: City, rides: int, days: int, sly: bool) -> None:
    dice, taps = life.dice, own_taps(life)
    copied = taps[dice.between(len(taps) // 8, len(taps) // 2)]
    tap = copied.detail
    assert isinstance(tap, TransitTap)  # noqa: S101 - own_taps gives taps
    counter, balance = tap.counter + 1, max(tap.balance_fen, FARE_FEN * 3)
    first = copied.true_s // DAY_S + 1
    last = min(first + days, life.world.almanac.days - 1)
    moments = sorted(
        dice.between(first, last) * DAY_S + 7 * HOUR_S + dice.below(15 * HOUR_S)
        for _ in range(rides)
    )
    start_counter, start_balance = counter, balance
    for moment in moments:
        if balance < FARE_FEN:  # the copy is written anew
            counter, balance = start_counter, start_balance
        balance -= FARE_FEN
        vehicle = _vehicle(life, city, moment // DAY_S, offline=sly)
        told = life.tap(moment, "flat", dice.pick(city.stops), vehicle, FARE_FEN)
        told.purse, told.card = False, copied.card
        assert isinstance(told.detail, TransitTap)  # noqa: S101 - just made
        told.detail.counter, told.detail.balance_fen = counter, balance
        counter += 1


def _vehicle(life: Life, city: City, day: int, *, offline: bool) -> str:
    for _ in range(60 if offline else 1):
        vehicle = life.dice.pick(city.buses)
        if not offline or life.world.area.is_offline(vehicle, day):
            break
    return vehicle


def tap_replayed(casting: Casting) -> None:
    """A tap is sent to the platform again: as it was, or with another time or vehicle."""
    person, variant, dice = casting.cast("worker", _rides), casting.case.variant, casting.dice
    copies = (dice.between(4, 8), dice.between(2, 4), dice.between(1, 2))[variant]
    casting.about(person)
    casting.does(person, Moment.LAST, partial(_send_again, copies=copies, variant=variant))


def _send_again(life: Life, *, copies: int, variant: int) -> None:
    dice, taps = life.dice, own_taps(life)
    taps = taps[: max(4, len(taps) * 2 // 3)]
    one = dice.pick(taps)
    for number in range(copies):
        copied = one if variant == LOUD else dice.pick(taps)
        tap = copied.detail
        assert isinstance(tap, TransitTap)  # noqa: S101 - own_taps gives taps
        again = replace(copied, case=life.case, detail=_copy(tap), purse=False)
        detail = again.detail
        assert isinstance(detail, TransitTap)  # noqa: S101 - a copy of one
        if variant == LOUD:  # the same record, sent again and again
            wait_s = dice.between(10, 180) * 60 + number * 60
            again.delay_s = copied.delay_s + wait_s
            link = copied.link or 1 + mix(life.person.index, copied.true_s) % (1 << 60)
            copied.link, again.link = link, -link
            detail.late = True
        else:
            low, high = (20, 70) if variant == MIDDLE else (90, 380)
            moment = again.true_s + dice.within(low, high, HOUR_S)
            again.true_s = moment // DAY_S * DAY_S + 6 * HOUR_S + moment % (16 * HOUR_S)
            again.delay_s = dice.below(4)
            detail.tac_ok = variant == SLY or dice.chance(5_000)
            if variant == MIDDLE and tap.phase == "flat":
                again.device = dice.pick(life.stay(0).city.buses)
            again.skew_s = 0
        life.told.append(again)


def _copy(tap: TransitTap) -> TransitTap:
    return TransitTap(
        tap.phase,
        tap.counter,
        tap.balance_fen,
        tap.tac,
        tap.tac_ok,
        tap.sequence,
        tap.late,
        tap.concession,
    )


def concession_abuse(casting: Casting) -> None:
    """Free rides without a certificate, after it ended, or for those who come along."""
    variant, dice = casting.case.variant, casting.dice
    if variant == LOUD:
        person = casting.cast("worker", _rides)
        kind = dice.pick(("senior", "disability", "veteran"))
        act = partial(_ride_free, kind=kind, from_day=dice.between(5, 30))
    elif variant == MIDDLE:
        person = casting.cast("student", lambda p: bool(p.ride))
        ends = dice.between(12, 28)
        casting.does(person, Moment.BEFORE, partial(_let_end, day=ends))
        act = partial(_ride_free, kind="student", from_day=ends + 4)
    else:
        person = casting.cast("pensioner", lambda p: p.ride == "bus" and p.concession == "senior")
        act = partial(_take_along, times=dice.between(4, 8))
    casting.about(person)
    casting.does(person, Moment.AFTER, act)


def _let_end(life: Life, *, day: int) -> None:
    life.fate.certificate_until = life.world.almanac.date_text(day)


def _ride_free(life: Life, *, kind: str, from_day: int) -> None:
    for each in own_taps(life, from_day):
        tap = each.detail
        assert isinstance(tap, TransitTap)  # noqa: S101 - own_taps gives taps
        tap.concession = kind
        if kind != "student":
            each.amount_fen = 0
        each.case = life.case


def _take_along(life: Life, *, times: int) -> None:
    dice = life.dice
    for each in dice.shuffled(own_taps(life))[:times]:
        moment = each.true_s
        assert each.place is not None  # noqa: S101 - a tap has a place
        for _ in range(dice.between(1, 3)):
            moment += dice.between(4, 25)
            life.tap(moment, "flat", each.place, each.device, FARE_FEN)


def lost_card_used(casting: Casting) -> None:
    """Whoever found it uses it after the loss was told."""
    variant, dice = casting.case.variant, casting.dice
    person = casting.cast("worker", _rides)
    day = dice.between(4, casting.world.almanac.days - 25)
    hours = (dice.between(2, 30), dice.between(2, 20), dice.between(1, 12))[variant]
    uses = (dice.between(6, 15), dice.between(3, 6), dice.between(1, 2))[variant]
    span_h = (dice.between(10, 60), dice.between(24, 90), dice.between(120, 260))[variant]
    casting.about(person)
    casting.does(person, Moment.BEFORE, partial(_lose, day=day, hours=hours))
    act = partial(_use_found, uses=uses, span_h=span_h, variant=variant)
    casting.does(person, Moment.AFTER, act)


def _lose(life: Life, *, day: int, hours: int) -> None:
    lose(life, life.fate, day, hours)
    fate = life.fate
    fate.replaced = True
    fate.back_s = (fate.reported_s // DAY_S + life.dice.between(3, 15)) * DAY_S
    fate.back_s += life.dice.within(9, 16, HOUR_S)


def _use_found(life: Life, *, uses: int, span_h: int, variant: int) -> None:
    dice, told_s = life.dice, life.fate.reported_s
    city = life.stay(told_s // DAY_S).city
    for _ in range(uses):
        low = 1 if variant != SLY else 100
        moment = told_s + dice.within(low, span_h, HOUR_S) + dice.below(1_800)
        moment = moment // DAY_S * DAY_S + 6 * HOUR_S + moment % (16 * HOUR_S)
        moment = max(moment, told_s + 1_900 + dice.below(3_600))
        kind = dice.below(10)
        if kind < 6:  # noqa: PLR2004 - six of ten ride
            life.tap(moment, "flat", dice.pick(city.stops), dice.pick(city.buses), FARE_FEN)
        elif kind < 8:  # noqa: PLR2004 - two buy
            shop = dice.pick(city.sites["shop"])
            amount = dice.between(1_000, 40_000)
            life.at_site(
                moment, shop, Purchase(shop.trait, refund=False),
                amount_fen=amount, account=life.person.account,
            )  # fmt: skip
        elif kind == 8:  # noqa: PLR2004 - one tries PINs
            machine = dice.pick(city.sites["machine"])
            tried = life.at_site(moment, machine, BankPin("wrong"), account=life.person.account)
            tried.device, tried.institution = f"{machine.code}T0", ""
        else:
            hotel = dice.pick(city.sites["hotel"])
            life.at_site(moment, hotel, IdentityCheck("hotel", 1, "ok", dice.between(15, 50)))
