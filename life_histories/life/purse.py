"""Counters and balances of a card's purse, when all its taps are known in their true order.

Rules (JT/T 978, after PBOC): taps and loads count separately, each from where the chip stood on the
first day; an entry moves no money; a purse that cannot pay is loaded just before.
"""

from __future__ import annotations

from typing import Final

from life_histories.events import Happening
from life_histories.kinds import PurseLoad, TransitTap
from life_histories.life.life import Life

LOADS_FEN: Final = (5_000, 5_000, 10_000, 10_000, 20_000)


def settle_purses(life: Life) -> None:
    """Write counter and balance into each tap of each card, and put in the loads between."""
    rows: dict[str, list[Happening]] = {}
    for each in life.told:
        if each.purse:
            rows.setdefault(each.card, []).append(each)
    for card, taps in rows.items():
        _settle(life, taps, is_first=card == life.person.card)


def _settle(life: Life, taps: list[Happening], *, is_first: bool) -> None:
    dice = life.dice
    taps.sort(key=lambda each: each.true_s)
    counter = dice.between(40, 2_400) if is_first else dice.below(3)
    loads = dice.between(4, 90) if is_first else 1
    balance = dice.between(300, 12_000)
    least_fen = dice.pick((200, 500, 800, 1_000))
    for each in taps:
        tap = each.detail
        assert isinstance(tap, TransitTap)  # noqa: S101 - only taps are marked
        fare = each.amount_fen or 0
        if balance < max(fare, least_fen if tap.phase != "exit" else 0):
            amount = dice.pick(LOADS_FEN)
            balance += amount
            _load(life, each, loads, balance, amount)
            loads += 1
        balance -= fare
        tap.counter, tap.balance_fen = counter, balance
        counter += 1


def _load(life: Life, before: Happening, counter: int, balance: int, amount_fen: int) -> None:
    """At the kiosk of the station or the stop, a minute or three before the tap."""
    at = before.place
    assert at is not None  # noqa: S101 - a tap has a place
    is_stop = at.code.startswith("BS")
    told = life.tell(
        before.true_s - 60 - life.dice.below(100),
        PurseLoad(counter, balance),
        place=at,
        device="" if is_stop else f"{at.code}K1",
        face="physical",
        amount_fen=amount_fen,
    )
    told.card, told.case = before.card, before.case
    told.person, told.region = before.person, before.region
