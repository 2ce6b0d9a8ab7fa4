"""Fraud with identity: a card lent, one card in two places, codes shown again, forged chips."""

from __future__ import annotations

from functools import partial

from life_histories.almanac import DAY_S, HOUR_S, MINUTE_S
from life_histories.area import City, Place, Site, distance_m
from life_histories.events import Happening
from life_histories.frauds.casting import LOUD, MIDDLE, Casting, Moment
from life_histories.kinds import CardAuthentication, CodeScanned, CodeShown, IdentityCheck, Purchase
from life_histories.life.health import see_doctor
from life_histories.life.life import AFTERNOON, MORNING, NOON, Life
from life_histories.life.travel import show_code
from life_histories.people import Person, card_of

FARE_FEN = 200


def _shows_codes(person: Person) -> bool:
    return person.shows_codes and person.role in {"worker", "homemaker", "pensioner"}


def card_lent(casting: Casting) -> None:
    """Another face shows the card, while its holder is seen elsewhere."""
    variant, dice = casting.case.variant, casting.dice
    person = casting.cast("worker", lambda p: _shows_codes(p) and not p.ride)
    uses = (dice.between(6, 12), dice.between(4, 8), dice.between(2, 3))[variant]
    span = (dice.between(6, 14), dice.between(25, 50), dice.between(20, 45))[variant]
    first = dice.between(5, casting.world.almanac.days - span - 2)
    city = person.city
    if variant == LOUD:
        city = dice.pick([c for c in casting.world.area.cities if c is not person.city])
    casting.about(person)
    act = partial(_lend, city=city, uses=uses, first=first, span=span, variant=variant)
    casting.does(person, Moment.AFTER, act)


