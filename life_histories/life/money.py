"""Money: pensions and allowances, what is drawn of them, shops."""

from __future__ import annotations

from typing import Final

from life_histories.almanac import DAY_S, HOUR_S
from life_histories.area import City, Site
from life_histories.events import Happening
from life_histories.kinds import (
    BankPin,
    PayoutCertified,
    PayoutPaid,
    Purchase,
    Transfer,
)
from life_histories.life.life import AFTERNOON, EVENING, MORNING, NOON, Life
from life_histories.people import Person

PENSION_FEN: Final = {"employee-pension": (210_000, 520_000), "resident-pension": (15_000, 32_000)}
FUND: Final = "FUND-"
"""The account of a region's fund, with its code behind it."""


def monthly_fen(person: Person, programme: str) -> int:
    """What a programme pays the person a month: the same each month."""
    low, high = PENSION_FEN.get(programme, (20_000, 90_000))
    return low + (person.index * 7_919 % 97) * (high - low) // 9_700 * 100


def payouts(life: Life) -> None:
    """Each payday; part of it is drawn in the days after."""
    for programme in life.person.programmes:
        back_pay = life.dice.chance(life.world.numbers.back_pay)
        stay = life.stays[0]
        for number, (day, period) in enumerate(life.world.almanac.paydays(stay.city.payday)):
            city = life.stay(day).city
            if city is not stay.city:
                break
            pay(life, city, day, programme, period)
            if back_pay and number == 1:
                for months in range(4, 4 + life.dice.between(2, 5)):
                    before = life.world.almanac.month_before(period, months)
                    pay(life, city, day, programme, before)
            if life.fate.draws and life.dice.chance(life.world.numbers.withdrawals):
                after = 0 if life.dice.chance(3_500) else life.dice.between(0, 6)
                draw(life, day + after, monthly_fen(life.person, programme))
        _after_moving(life, programme)
        certify = life.dice.chance(life.world.scaled(life.world.numbers.certified))
        if certify and programme.endswith("pension"):
            _certify(life, programme)


def _after_moving(life: Life, programme: str) -> None:
    """The new region goes on; some months are paid by both, rightly, in the month of moving."""
    if len(life.stays) < 2 or life.fate.moves_day < 0:  # noqa: PLR2004
        return
    city, moved = life.stays[1].city, life.fate.moves_day
    month_of_moving = life.world.almanac.date_text(moved)[:7]
    by_both = life.dice.chance(life.world.numbers.double_month)
    paid = {e.detail.period for e in life.told if isinstance(e.detail, PayoutPaid)}
    for day, period in life.world.almanac.paydays(city.payday):
        is_shared = period == month_of_moving and by_both and day > moved
        if day > moved and (period not in paid or is_shared):
            pay(life, city, day, programme, period)


def pay(life: Life, city: City, day: int, programme: str, period: str) -> Happening:
    """A line of the payout file, in the small hours."""
    moment = day * DAY_S + 2 * HOUR_S + life.person.index % 9_000
    account = life.person.account
    told = life.tell(
        moment,
        PayoutPaid(programme, period, account),
        account=account,
        amount_fen=monthly_fen(life.person, programme),
        delay_s=2,
    )
    told.region = city.region
    return told


