"""An ordinary life from the first day to the last, before anybody does wrong."""

from __future__ import annotations

from life_histories.life.accounts import account_changes, second_account, transfers
from life_histories.life.fate import follow, freeze, settle_in
from life_histories.life.health import illness
from life_histories.life.identity import checks, codes, register
from life_histories.life.life import Life
from life_histories.life.money import payouts, shopping
from life_histories.life.travel import commute, journeys, leisure
from life_histories.life.work import employment


def live(life: Life) -> None:
    """Everything the person does; whoever comes first takes the slots of the day."""
    person = life.person
    settle_in(life)
    register(life)
    journeys(life)
    illness(life)
    employment(life)
    payouts(life)
    checks(life)
    codes(life)
    shopping(life)
    transfers(life)
    freeze(life)
    if person.role in {"worker", "night"} or (person.role == "student" and person.ride):
        commute(life)
    rides_at_leisure = life.dice.chance(life.world.numbers.leisure_riders)
    if person.ride if person.role == "pensioner" else rides_at_leisure and person.role != "child":
        leisure(life)
    account_changes(life)
    second_account(life)
    follow(life)