def _lend(life: Life, *, city: City, uses: int, first: int, span: int, variant: int) -> None:
    dice = life.dice
    for number in range(uses):
        seen = _seen_by_code(life, first + number * span // uses)
        assert seen.place is not None  # noqa: S101 - a scan has a place
        moment = seen.true_s + dice.within(5, 20, MINUTE_S)
        if variant == LOUD:
            life.tap(moment, "flat", dice.pick(city.stops), dice.pick(city.buses), FARE_FEN)
            if number % 3 == 0:
                _show_face(
                    life,
                    moment + dice.within(1, 3, HOUR_S),
                    dice.pick(city.sites["counter"]),
                    18,
                    45,
                )
        elif variant == MIDDLE:
            site = far_site(life, city, ("counter", "hotel", "library"), seen.place)
            _show_face(life, moment, site, 22, 50)
        else:
            site = far_site(life, city, ("hospital", "clinic"), seen.place)
            _show_face(life, moment, site, 30, 50)
            see_doctor(life, moment + dice.between(40, 200), site)


def _show_face(life: Life, moment_s: int, site: Site, low: int, high: int) -> None:
    purpose = "hotel" if site.code.startswith("HL") else "counter"
    match = life.dice.between(low, high)
    life.at_site(moment_s, site, IdentityCheck(purpose, 1, "ok", match))


def far_site(life: Life, city: City, kinds: tuple[str, ...], away_from: Place) -> Site:
    """A site of a kind in the city, the farthest of some."""
    sites = [life.dice.pick(city.sites[life.dice.pick(kinds)]) for _ in range(8)]
    return max(sites, key=lambda site: (distance_m(site.place, away_from), site.code))


def _seen_by_code(life: Life, day: int) -> Happening:
    """The holder shows a code somewhere about that day: what was, or what is added now."""
    case, life.case = life.case, ""
    for each in life.told:
        near = day <= each.true_s // DAY_S <= day + 3
        if near and isinstance(each.detail, CodeScanned) and not each.case:
            life.case = case
            return each
    city = life.stay(day).city
    slot = NOON if life.person.role == "worker" else AFTERNOON
    on = life.free_day(slot, day, day + 3)
    site = life.dice.pick(city.sites["library"])
    moment = life.moment(on if on >= 0 else day, slot)
    show_code(life, moment, site.place, f"{site.code}T1", "library")
    life.case = case
    return life.told[-1]


def impossible_travel(casting: Casting) -> None:
    """A card is in two cities within minutes: a second chip of the same number."""
    variant, dice = casting.case.variant, casting.dice
    person = casting.cast("worker", lambda p: p.ride == "metro" and not p.concession)
    region = person.city.region
    far = [c for c in casting.world.area.cities if c.region != region]
    pairs = (dice.between(3, 6), 2, 1)[variant]
    minutes = ((4, 20), (8, 25), (10, 20))[variant]
    casting.about(person)
    act = partial(_appear, cities=far, pairs=pairs, low=minutes[0], high=minutes[1])
    casting.does(person, Moment.AFTER, act)


def _appear(life: Life, *, cities: list[City], pairs: int, low: int, high: int) -> None:
    dice = life.dice
    own = [
        e
        for e in life.told
        if e.face == "physical" and e.place is not None and e.true_s > DAY_S // 4
    ]
    for seen in dice.shuffled(own)[:pairs]:
        assert seen.place is not None  # noqa: S101 - filtered above
        near = seen.place.region
        city = dice.pick([c for c in cities if c.region != near] or cities)
        moment = seen.true_s + dice.within(low, high, MINUTE_S) * (1 if dice.below(2) else -1)
        if dice.below(2):
            shop = dice.pick(city.sites["shop"])
            life.at_site(
                moment, shop, Purchase(shop.trait, refund=False), account=life.person.account,
                amount_fen=dice.between(1_000, 60_000),
            )  # fmt: skip
        else:
            life.at_site(moment, dice.pick(city.sites["counter"]), CardAuthentication("ok"))


def code_replayed(casting: Casting) -> None:
    """A picture of a code is read again elsewhere."""
    variant, dice = casting.case.variant, casting.dice
    person = casting.cast(dice.pick(("worker", "homemaker")), _shows_codes)
    codes = (1, dice.between(2, 3), 1)[variant]
    casting.about(person)
    day = dice.between(3, casting.world.almanac.days - 16)
    act = partial(_read_again, codes=codes, variant=variant, day=day)
    casting.does(person, Moment.AFTER, act)


def _read_again(life: Life, *, codes: int, variant: int, day: int) -> None:
    dice = life.dice
    for number in range(codes):
        seen = _seen_by_code(life, day + 4 * number)
        scan, first_s = seen.detail, seen.true_s
        assert isinstance(scan, (CodeScanned, CodeShown))  # noqa: S101 - that is what was asked
        assert seen.place is not None  # noqa: S101 - a scan has a place
        city = life.stay(first_s // DAY_S).city
        again = dice.between(4, 8) if variant == LOUD else 1
        for _ in range(again):
            wait_s = {
                LOUD: dice.within(1, 30, MINUTE_S),
                MIDDLE: dice.within(2, 10, MINUTE_S),
            }.get(variant, dice.within(6, 72, HOUR_S))
            site = far_site(life, city, ("library", "counter", "hospital", "sight"), seen.place)
            life.tell(
                first_s + wait_s + dice.below(50),
                CodeScanned(scan.code, scan.purpose),
                place=site.place,
                device=f"{site.code}T{dice.below(3)}",
                face="code",
            )


def forged_card(casting: Casting) -> None:
    """Chips that are none of ours: a number tried about, invented numbers, a false certificate."""
    variant, dice = casting.case.variant, casting.dice
    person = casting.cast(dice.pick(("worker", "homemaker", "pensioner")))
    days = casting.world.almanac.days
    day = dice.between(3, days - 32)
    city = person.city
    if variant == LOUD:
        casting.about(person)
        act = partial(_try_about, day=day, tries=dice.between(4, 9), city=city)
    elif variant == MIDDLE:
        site = dice.pick([*city.sites["counter"], *city.sites["branch"], *city.sites["hospital"]])
        device = f"{site.code}T{dice.below(2)}"
        numbers = [card_of(city.region, dice.below(10**7), 3) for _ in range(dice.between(5, 12))]
        casting.subject("device", device)
        casting.subject("institution", site.code)
        for number in numbers:
            casting.subject("card", number)
        act = partial(_try_numbers, day=day, site=site, device=device, numbers=numbers)
    else:
        casting.about(person)
        cities = [c for c in casting.world.area.cities if c is not city]
        act = partial(_false_certificate, day=day, cities=[city, *cities], tries=dice.between(2, 3))
    casting.does(person, Moment.AFTER, act)


def _try_about(life: Life, *, day: int, tries: int, city: City) -> None:
    dice = life.dice
    moment = day * DAY_S + dice.within(8, 11, HOUR_S)
    for _ in range(tries):
        site = dice.pick(city.sites[dice.pick(("counter", "branch", "hospital", "library"))])
        life.at_site(moment, site, CardAuthentication("mac-wrong"))
        moment += dice.within(25, 240, MINUTE_S)


def _try_numbers(life: Life, *, day: int, site: Site, device: str, numbers: list[str]) -> None:
    dice = life.dice
    moment = day * DAY_S + 9 * HOUR_S + dice.below(7 * HOUR_S)
    for number in numbers:
        told = life.at_site(moment, site, CardAuthentication("number-unknown"))
        told.device, told.person, told.card = device, "", number
        moment += dice.between(20, 700)


def _false_certificate(life: Life, *, day: int, cities: list[City], tries: int) -> None:
    dice = life.dice
    moment = day * DAY_S + dice.within(8, 17, HOUR_S)
    for number in range(tries):
        city = cities[0] if number == 0 else dice.pick(cities)
        site = dice.pick(city.sites[dice.pick(("counter", "hotel", "branch"))])
        life.at_site(moment, site, CardAuthentication("certificate-wrong"))
        moment += dice.within(1, 9, DAY_S)
    on = life.free_day(MORNING, day, day + 9)
    if on >= 0:
        case, life.case = life.case, ""
        home = dice.pick(cities[0].sites["branch"])
        life.at_site(life.moment(on, MORNING), home, CardAuthentication("ok"))
        life.case = case
