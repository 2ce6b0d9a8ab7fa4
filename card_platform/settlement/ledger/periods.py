"""Closing a month: what each account stood at when it ended is fixed, and nothing is dated into it.

Rules:
- A month is closed because a supervisor asks, and by nothing else; one after another, the first
  with everything before it.
- It has ended, and a day more has passed: whatever was posted in its last moments is there.
- It reads the entries since the last closing once; accounts that did not move have no new row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from card_platform.settlement.ledger import closing_store
from card_platform.settlement.ledger.model import (
    Period,
    PeriodClosed,
    period_after,
    period_of,
    period_text,
)
from card_platform.settlement.ledger.refusals import (
    BooksDoNotBalance,
    PeriodHasNotEnded,
    PeriodIsClosed,
    PeriodIsNotNext,
    PeriodIsUnknown,
)
from card_platform.settlement.ledger.service import DATING
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.moment import Clock, moment_of

WAIT_AFTER_END = timedelta(days=1)
Guard = Callable[[Transaction, Period], None]


class Closing(msgspec.Struct, frozen=True):
    """A closed month: how many accounts moved in it, by how many entries, closed when by whom."""

    period: str
    accounts: int
    entries: int
    closed_at: str
    by: str


class Periods:
    """The months of one book."""

    def __init__(self, clock: Clock, guards: Sequence[Guard] = ()) -> None:
        """`guards` are asked before a month is closed and refuse what must not be closed yet."""
        self._clock = clock
        self._guards = tuple(guards)

    def close(self, tx: Transaction, period: Period, by: str) -> Closing:
        """Close a month.

        Raises:
            PeriodHasNotEnded, PeriodIsClosed, PeriodIsNotNext, BooksDoNotBalance, and what the
            guards raise.
        """
        next_number(tx, DATING)
        now = self._clock.now()
        last = closing_store.last_closed(tx)
        if period <= last:
            raise PeriodIsClosed(period=period_text(period))
        if last and period != period_after(last):
            raise PeriodIsNotNext(next=period_text(period_after(last)))
        if now < _end_of(period, now) + WAIT_AFTER_END:
            raise PeriodHasNotEnded(period=period_text(period))
        for guard in self._guards:
            guard(tx, period)
        accounts, entries, sum_fen = closing_store.moved_in(tx, last, period)
        if sum_fen:
            raise BooksDoNotBalance(period=period_text(period), sum_fen=sum_fen)
        at, text = moment_of(now), period_text(period)
        closing_store.close(
            tx, last, period=period, accounts=accounts, entries=entries, closed_at=at, by=by
        )
        tx.emit(PeriodClosed(at=at, by=by, card_id=None, period=text))
        return Closing(text, accounts, entries, at, by)


def read_period(text: str) -> Period:
    """A period as people write it, 2026-11."""
    return period_of(f"{text}-01")


def closed_period(tx: Transaction, text: str) -> Period:
    """A closed month, by its name. Raises PeriodIsUnknown where there is none."""
    closed = {period_text(each): each for each in closing_store.periods(tx)}
    if text not in closed:
        raise PeriodIsUnknown
    return closed[text]


def _end_of(period: Period, now: datetime) -> datetime:
    """The first moment of the month after it, in the offset of `now`."""
    year, month = divmod(period_after(period), 100)
    return datetime(year, month, 1, tzinfo=now.tzinfo)
