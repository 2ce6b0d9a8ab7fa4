"""Taps by the batch: what a terminal kept while its line was away, up to 10,000 at once.

Rules:
- A line is one tap as JSON (NDJSON). Each has its own outcome; a faulty line tells all its faults
  and stops nobody else.
- A line that was taken before is `known`: the same queue may be sent as often as need be. Another
  tap with the card's day and sequence of a known one is refused as replayed.
- A batch goes by parts. The lines of one are read and their TACs checked before the database is
  asked; then it is asked once for all cards and once for all taps known, and takes all rows of a
  table together. A part is one transaction: what is cut off is sent again.
- Audit has the batch, and the taps are on record as every tap is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar, Literal

import msgspec

from card_platform.errors import PlatformIsBusy, Refusal
from card_platform.issuance.store import find_state_of_application, questions_of_state
from card_platform.services.transit import tap_batch_store as store
from card_platform.services.transit.matching import RIDE_ENDS
from card_platform.services.transit.model import Ride, Tap, TapDoubted, charge_posting, ride_of
from card_platform.services.transit.refusals import PurseIsUnknown, TapIsReplayed
from card_platform.services.transit.tap_lines import Line, read_lines
from card_platform.services.transit.taps import Taps
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.model import Posting
from card_platform.storage import Batch, Event, Transaction
from card_platform.storage.unit_of_work import RowsAreRefused
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.identifier import new_identifiers
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller
from card_platform.web.request_body import RequestIsMalformed

LINES_MAX = 10_000
"""Most lines of one batch."""
PART_LINES = 5_000
"""Lines of one transaction: on SQLite others wait for it, a quarter of a second."""

Outcome = Literal["taken", "known", "refused"]


class LineProblem(msgspec.Struct, frozen=True):
    """Why a line was refused: what the route of one tap would have said."""

    code: str
    detail_zh: str
    detail_en: str
    faults: list[Fault] = []


_REPLAYED = TapIsReplayed.code


class LineOutcome(msgspec.Struct, frozen=True, gc=False):
    """What became of one line, counted from 1; `late` where the ride is of an earlier day."""

    line: int
    outcome: Outcome
    tap_id: str | None = None
    late: bool = False
    problem: LineProblem | None = None


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

    def read(self, lines: Sequence[str], caller: Caller) -> list[Line]:
        """The taps of lines, each checked by itself; asks no database."""
        return read_lines(lines, self._taps.keys, caller.terminal_number)

    def take(
        self, tx: Transaction, lines: Sequence[Line], first: int, caller: Caller
    ) -> list[LineOutcome]:
        """Take what is new of lines that were read; `first` is the number of the first of them.

        Raises:
            PlatformIsBusy: one of the taps came by another way at this moment.
        """
        now = self._clock.now()
        at = moment_of(now)
        taps = [line for line in lines if isinstance(line, Tap)]
        known, own_purses = store.known_taps(tx, taps), self._own_purses(tx, taps)
        part = _Part(self._taps, caller, known, own_purses, len(lines), now=now)
        told = [part.take(number, line) for number, line in enumerate(lines, start=first)]
        try:
            store.add_taps(tx, part.taps, caller.terminal_number, at)
            self._ledger.post_new(tx, part.postings)
            store.add_rides(tx, part.rides)
        except RowsAreRefused:
            raise PlatformIsBusy from None
        for line, outcome in zip(lines, told, strict=True):
            problem = outcome.problem
            if problem is not None and problem.code == _REPLAYED and isinstance(line, Tap):
                tx.emit(TapDoubted(at=at, by=caller.name, card_id=None, receipt=line))
        taken, known_before, refused = _counts(told)
        tx.emit(
            TapBatchTaken(at=at, by=caller.name, taken=taken, known=known_before, refused=refused)
        )
        return told

    def _own_purses(self, tx: Transaction, taps: Iterable[Tap]) -> frozenset[str]:
        """The serials of purses that are this region's, asked for together."""
        asked = {tap.application_serial for tap in taps if self._taps.is_own(tap)}
        batch = Batch(tx)
        batch.foresee(questions_of_state(asked))
        return frozenset(each for each in asked if find_state_of_application(batch, each))


class _Part:
    """What a part is going to write, gathered line by line."""

    def __init__(
        self,
        taps: Taps,
        caller: Caller,
        known: dict[store.TapKey, store.KnownTap],
        own_purses: frozenset[str],
        lines: int,
        *,
        now: datetime,
    ) -> None:
        self.taps: list[tuple[str, Tap]] = []
        self.postings: list[tuple[str, Posting]] = []
        self.rides: list[Ride] = []
        self._rules, self._known, self._own_purses = taps, known, own_purses
        self._terminal_number, self._operator = caller.terminal_number, caller.operator
        self._at, self._today = moment_of(now), now.date()
        self._today_as_told = now.strftime("%Y%m%d")
        self._tap_ids = new_identifiers("tap", lines)
        self._posting_ids = new_identifiers("posting", lines)
        self._ride_ids = new_identifiers("ride", lines)

    def take(self, number: int, line: Line) -> LineOutcome:
        """What becomes of a line, and its rows where it is new."""
        if isinstance(line, Refusal):
            return _refused(number, line)
        tap, key = line, (line.application_serial, line.date, line.offline_sequence)
        before = self._known.get(key)
        if before is not None:
            if before.is_told_again(tap, self._terminal_number):
                return LineOutcome(number, "known", before.tap_id, tap.date < self._today_as_told)
            refusal = TapIsReplayed(date=tap.date, offline_sequence=tap.offline_sequence)
            return _refused(number, refusal)
        try:
            is_own = self._rules.is_own(tap)
            if not is_own:
                self._rules.require_served(tap, self._today)
            elif tap.application_serial not in self._own_purses:
                raise PurseIsUnknown(application_serial=tap.application_serial)
            fare_fen = self._rules.fare_of(tap, self._operator, self._today)
        except Refusal as refusal:
            return _refused(number, refusal)
        tap_id = self._tap_ids.pop()
        self._keep(tap_id, tap, fare_fen, is_own=is_own)
        self._known[key] = store.KnownTap(tap_id, tap.tac, self._terminal_number)
        return LineOutcome(number, "taken", tap_id, tap.date < self._today_as_told)

    def _keep(self, tap_id: str, tap: Tap, fare_fen: int, *, is_own: bool) -> None:
        self.taps.append((tap_id, tap))
        posting = charge_posting(tap_id, tap, fare_fen, self._operator) if is_own else None
        posting_id = None
        if posting is not None:
            posting_id = self._posting_ids.pop()
            self.postings.append((posting_id, posting))
        if tap.kind in RIDE_ENDS:
            ride_id, at = self._ride_ids.pop(), self._at
            self.rides.append(ride_of(ride_id, tap_id, tap, fare_fen, posting_id=posting_id, at=at))


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


def _refused(number: int, refusal: Refusal) -> LineOutcome:
    faults = list(_faults_of(refusal))
    problem = LineProblem(refusal.code, refusal.detail_zh, refusal.detail_en, faults)
    return LineOutcome(number, "refused", problem=problem)


def _faults_of(refusal: Refusal) -> Iterator[Fault]:
    if isinstance(refusal, RequestIsMalformed):
        yield from refusal.faults
