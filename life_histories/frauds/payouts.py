"""Fraud with payouts: to the dead, twice for a month, to an account changed just before."""

from __future__ import annotations

from functools import partial

from life_histories.almanac import DAY_S, HOUR_S
from life_histories.area import City
from life_histories.frauds.casting import LOUD, MIDDLE, SLY, Casting, Moment
from life_histories.kinds import (
    AccountChanged,
    AccountOpened,
    MedicineSold,
    PayoutCertified,
    PayoutPaid,
    Transfer,
)
from life_histories.life.accounts import use_account
from life_histories.life.health import settle, visit_number
from life_histories.life.life import Life
from life_histories.life.money import at_machine, monthly_fen, near_home, pay
from life_histories.people import Person, account_of, phone_of


def dead_payee(casting: Casting) -> None:
    """Money goes on to the dead and is drawn; the family says nothing, or signs for them."""
    variant, dice = casting.case.variant, casting.dice
    person = casting.cast("pensioner")
    paydays = casting.world.almanac.paydays(person.city.payday)
    chosen = paydays[:1] if variant == MIDDLE else paydays[: max(1, len(paydays) - 1)]
    first = dice.pick(chosen)[0]
    day = dice.between(max(0, first - 14), max(1, first - 3))
    told = (dice.between(1, 5), dice.between(24, 45), dice.between(3, 10))[variant]
    casting.about(person)
    casting.subject("account", person.account)
    casting.does(person, Moment.BEFORE, partial(_die, day=day, told_days=told))
    casting.does(person, Moment.AFTER, partial(_live_on, variant=variant))


def _die(life: Life, *, day: int, told_days: int) -> None:
    fate, dice = life.fate, life.dice
    fate.dies_s = day * DAY_S + dice.below(DAY_S)
    fate.death_told_s = (day + told_days) * DAY_S + 10 * HOUR_S + dice.below(6 * HOUR_S)
    fate.is_returned = False


def _live_on(life: Life, *, variant: int) -> None:
    dice, person, fate = life.dice, life.person, life.fate
    days, programme = life.world.almanac.days, person.programmes[0]
    for each in life.told:
        if isinstance(each.detail, PayoutPaid) and each.true_s > fate.dies_s:
            each.case = life.case
    for day, period in life.world.almanac.paydays(person.city.payday):
        after_told = day * DAY_S > fate.death_told_s
        if day * DAY_S <= fate.dies_s:
            continue
        if after_told and variant != MIDDLE:
            pay(life, person.city, day, programme, period)
        if day + 6 < days:
            moment = (day + dice.between(0, 4)) * DAY_S + 9 * HOUR_S + dice.below(9 * HOUR_S)
            machine = dice.pick(person.city.sites["machine"])
            amount = monthly_fen(person, programme) // 10_000 * 10_000
            at_machine(life, moment, machine, max(amount, 10_000))
    if variant == MIDDLE:
        moment = fate.dies_s + dice.between(4, 20) * DAY_S
        counter = dice.pick(person.city.sites["counter"])
        moment = moment // DAY_S * DAY_S + 10 * HOUR_S + dice.below(5 * HOUR_S)
        life.at_site(moment, counter, PayoutCertified(programme, "agent"))
    if variant == SLY:
        for _ in range(dice.between(2, 4)):
            moment = fate.death_told_s + dice.between(2, 28) * DAY_S
            shop = dice.pick(person.city.sites["pharmacy"])
            visit = visit_number(life)
            sold = MedicineSold(visit, f"C{dice.between(10, 69)}", 4, 30, chronic=True)
            life.at_site(moment, shop, sold, amount_fen=dice.between(3_000, 20_000))
            settle(
                life,
                moment + 60,
                shop,
                visit,
                dice.between(3_000, 20_000),
                care="pharmacy",
                lines=1,
            )


def double_payout(casting: Casting) -> None:
    """Two funds, or two accounts, pay one person for the same month; more than once."""
    variant, dice = casting.case.variant, casting.dice
    person = casting.cast("pensioner", lambda p: bool(p.phone))
    others = [c for c in casting.world.area.cities if c.region != person.city.region]
    casting.about(person)
    casting.subject("account", person.account)
    casting.subject("account", account_of(person.index, 2))
    if variant == SLY:
        casting.does(person, Moment.BEFORE, partial(_leave, day=dice.between(4, 9)))
        casting.does(person, Moment.AFTER, _old_region_pays_on)
        return
    city = dice.pick(others) if variant == LOUD or dice.below(2) else person.city
    months = 3 if variant == LOUD else 2
    casting.does(person, Moment.AFTER, partial(_second_fund, city=city, months=months))


