"""What breaks into a life: death (told late), moving, a lost card; and what follows for the rest.

Rules: the dead do nothing; until the death is known the fund goes on paying, and the family gives
it back. A lost card is in nobody's hand until it is found or replaced; its owner goes on with the
electronic card where that will do.
"""

from __future__ import annotations

from life_histories.almanac import DAY_S, HOUR_S
from life_histories.area import City
from life_histories.events import Happening
from life_histories.kinds import (
    CardCancelled,
    CardFrozen,
    CardIssued,
    CardLost,
    CardReplaced,
    CardRestored,
    MedicalSettled,
    MedicalVisit,
    MedicineSold,
    PayoutPaid,
    PersonDied,
    PersonMoved,
    Transfer,
)
from life_histories.life.life import ALL, MORNING, Fate, Life
from life_histories.life.money import FUND
from life_histories.life.travel import travel
from life_histories.people import OLD, card_of


def decide(life: Life) -> Fate:
    """Draw what will happen. A case changes nothing else: as many draws with one as without."""
    dice, world, person = life.dice, life.world, life.person
    days, fate = world.almanac.days, Fate()
    dies, moves = dice.chance(world.scaled(world.numbers.deaths)), False
    day, late = dice.below(days), dice.chance(world.numbers.deaths_late)
    told_days = dice.between(12, 50) if late else dice.between(1, 4)
    if dies and person.age >= OLD:
        fate.dies_s = day * DAY_S + dice.below(DAY_S)
        fate.death_told_s = (day + told_days) * DAY_S + 10 * HOUR_S + dice.below(6 * HOUR_S)
    moves = dice.chance(world.scaled(world.numbers.moves))
    day = dice.between(5, days - 6)
    if moves and person.role in {"worker", "pensioner", "homemaker"} and fate.dies_s < 0:
        fate.moves_day = day
    loses = dice.chance(world.scaled(world.numbers.losses))
    day, hours = dice.between(1, days - 2), dice.between(1, 14) * dice.between(1, 7)
    if life.is_cast:
        return Fate()
    if loses and person.role != "child" and fate.dies_s < 0:
        lose(life, fate, day, hours)
    return fate


def lose(life: Life, fate: Fate, day: int, hours_until_told: int) -> None:
    """A card lost in the evening of a day, reported so many hours later."""
    dice = life.dice
    fate.lost_s = day * DAY_S + 19 * HOUR_S + dice.below(HOUR_S // 2)
    fate.reported_s = fate.lost_s + hours_until_told * HOUR_S - dice.below(1_800)
    fate.replaced = not dice.chance(life.world.numbers.found_again)
    days = dice.between(3, 15) if fate.replaced else dice.between(1, 4)
    fate.back_s = (fate.reported_s // DAY_S + days) * DAY_S + 9 * HOUR_S + dice.below(7 * HOUR_S)


def settle_in(life: Life) -> None:
    """The diary, and where the person lives: students and migrants come from elsewhere."""
    person, dice, fate = life.person, life.dice, life.fate
    life.taken = [0] * life.world.almanac.days
    comes = person.origin is not None and (person.role == "student" or dice.chance(4_000))
    if person.origin is not None and comes and person.origin is not person.city:
        life.add_stay(-9_999, person.origin)
        day = dice.between(3, 9) if person.role == "student" else dice.between(1, 11)
        _move(life, life.stays[0].city, person.city, day)
        life.add_stay(day, person.city, person.home)
    else:
        life.add_stay(-9_999, person.city, person.home)
    if fate.moves_day >= 0:
        city = life.stay(fate.moves_day).city
        others = [c for c in life.world.area.cities if c.region != city.region]
        there = dice.pick(others)
        _move(life, city, there, fate.moves_day)
        life.add_stay(fate.moves_day, there)
        told_s = fate.moves_day * DAY_S + 17 * HOUR_S + dice.below(2 * HOUR_S)
        wait_s = dice.between(0, 8) * DAY_S + 5
        life.tell(told_s, PersonMoved(there.region), delay_s=wait_s).region = city.region
    if fate.lost_s >= 0:
        _loss(life)
    if fate.dies_s >= 0:
        told = life.tell(fate.dies_s, PersonDied(), delay_s=fate.death_told_s - fate.dies_s)
        told.card = ""


def _move(life: Life, one: City, there: City, day: int) -> None:
    life.taken[day] |= ALL
    travel(life, one, there, day * DAY_S + 9 * HOUR_S + life.dice.below(HOUR_S))


def _loss(life: Life) -> None:
    fate, person, dice = life.fate, life.person, life.dice
    life.tell(fate.reported_s, CardLost(), delay_s=2)
    if not fate.replaced:
        life.tell(fate.back_s, CardRestored(), delay_s=2)
        return
    new = card_of(person.city.region, person.index, 1)
    life.tell(fate.back_s, CardReplaced(new), delay_s=2)
    issued = life.tell(fate.back_s, CardIssued(person.born, "3.0"), delay_s=3)
    issued.card = new
    if dice.chance(2_000):
        life.tell(fate.back_s + 60, CardCancelled(), delay_s=2)


def freeze(life: Life) -> None:
    """Now and then a card is frozen for a day at its holder's wish."""
    day = life.free_day(MORNING) if life.dice.chance(8) else -1
    if day >= 0 and life.fate.lost_s < 0:
        moment = life.moment(day, MORNING)
        life.tell(moment, CardFrozen(), delay_s=2)
        life.tell(moment + DAY_S, CardRestored(), delay_s=2)


def follow(life: Life) -> None:
    """Strike what death and loss make impossible."""
    if life.fate.lost_s >= 0:
        _without_card(life)
    if life.fate.dies_s >= 0:
        _without_life(life)


def _without_card(life: Life) -> None:
    fate, person = life.fate, life.person
    new = card_of(person.city.region, person.index, 1)
    kept = []
    for each in life.told:
        is_gone = fate.lost_s <= each.true_s < fate.back_s and each.face == "physical"
        if is_gone and isinstance(each.detail, (MedicalVisit, MedicalSettled, MedicineSold)):
            each.face = "electronic" if person.phone else ""
        elif is_gone:
            continue
        is_of_card = not isinstance(each.detail, (CardReplaced, CardCancelled))
        if fate.replaced and each.true_s >= fate.back_s and is_of_card:
            each.card = new
        kept.append(each)
    life.told = kept


def _without_life(life: Life) -> None:
    fate, dice = life.fate, life.dice
    paid_after: list[Happening] = []
    kept = []
    for each in life.told:
        if isinstance(each.detail, PayoutPaid) and each.true_s > fate.dies_s:
            if each.true_s < fate.death_told_s:
                paid_after.append(each)
                kept.append(each)
        elif each.true_s <= fate.dies_s or isinstance(each.detail, PersonDied):
            kept.append(each)
    life.told = kept
    back_s = fate.death_told_s + dice.between(1, 9) * DAY_S + dice.below(4 * HOUR_S)
    for each in paid_after if fate.is_returned else ():
        detail = Transfer("counter", cash=False, to_account=f"{FUND}{each.region}")
        life.tell(
            back_s, detail, account=each.account, amount_fen=each.amount_fen
        ).region = each.region
