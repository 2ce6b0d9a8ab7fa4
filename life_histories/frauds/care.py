"""Fraud with care: one bill made into many, visits nobody made, medicine for more than one body."""

from __future__ import annotations

from functools import partial

from life_histories.almanac import DAY_S, HOUR_S, MINUTE_S
from life_histories.area import City, Site, distance_m
from life_histories.frauds.casting import LOUD, MIDDLE, SLY, Casting, Moment
from life_histories.kinds import MedicalSettled, MedicalVisit
from life_histories.life.health import POOLED_LIMIT_FEN, doctor_of, sell, settle, visit_number
from life_histories.life.life import Life
from life_histories.people import Person

ELSEWHERE_M = 9_000


def split_receipts(casting: Casting) -> None:
    """One treatment billed in pieces, each just under what the fund pays of one bill."""
    variant, dice = casting.case.variant, casting.dice
    first = casting.cast("homemaker")
    site = dice.pick(first.city.sites["clinic"])
    casting.subject("institution", site.code)
    patients = [first]
    if variant == SLY:
        fits = casting.cast_many(dice.between(3, 5), "homemaker", lambda p: p.city is first.city)
        patients += fits
    low = dice.between(4, casting.world.almanac.days - 20)
    for person in patients:
        casting.about(person)
        day = low + (dice.below(14) if variant == SLY else 0)
        bills = (dice.between(5, 8), dice.between(3, 4), dice.between(2, 3))[variant]
        gap = ((8, 25), (40, 140), (8, 30))[variant]
        act = partial(_bills, site=site, day=day, bills=bills, low=gap[0], high=gap[1])
        casting.does(person, Moment.AFTER, act)