def _leave(life: Life, *, day: int) -> None:
    life.fate.moves_day = day


def _second_fund(life: Life, *, city: City, months: int) -> None:
    dice, person = life.dice, life.person
    account, programme = account_of(person.index, 2), person.programmes[0]
    opened = AccountOpened("payout", "online", person.number)
    case, life.case = life.case, ""
    moment = dice.between(1, 7) * DAY_S + dice.within(9, 20, HOUR_S)
    told = life.tell(moment, opened, account=account, device=person.phone)
    told.region, told.face = city.region, "electronic"
    life.case = case
    for day, period in life.world.almanac.paydays(city.payday)[-months:]:
        told = pay(life, city, day, programme, period)
        told.account = account
        told.detail = PayoutPaid(programme, period, account)


def _old_region_pays_on(life: Life) -> None:
    old, programme = life.stays[0].city, life.person.programmes[0]
    for day, period in life.world.almanac.paydays(old.payday):
        if day > life.fate.moves_day:
            pay(life, old, day, programme, period)
    new, paid = life.stays[-1].city, set()
    for each in life.told:
        if isinstance(each.detail, PayoutPaid) and each.region == new.region:
            paid.add(each.detail.period)
    case, life.case = life.case, ""
    for day, period in life.world.almanac.paydays(new.payday):
        if day > life.fate.moves_day and period not in paid:
            pay(life, new, day, programme, period)
    life.case = case


def account_changed_before_payday(casting: Casting) -> None:
    """Somebody else's phone points the payout to another account; after payday it is emptied."""
    variant, dice = casting.case.variant, casting.dice
    victim, thief = casting.cast("pensioner"), casting.cast("worker")
    casting.about(victim)
    casting.about(thief)
    account = account_of(thief.index, 2)
    casting.subject("account", account)
    casting.subject("account", victim.account)
    device = thief.phone or phone_of(thief.index, 2)
    casting.subject("device", device)
    before = (dice.between(1, 2), dice.between(3, 4), dice.between(5, 7))[variant]
    by = thief.number if variant == LOUD else victim.number
    act = partial(
        _redirect,
        account=account,
        device=device,
        by=by,
        before=before,
        thief=thief,
        variant=variant,
    )
    casting.does(victim, Moment.AFTER, act)


def _redirect(
    life: Life, *, account: str, device: str, by: str, before: int, thief: Person, variant: int
) -> None:
    dice, person = life.dice, life.person
    paydays = [p for p in life.world.almanac.paydays(person.city.payday) if p[0] > before]
    day, period = dice.pick(paydays[: max(1, len(paydays) - 1)] or paydays)
    moment = (day - before) * DAY_S + 12 * HOUR_S + dice.below(11 * HOUR_S)
    detail = AccountChanged("payout", person.account, "online", by)
    life.tell(moment, detail, account=account, device=device, face="electronic")
    old, amount = person.account, monthly_fen(person, person.programmes[0])
    use_account(life, moment, old, account)
    for each in life.told:
        if isinstance(each.detail, PayoutPaid) and each.account == account:
            each.case = life.case if each.detail.period == period else each.case
    pieces = 3 if variant == SLY else 1
    paid_s = day * DAY_S + 5 * HOUR_S
    for _ in range(pieces):
        paid_s += dice.within(*((1, 5), (6, 20), (8, 22))[variant], HOUR_S)
        if variant == MIDDLE:
            life.tell(
                paid_s, Transfer("online", cash=False, to_account=f"A{dice.below(10**8):08d}"),
                account=account, device=device, face="electronic", amount_fen=amount,
            )  # fmt: skip
            continue
        machine = near_home(life, person.city.sites["machine"])
        told = life.at_site(
            paid_s, machine, Transfer("cash-machine", cash=True), account=account,
            amount_fen=max(10_000, amount // pieces // 10_000 * 10_000),
        )  # fmt: skip
        told.device, told.institution = f"{machine.code}T0", ""
        if variant == LOUD:  # the account is the thief's own; else one in the victim's name
            told.person, told.card = thief.number, thief.card
