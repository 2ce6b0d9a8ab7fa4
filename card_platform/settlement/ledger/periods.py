"""Closing a month: what each account stood at when it ended is fixed, and nothing is dated into it.

Rules:
- A month is closed because a supervisor asks, and by nothing else; one after another, the first
  with everything before it.
- It has ended, and a day more has passed: whatever was posted in its last moments is there. From
  the moment its closing begins nothing is dated into it, so that its entries stand still.
- It is counted piece by piece, in the order of the accounts' names: a piece is read on a connection
  of its own and saved in a small transaction, and requests get their turn between. Nothing reads
  what was counted until the last step closes the month, all at once, with the answer.
- Asked again, whoever asks goes on from where it was left; of two that count at once the later
  drops its piece. Accounts that did not move have no row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec

from card_platform.errors import PlatformIsBusy
from card_platform.settlement.ledger import closing_store
from card_platform.settlement.ledger.closing_life import ClosingAction, ClosingState, closing_after
from card_platform.settlement.ledger.closing_store import Counting, Piece
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
from card_platform.storage import Database, Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.moment import Clock, moment_of

WAIT_AFTER_END = timedelta(days=1)
PIECE = 1_000
"""Accounts of one transaction."""
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

    def __init__(self, clock: Clock, guards: Sequence[Guard] = (), piece: int = PIECE) -> None:
        """`guards` are asked before a month is closed and refuse what must not be closed yet."""
        self._clock = clock
        self._guards = tuple(guards)
        self._piece = piece

    async def count(self, database: Database, period: Period, by: str) -> None:
        """Count a month to its end, from wherever it is; nothing where it is closed.

        Raises:
            PeriodHasNotEnded, PeriodIsNotNext, BooksDoNotBalance, and what the guards raise.
        """
        await database.write(partial(self.begin, period=period, by=by))
        while True:
            piece = await database.read(partial(self.next_piece, period=period))
            if piece is None:
                break
            await database.write(partial(self.add_piece, piece=piece))
        sum_fen = await database.read(partial(self._sum_of, period=period))
        if sum_fen:
            while await database.write(partial(self.take_back, period=period)):
                pass
            raise BooksDoNotBalance(period=period_text(period), sum_fen=sum_fen)

    def begin(self, tx: Transaction, period: Period, by: str) -> None:
        """Begin to count a month, unless somebody did: nothing is dated into it from now on.

        Raises:
            PeriodHasNotEnded, PeriodIsNotNext, and what the guards raise.
        """
        next_number(tx, DATING)
        now = self._clock.now()
        last = closing_store.last_closed(tx)
        if period <= last or closing_store.find(tx, period) is not None:
            return
        if last and period != period_after(last):
            raise PeriodIsNotNext(next=period_text(period_after(last)))
        if now < _end_of(period, now) + WAIT_AFTER_END:
            raise PeriodHasNotEnded(period=period_text(period))
        for guard in self._guards:
            guard(tx, period)
        closing_store.begin(tx, period, last, at=moment_of(now), by=by)

    def next_piece(self, tx: Transaction, period: Period) -> Piece | None:
        """Read the next accounts; None where all are counted. Writes nothing."""
        found = closing_store.find(tx, period)
        if found is None or found.state is not ClosingState.COUNTING:
            return None
        return closing_store.read_piece(tx, found, self._piece)

    def add_piece(self, tx: Transaction, piece: Piece) -> bool:
        """Add a piece; the last one, which is empty, ends the counting. False where it was added
        by another.
        """
        found = closing_store.find(tx, piece.period, to_change=True)
        if found is None or found.reached != piece.after:
            return False
        if found.state is not ClosingState.COUNTING:
            return False
        is_last = not piece.counted
        state = closing_after(found.state, ClosingAction.FINISH) if is_last else found.state
        closing_store.add_piece(tx, piece, state)
        return True

    def take_back(self, tx: Transaction, period: Period) -> bool:
        """Forget the next of what was counted of a month that does not balance, at last that it was
        begun; whether there is more.
        """
        found = closing_store.find(tx, period, to_change=True)
        if found is None or not found.is_wrong:
            return False
        return closing_store.forget(tx, period, self._piece)

    def close(self, tx: Transaction, period: Period, by: str) -> Closing:
        """Close a month that was counted.

        Raises:
            PeriodIsClosed, what the guards raise, PlatformIsBusy: what was counted is taken back.
        """
        if period <= closing_store.last_closed(tx):
            raise PeriodIsClosed(period=period_text(period))
        for guard in self._guards:
            guard(tx, period)
        found = closing_store.find(tx, period, to_change=True)
        if found is None or found.state is ClosingState.COUNTING or found.is_wrong:
            raise PlatformIsBusy
        if found.state is ClosingState.CLOSED:
            raise PeriodIsClosed(period=period_text(period))
        at, text = moment_of(self._clock.now()), period_text(period)
        state = closing_after(found.state, ClosingAction.CLOSE)
        closing_store.close(tx, period, state, at=at, by=by)
        tx.emit(PeriodClosed(at=at, by=by, card_id=None, period=text))
        return Closing(text, found.accounts, found.entries, at, by)

    def _sum_of(self, tx: Transaction, period: Period) -> int:
        """What was counted sums to, where that is wrong; 0 where it is right."""
        found: Counting | None = closing_store.find(tx, period)
        return found.sum_fen if found is not None and found.is_wrong else 0


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
