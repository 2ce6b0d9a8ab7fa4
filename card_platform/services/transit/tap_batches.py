"""Taps by the batch: what a terminal kept while its line was away, up to 10,000 at once.

Rules:
- A line is one tap as JSON (NDJSON). Each has its own outcome; a faulty line tells all its faults
  and stops nobody else.
- A line that was taken before is `known`: the same queue may be sent as often as need be. Another
  tap with the card's day and sequence of a known one is refused as replayed.
- A batch goes by parts. While one is written the next is read: its TACs are checked, the database
  is asked once for all cards and once for all taps known, and its rows are gathered. A part is one
  transaction, which adds the rows of a table together: what is cut off is sent again.
- Audit has the batch, and the taps are on record as every tap is.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import ClassVar

import msgspec

from card_platform.errors import PlatformIsBusy, Refusal
from card_platform.issuance.store import find_state_of_application, questions_of_state
from card_platform.services.transit import tap_batch_store as store
from card_platform.services.transit.model import Tap, TapDoubted
from card_platform.services.transit.refusals import TapIsReplayed
from card_platform.services.transit.tap_lines import Line, read_lines
from card_platform.services.transit.tap_parts import LineOutcome, Part
from card_platform.services.transit.taps import Taps
from card_platform.settlement.ledger import Ledger
from card_platform.storage import Batch, Event, Transaction
from card_platform.storage.unit_of_work import RowsAreRefused
from card_platform.vocabulary.moment import Clock
from card_platform.web.authentication import Caller

LINES_MAX = 10_000
"""Most lines of one batch."""
PART_LINES = 5_000
"""Lines of one transaction: on SQLite others wait for it, a quarter of a second."""

OLD_AFTER_S = 10.0
"""A part that waits longer is gathered once more: what reads taps by their ids, which hold a
moment, leaves out no more than the last minute (`oversight.risk.stream`).
"""


class TapBatchAnswer(msgspec.Struct, frozen=True):
    """What became of a batch."""

    taken: int
    known: int
    refused: int
    late: int
    lines: list[LineOutcome]


class TapBatchTaken(Event, frozen=True, kw_only=True):
    """A batch of taps was taken."""

    action: ClassVar[str] = "take-taps"
    card_id: None = None
    taken: int
    known: int
    refused: int

    @property
    def detail(self) -> str:
        """How many of each outcome."""
        return f"{self.taken} taken, {self.known} known, {self.refused} refused"


class LinesAreTooMany(Refusal):
    """More lines than one batch may have, or none."""

    code = "tap-batch-lines"
    status = 422
    title = "Batch has too many lines, or none"
    zh = "批量上送有 {count} 行，须为 1 至 {most} 行。"
    en = "The batch has {count} lines; it needs 1 to {most}."


class TapBatches:
    """Takes batches of taps."""

    def __init__(self, taps: Taps, ledger: Ledger, clock: Clock) -> None:
        self._taps = taps
        self._ledger = ledger
        self._clock = clock

    def queue(self, caller: Caller) -> TapQueue:
        """What takes one upload of this terminal."""
        return TapQueue(self._taps, self._ledger, self._clock, caller)


class TapQueue:
    """One upload: its parts are read one after another, ahead of the transactions that write them.

    A part may be known otherwise by then: taps of it came by another way, or it waited for long.
    It is gathered once more, within its transaction.
    """

    def __init__(self, taps: Taps, ledger: Ledger, clock: Clock, caller: Caller) -> None:
        self._taps, self._ledger, self._clock, self._caller = taps, ledger, clock, caller
        self._taken: dict[store.TapKey, store.KnownTap] = {}
        self._gathered_twice = False

    def read(self, tx: Transaction, texts: Sequence[str], first: int) -> Part:
        """The rows of what is new of some lines, in a transaction that reads; `first` is the number
        of the first line.
        """
        lines = read_lines(texts, self._taps.keys, self._caller.terminal_number)
        part = self._gather(tx, lines, first, self._taken)
        self._taken |= part.taken
        return part

    def take(self, tx: Transaction, part: Part) -> list[LineOutcome]:
        """Write a part, in the order in which the parts were read.

        Raises:
            PlatformIsBusy: one of the taps came by another way at this moment.
        """
        is_old = self._gathered_twice or time.monotonic() - part.gathered_at > OLD_AFTER_S
        if is_old or not self._is_added(tx, part):
            self._gathered_twice = True
            part = self._gather(tx, part.lines, part.first, {})
            try:
                self._add(tx, part)
            except RowsAreRefused:
                raise PlatformIsBusy from None
        self._tell(tx, part)
        return part.told

    def _gather(
        self,
        tx: Transaction,
        lines: Sequence[Line],
        first: int,
        taken: dict[store.TapKey, store.KnownTap],
    ) -> Part:
        taps = [line for line in lines if isinstance(line, Tap)]
        known, own_purses = store.known_taps(tx, taps), self._own_purses(tx, taps)
        now = self._clock.now()
        return Part(
            self._taps,
            self._caller,
            lines,
            first,
            known=known | taken,
            own_purses=own_purses,
            now=now,
        )

    def _is_added(self, tx: Transaction, part: Part) -> bool:
        try:
            with tx.part():
                self._add(tx, part)
        except RowsAreRefused:
            return False
        return True

    def _add(self, tx: Transaction, part: Part) -> None:
        store.add_taps(tx, part.taps, self._caller.terminal_number, part.at)
        self._ledger.post_new(tx, part.postings)
        store.add_rides(tx, part.rides)

    def _tell(self, tx: Transaction, part: Part) -> None:
        at, by = part.at, self._caller.name
        for line, outcome in zip(part.lines, part.told, strict=True):
            problem = outcome.problem
            if problem is not None and problem.code == TapIsReplayed.code and isinstance(line, Tap):
                tx.emit(TapDoubted(at=at, by=by, card_id=None, receipt=line))
        taken, known, refused = _counts(part.told)
        tx.emit(TapBatchTaken(at=at, by=by, taken=taken, known=known, refused=refused))

    def _own_purses(self, tx: Transaction, taps: Iterable[Tap]) -> frozenset[str]:
        """The serials of purses that are this region's, asked for together."""
        asked = {tap.application_serial for tap in taps if self._taps.is_own(tap)}
        batch = Batch(tx)
        batch.foresee(questions_of_state(asked))
        return frozenset(each for each in asked if find_state_of_application(batch, each))


def parts_of(text: str) -> list[list[str]]:
    """The lines of a batch by parts; empty ones are none.

    Raises:
        LinesAreTooMany: or there is none.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if not 1 <= len(lines) <= LINES_MAX:
        raise LinesAreTooMany(count=len(lines), most=LINES_MAX)
    return [lines[begin : begin + PART_LINES] for begin in range(0, len(lines), PART_LINES)]


def batch_answer(parts: Iterable[Sequence[LineOutcome]]) -> TapBatchAnswer:
    """The answer of a batch from what became of its parts."""
    told = [outcome for part in parts for outcome in part]
    taken, known, refused = _counts(told)
    late = sum(each.late for each in told)
    return TapBatchAnswer(taken, known, refused, late, told)


def _counts(told: Iterable[LineOutcome]) -> tuple[int, int, int]:
    """How many were taken, known, refused."""
    counts = Counter(each.outcome for each in told)
    return counts["taken"], counts["known"], counts["refused"]
