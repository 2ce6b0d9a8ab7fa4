"""Which cases are planted where: how many of each typology, in turn loud, middling and sly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from life_histories.dice import Dice, Stream
from life_histories.frauds.accounts import cards_withheld, mule_account
from life_histories.frauds.care import medicine_beyond_need, phantom_visits, split_receipts
from life_histories.frauds.casting import Case, Casting, Deed, TooFewPeople, make_pools
from life_histories.frauds.payouts import account_changed_before_payday, dead_payee, double_payout
from life_histories.frauds.presence import (
    card_lent,
    code_replayed,
    forged_card,
    impossible_travel,
)
from life_histories.frauds.purse import (
    cloned_purse,
    concession_abuse,
    lost_card_used,
    tap_replayed,
)
from life_histories.frauds.trade import false_enrolment, merchant_cash_out
from life_histories.life.life import NINETY, World

CASES_MIN: Final = 3
"""One of each variant at least."""
PEOPLE: Final = 100_000

WRITERS: Final[dict[str, Callable[[Casting], None]]] = {
    "cloned-purse": cloned_purse,
    "lost-card-used": lost_card_used,
    "card-lent": card_lent,
    "impossible-travel": impossible_travel,
    "dead-payee": dead_payee,
    "double-payout": double_payout,
    "account-changed-before-payday": account_changed_before_payday,
    "mule-account": mule_account,
    "split-receipts": split_receipts,
    "phantom-visits": phantom_visits,
    "medicine-beyond-need": medicine_beyond_need,
    "concession-abuse": concession_abuse,
    "code-replayed": code_replayed,
    "tap-replayed": tap_replayed,
    "merchant-cash-out": merchant_cash_out,
    "false-enrolment": false_enrolment,
    "forged-card": forged_card,
    "cards-withheld": cards_withheld,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """All cases, and each person's deeds."""

    cases: list[Case]
    deeds: dict[int, list[Deed]]


def make_plan(world: World) -> Plan:
    """Draw all cases. Raises `TooFewPeople` when not even the fewest can be cast."""
    pools = make_pools(world)
    deeds: dict[int, list[Deed]] = {}
    cases: list[Case] = []
    wanted = dict(world.numbers.cases)
    counts = {
        name: max(
            CASES_MIN, wanted[name] * len(world.people) * world.almanac.days // (PEOPLE * NINETY)
        )
        for name in WRITERS
    }
    for round_ in range(max(counts.values())):
        for typology, (name, write) in enumerate(WRITERS.items()):
            if round_ >= counts[name]:
                continue
            case = Case(f"F{len(cases) + 1:06d}", name, round_ % 3)
            dice = Dice(world.seed, Stream.CASE, typology * 1_000_000 + round_)
            casting = Casting(world, dice, case, deeds, pools)
            try:
                write(casting)
            except TooFewPeople:
                if round_ < CASES_MIN:
                    raise
                deeds_of_nobody(deeds, case.code)
                continue
            cases.append(case)
    return Plan(cases, deeds)


def deeds_of_nobody(deeds: dict[int, list[Deed]], case: str) -> None:
    """Strike the deeds of a case that could not be cast to its end."""
    for row in deeds.values():
        row[:] = [deed for deed in row if deed.case != case]
