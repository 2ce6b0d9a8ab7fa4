"""Fraud of merchants and employers: cash for a swipe, workers who never worked."""

from __future__ import annotations

from functools import partial

from life_histories.almanac import DAY_S, HOUR_S, MINUTE_S
from life_histories.area import Site
from life_histories.frauds.casting import LOUD, MIDDLE, SLY, Casting, Moment
from life_histories.kinds import Purchase
from life_histories.life.life import Life
from life_histories.life.money import monthly_fen
from life_histories.life.work import claim, ended, enrolled


def merchant_cash_out(casting: Casting) -> None:
    """A shop swipes what was paid out and hands back cash."""
    variant, dice = casting.case.variant, casting.dice
    first = casting.cast("pensioner")
    city = first.city
    count = (dice.between(12, 20), dice.between(6, 9), dice.between(4, 6))[variant]
    people = [first, *casting.cast_many(count - 1, "pensioner", lambda p: p.city is city)]
    shop = dice.pick(city.sites["shop"])
    casting.subject("institution", shop.code)
    paydays = casting.world.almanac.paydays(city.payday)
    chosen = paydays[-1:] if variant == LOUD else paydays
    for day, _ in chosen:
        moment = (day + dice.between(0, 2)) * DAY_S + 9 * HOUR_S + dice.below(5 * HOUR_S)
        for person in people:
            casting.about(person)
            if variant == LOUD:
                moment += dice.within(2, 6, MINUTE_S)
                amount = dice.pick((50_000, 80_000, 100_000, 100_000, 150_000))
                act = partial(_swipe, shop=shop, moment_s=moment, amounts=[amount])
            elif variant == MIDDLE:
                moment += dice.within(4, 40, MINUTE_S)
                monthly = monthly_fen(person, person.programmes[0])
                amount = monthly * dice.between(80, 100) // 100 // 1_000 * 1_000
                act = partial(_swipe, shop=shop, moment_s=moment, amounts=[amount])
            else:
                at = moment + dice.below(6) * DAY_S
                amounts = [99_900 - dice.below(4_000) for _ in range(dice.between(3, 5))]
                act = partial(_swipe, shop=shop, moment_s=at, amounts=amounts)
            casting.does(person, Moment.AFTER, act)


def _swipe(life: Life, *, shop: Site, moment_s: int, amounts: list[int]) -> None:
    for amount in amounts:
        life.at_site(
            moment_s, shop, Purchase(shop.trait, refund=False), amount_fen=amount,
            account=life.person.account,
        )  # fmt: skip
        moment_s += life.dice.within(3, 45, MINUTE_S)


def false_enrolment(casting: Casting) -> None:
    """An employer enrols people who never come to work, and soon claims benefits for them."""
    variant, dice = casting.case.variant, casting.dice
    first = casting.cast("homemaker")
    city = first.city
    count = (dice.between(12, 22), dice.between(6, 9), dice.between(2, 3))[variant]
    role = "homemaker"
    people = [first]
    for _ in range(count - 1):
        people.append(casting.cast(role, lambda p: p.city.region == city.region))
    sites = city.sites["employer"]
    if variant == SLY:
        sites = [site for site in sites if site.trait == "clocks"] or sites
    employer = dice.pick(sites)
    casting.subject("institution", employer.code)
    day = dice.between(3, casting.world.almanac.days - 50)
    kind = (
        dice.pick(("unemployment", "maternity")),
        "maternity",
        dice.pick(("injury", "maternity")),
    )
    for person in people:
        casting.about(person)
        begins = day + (0 if variant == LOUD else dice.below(4))
        after = (dice.between(15, 35), dice.between(20, 35), dice.between(28, 42))[variant]
        act = partial(_on_paper, employer=employer, day=begins, after=after, kind=kind[variant])
        casting.does(person, Moment.AFTER, act)


def _on_paper(life: Life, *, employer: Site, day: int, after: int, kind: str) -> None:
    enrolled(life, day, employer)
    claimed = day + after
    if kind == "unemployment":
        ended(life, claimed - 2, employer)
    moment = claimed * DAY_S + 9 * HOUR_S + life.dice.below(7 * HOUR_S)
    claim(life, moment, kind, employer.code)