def draw(life: Life, day: int, out_of_fen: int) -> None:
    """Cash: at a machine, at a branch, or at the village agent's."""
    dice = life.dice
    low = day if day < len(life.taken) else len(life.taken) - 1
    slot = EVENING if life.person.role == "worker" else dice.pick((MORNING, AFTERNOON))
    if not life.take(low, slot):
        return
    city = life.stay(low).city
    amount = max(10_000, out_of_fen * dice.between(15, 75) // 100 // 10_000 * 10_000)
    where = dice.below(10)
    moment = life.moment(low, slot)
    if where < 5 or slot == EVENING:  # noqa: PLR2004 - half of them
        at_machine(life, moment, dice.pick(city.sites["machine"]), amount)
        return
    kind = "agent" if where < 7 or life.person.programmes == ("resident-pension",) else "branch"  # noqa: PLR2004
    at_counter(life, moment, near_home(life, city.sites[kind]), amount)


def near_home(life: Life, sites: list[Site]) -> Site:
    """The one this household goes to."""
    return sites[life.person.household * 31 % len(sites)]


def at_machine(life: Life, moment_s: int, machine: Site, amount_fen: int) -> None:
    """PIN and cash at a machine; sometimes the PIN is wrong first."""
    dice, account = life.dice, life.person.account
    for outcome in ("wrong", "ok") if dice.chance(life.world.numbers.pins_wrong) else ("ok",):
        told = life.at_site(moment_s, machine, BankPin(outcome), account=account)
        told.device, told.institution = f"{machine.code}T0", ""
        moment_s += 20 + dice.below(20)
    cash = life.at_site(
        moment_s,
        machine,
        Transfer("cash-machine", cash=True),
        account=account,
        amount_fen=amount_fen,
    )
    cash.device, cash.institution, cash.skew_s = f"{machine.code}T0", "", told.skew_s


def at_counter(life: Life, moment_s: int, site: Site, amount_fen: int) -> None:
    """Cash over a counter."""
    life.at_site(
        moment_s, site, Transfer("counter", cash=True), account=life.person.account,
        amount_fen=amount_fen,
    )  # fmt: skip


def _certify(life: Life, programme: str) -> None:
    moment = life.free_slot()
    if moment < 0:
        return
    counter = life.dice.pick(life.stay(moment // DAY_S).city.sites["counter"])
    if life.agent_scope in {"all", "payout"} and life.dice.chance(6_000):
        life.at_site(moment, counter, PayoutCertified(programme, "agent"))
    elif life.person.phone and life.dice.chance(6_000):
        life.tell(moment, PayoutCertified(programme, "face"), device=life.person.phone)
    else:
        life.at_site(moment, counter, PayoutCertified(programme, "counter"))


def shopping(life: Life) -> None:
    """Purchases at the usual shops; a few are taken back."""
    person, dice, world = life.person, life.dice, life.world
    if person.role == "child":
        return
    if person.role == "student":
        _canteen(life)
    for _ in range(dice.count(world.scaled(world.numbers.purchases))):
        moment = life.free_slot()
        if moment < 0:
            continue
        day = moment // DAY_S
        shops = life.stay(day).shops
        shop = (
            dice.pick(shops) if dice.chance(8_000) else dice.pick(life.stay(day).city.sites["shop"])
        )
        buy(life, moment, shop, price_fen(life, shop))


def price_fen(life: Life, shop: Site) -> int:
    """A price as the shop makes them: some have round ones."""
    dice = life.dice
    match shop.trait:
        case "hairdresser":
            return dice.between(3, 12) * 1_000
        case "gym":
            return dice.pick((5_000, 10_000, 20_000, 100_000))
        case "electronics":
            return dice.between(5, 300) * 1_000 - 100
        case "tobacco":
            return dice.pick((2_500, 4_500, 10_000, 20_000))
        case _:
            return dice.between(500, 9_000) + dice.below(12) * dice.below(2_000)


def buy(life: Life, moment_s: int, shop: Site, amount_fen: int) -> None:
    """At the till; one in a hundred is refunded days later."""
    account = life.person.account
    life.at_site(
        moment_s, shop, Purchase(shop.trait, refund=False), amount_fen=amount_fen, account=account
    )
    if life.dice.chance(100):
        day = life.free_day(NOON, moment_s // DAY_S + 1, moment_s // DAY_S + 9)
        if day >= 0 and life.person.role != "worker":
            life.at_site(
                life.moment(day, NOON), shop, Purchase(shop.trait, refund=True),
                amount_fen=amount_fen, account=account,
            )  # fmt: skip


def _canteen(life: Life) -> None:
    dice = life.dice
    for day in range(len(life.taken)):
        if dice.chance(life.world.numbers.canteen_meals) and life.take(day, NOON):
            canteens = life.stay(day).city.sites["canteen"]
            canteen = canteens[life.person.household % len(canteens)]
            life.at_site(
                life.moment(day, NOON), canteen, Purchase("canteen", refund=False),
                amount_fen=life.dice.between(6, 20) * 100, account=life.person.account,
            )  # fmt: skip