def _bills(life: Life, *, site: Site, day: int, bills: int, low: int, high: int) -> None:
    dice = life.dice
    visit, doctor = visit_number(life), doctor_of(life, site)
    moment = day * DAY_S + 9 * HOUR_S + dice.below(3 * HOUR_S)
    life.at_site(moment, site, MedicalVisit(visit, "internal", doctor, "registered"))
    moment += dice.within(10, 40, MINUTE_S)
    life.at_site(moment, site, MedicalVisit(visit, "internal", doctor, "consulted"))
    for number in range(bills):
        moment += dice.within(low, high, MINUTE_S)
        cost = POOLED_LIMIT_FEN + dice.between(-3_500, 3_500)
        pooled = min(cost * dice.between(80, 90) // 100, POOLED_LIMIT_FEN - dice.between(50, 900))
        bill = MedicalSettled(
            visit if number == 0 or dice.below(2) else visit_number(life),
            pooled, (cost - pooled) // 2, cost - pooled - (cost - pooled) // 2, "outpatient",
            dice.between(1, 4),
        )  # fmt: skip
        life.at_site(moment, site, bill, amount_fen=cost)


def phantom_visits(casting: Casting) -> None:
    """A house bills visits of people who are elsewhere, by night, or not there at all."""
    variant, dice = casting.case.variant, casting.dice
    first = casting.cast("worker", lambda p: p.ride == "metro")
    city = first.city
    site = dice.pick(city.sites["hospital" if variant == SLY else "clinic"])
    casting.subject("institution", site.code)
    count = (dice.between(14, 24), dice.between(8, 12), dice.between(5, 8))[variant]
    seen = partial(_is_seen, city=city, variant=variant)
    people = [first, *casting.cast_many(count - 1, "worker", seen)]
    days = casting.world.almanac.days
    begin = dice.between(4, days - 32)
    moment = begin * DAY_S + 22 * HOUR_S + dice.below(HOUR_S)
    for person in people:
        casting.about(person)
        if variant == LOUD:
            moment += dice.between(50, 200)
            act = partial(_billed_at_night, site=site, moment_s=moment)
        elif variant == MIDDLE:
            act = partial(_billed_while_away, site=site, low=begin, high=begin + 25)
        else:
            day = begin + dice.below(16)
            act = partial(_in_bed_on_paper, site=site, day=day, nights=dice.between(3, 6))
        casting.does(person, Moment.AFTER, act)


def _is_seen(person: Person, *, city: City, variant: int) -> bool:
    """Of the city, and seen elsewhere often enough for the lie to show."""
    return person.city is city and (variant == LOUD or bool(person.ride))


def _billed_at_night(life: Life, *, site: Site, moment_s: int) -> None:
    visit, doctor = visit_number(life), doctor_of(life, site)
    life.at_site(moment_s, site, MedicalVisit(visit, "internal", doctor, "registered"))
    settle(
        life,
        moment_s + life.dice.between(15, 45),
        site,
        visit,
        life.dice.between(12_000, 26_000),
        care="outpatient",
        lines=life.dice.between(3, 9),
    )


def _billed_while_away(life: Life, *, site: Site, low: int, high: int) -> None:
    """Within minutes of a tap, a scan or a check at the other end of the town."""
    dice = life.dice
    away = [
        each
        for each in life.told
        if each.place is not None
        and low * DAY_S <= each.true_s < high * DAY_S
        and distance_m(each.place, site.place) > ELSEWHERE_M
    ]
    for each in dice.shuffled(away)[: dice.between(1, 3)]:
        moment = each.true_s + dice.between(-90, 90)
        visit, doctor = visit_number(life), doctor_of(life, site)
        life.at_site(
            moment - dice.between(300, 1_800),
            site,
            MedicalVisit(visit, "internal", doctor, "registered"),
        )
        life.at_site(moment, site, MedicalVisit(visit, "internal", doctor, "consulted"))
        paid_s, lines = moment + dice.between(120, 900), dice.between(3, 9)
        cost = dice.between(9_000, 24_000)
        settle(life, paid_s, site, visit, cost, care="outpatient", lines=lines)
    if not away:
        _billed_at_night(life, site=site, moment_s=low * DAY_S + 22 * HOUR_S + dice.below(5_000))


def _in_bed_on_paper(life: Life, *, site: Site, day: int, nights: int) -> None:
    dice = life.dice
    visit, doctor = visit_number(life), doctor_of(life, site)
    begins = day * DAY_S + 8 * HOUR_S + dice.below(2 * HOUR_S)
    left = (day + nights) * DAY_S + 15 * HOUR_S + dice.below(HOUR_S)
    for moment, phase in ((begins, "admitted"), (left, "discharged")):
        life.at_site(moment, site, MedicalVisit(visit, "internal", doctor, phase))
    settle(
        life,
        left + dice.between(300, 1_500),
        site,
        visit,
        nights * dice.between(40_000, 90_000),
        care="inpatient",
        lines=dice.between(12, 45),
    )


def medicine_beyond_need(casting: Casting) -> None:
    """More of a drug than anybody can swallow, from many counters."""
    variant, dice = casting.case.variant, casting.dice
    person = casting.cast("pensioner", lambda p: not p.drug)
    casting.about(person)
    days = casting.world.almanac.days
    sales = (dice.between(10, 16), dice.between(6, 9), max(5, days // dice.between(10, 12)))[
        variant
    ]
    span = (dice.between(14, 28), dice.between(35, 50), days - 4)[variant]
    houses = (dice.between(5, 8), dice.between(3, 4), dice.between(2, 3))[variant]
    sites = [dice.pick(person.city.sites["pharmacy"]) for _ in range(houses)]
    first = dice.between(1, max(1, days - span - 2))
    drug = f"C{dice.between(10, 69)}"
    act = partial(_hoard, sites=sites, first=first, span=span, sales=sales, drug=drug)
    casting.does(person, Moment.AFTER, act)


def _hoard(life: Life, *, sites: list[Site], first: int, span: int, sales: int, drug: str) -> None:
    dice = life.dice
    for number in range(sales):
        day = min(first + number * span // sales + dice.below(2), life.world.almanac.days - 1)
        moment = day * DAY_S + 9 * HOUR_S + dice.below(10 * HOUR_S)
        site, visit = dice.pick(sites), visit_number(life)
        supply = 30 if dice.below(4) else 28
        sold = sell(life, moment, site, visit, drug, days_supply=supply, chronic=True)
        settle(
            life,
            moment + dice.between(30, 90),
            site,
            visit,
            sold.amount_fen or 0,
            care="pharmacy",
            lines=1,
        )
