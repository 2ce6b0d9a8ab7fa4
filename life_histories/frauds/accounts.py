"""Fraud with accounts: money of many through one, and the cards of many in one hand."""

from __future__ import annotations

from functools import partial

from life_histories.almanac import DAY_S, HOUR_S
from life_histories.area import Site
from life_histories.frauds.casting import LOUD, MIDDLE, SLY, Casting, Moment
from life_histories.kinds import AccountOpened, BankPin, Transfer
from life_histories.life.accounts import send
from life_histories.life.life import Life
from life_histories.life.money import monthly_fen
from life_histories.people import Person, account_of


def mule_account(casting: Casting) -> None:
    """Unrelated people's money comes in and is gone again at once."""
    variant, dice = casting.case.variant, casting.dice
    mule = casting.cast("worker", lambda p: bool(p.phone))
    count = (dice.between(12, 20), dice.between(6, 9), dice.between(4, 5))[variant]
    span = (dice.between(3, 6), dice.between(12, 22), dice.between(20, 35))[variant]
    payers = casting.cast_many(count, "worker" if variant == LOUD else "homemaker")
    account = account_of(mule.index, 2)
    casting.subject("account", account)
    casting.about(mule)
    first = dice.between(5, casting.world.almanac.days - span - 5)
    moments, gone = [], []
    for payer in payers:
        moment = (first + dice.below(span)) * DAY_S + 8 * HOUR_S + dice.below(13 * HOUR_S)
        amount = dice.between(200, 3_000) * 100
        low_h, high_h = ((1, 4), (4, 20), (18, 44))[variant]
        moments.append(moment)
        gone.append(
            (moment + dice.within(low_h, high_h, HOUR_S), amount * dice.between(90, 100) // 100)
        )
        act = partial(_pay_in, moment_s=moment, account=account, amount=amount)
        casting.does(payer, Moment.AFTER, act)
    begins = min(moments) - dice.within(20, 96, HOUR_S)
    act = partial(_pass_on, account=account, begins=begins, gone=gone, cash=variant == LOUD)
    casting.does(mule, Moment.AFTER, act)


def _pay_in(life: Life, *, moment_s: int, account: str, amount: int) -> None:
    send(life, moment_s, account, amount)


def _pass_on(
    life: Life, *, account: str, begins: int, gone: list[tuple[int, int]], cash: bool
) -> None:
    dice, person = life.dice, life.person
    case, life.case = life.case, ""
    opened = AccountOpened("payout", "online", person.number)
    life.tell(begins, opened, account=account, device=person.phone, face="electronic")
    life.case = case
    target = f"A{dice.below(10**8):08d}"
    city = life.stay(begins // DAY_S).city
    for moment, amount in gone:
        if cash:
            machine = dice.pick(city.sites["machine"])
            amount_fen = max(10_000, amount // 10_000 * 10_000)
            told = life.at_site(
                moment, machine, Transfer("cash-machine", cash=True), account=account,
                amount_fen=amount_fen,
            )  # fmt: skip
            told.device, told.institution = f"{machine.code}T0", ""
        else:
            life.tell(
                moment, Transfer("online", cash=False, to_account=target), account=account,
                device=person.phone, face="electronic", amount_fen=amount,
            )  # fmt: skip


def cards_withheld(casting: Casting) -> None:
    """One hand draws the whole pensions of many, payday after payday."""
    variant, dice = casting.case.variant, casting.dice
    first = casting.cast("pensioner")
    city = first.city
    count = (dice.between(12, 20), dice.between(6, 9), dice.between(4, 5))[variant]
    others = casting.cast_many(count - 1, "pensioner", lambda p: p.city is city)
    machines = [dice.pick(city.sites["machine"]) for _ in range(2 if variant == MIDDLE else 1)]
    for machine in machines:
        casting.subject("device", f"{machine.code}T0")
    people = [first, *others]
    for person in people:
        casting.about(person)
        casting.does(person, Moment.BEFORE, _give_away)
        casting.subject("account", person.account)
    gap = ((70, 200), (180, 900), (1_200, 3_600))[variant]
    for day, _ in casting.world.almanac.paydays(city.payday):
        moment = (day + dice.between(0, 2)) * DAY_S + 8 * HOUR_S + dice.below(4 * HOUR_S)
        for person in _order(casting, people, variant):
            moment += dice.between(*gap)
            share = 100 if variant != SLY else dice.between(90, 100)
            act = partial(_draw_all, moment_s=moment, machine=dice.pick(machines), share=share)
            casting.does(person, Moment.AFTER, act)


def _give_away(life: Life) -> None:
    life.fate.draws = False


def _order(casting: Casting, people: list[Person], variant: int) -> list[Person]:
    return people if variant in {LOUD, MIDDLE} else casting.dice.shuffled(people)


def _draw_all(life: Life, *, moment_s: int, machine: Site, share: int) -> None:
    dice, person = life.dice, life.person
    outcomes = ("wrong", "ok") if dice.chance(500) else ("ok",)
    for outcome in outcomes:
        told = life.at_site(moment_s, machine, BankPin(outcome), account=person.account)
        told.device, told.institution = f"{machine.code}T0", ""
        moment_s += dice.between(15, 30)
    amount = monthly_fen(person, person.programmes[0]) * share // 100 // 10_000 * 10_000
    cash = life.at_site(
        moment_s, machine, Transfer("cash-machine", cash=True), account=person.account,
        amount_fen=max(amount, 10_000),
    )  # fmt: skip
    cash.device, cash.institution = f"{machine.code}T0", ""
