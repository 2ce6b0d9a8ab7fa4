"""A part of a batch of taps: what becomes of each line, and the rows of what is new."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from card_platform.errors import Refusal
from card_platform.services.transit import tap_batch_store as store
from card_platform.services.transit.matching import RIDE_ENDS
from card_platform.services.transit.model import Ride, Tap, charge_posting, ride_of
from card_platform.services.transit.refusals import PurseIsUnknown, TapIsReplayed
from card_platform.services.transit.tap_lines import Line
from card_platform.services.transit.taps import Taps
from card_platform.settlement.ledger.model import Posting
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.identifier import new_identifiers
from card_platform.vocabulary.moment import moment_of
from card_platform.web.authentication import Caller
from card_platform.web.request_body import RequestIsMalformed

Outcome = Literal["taken", "known", "refused"]


class LineProblem(msgspec.Struct, frozen=True):
    """Why a line was refused: what the route of one tap would have said."""

    code: str
    detail_zh: str
    detail_en: str
    faults: list[Fault] = []


class LineOutcome(msgspec.Struct, frozen=True, gc=False):
    """What became of one line, counted from 1; `late` where the ride is of an earlier day."""

    line: int
    outcome: Outcome
    tap_id: str | None = None
    late: bool = False
    problem: LineProblem | None = None


class Part:
    """What a part is going to write, gathered line by line, and what became of each line.

    Args:
        first: the number of the first line.
        known: taps that were taken before, by what names them.
        own_purses: which of the purses are this region's.

    Attributes:
        taken: the taps it takes, by what names them.
        gathered_at: by the clock that never goes back, in seconds.
    """

    def __init__(
        self,
        taps: Taps,
        caller: Caller,
        lines: Sequence[Line],
        first: int,
        *,
        known: Mapping[store.TapKey, store.KnownTap],
        own_purses: frozenset[str],
        now: datetime,
    ) -> None:
        self.lines, self.first, self.at = lines, first, moment_of(now)
        self.taps: list[tuple[str, Tap]] = []
        self.postings: list[tuple[str, Posting]] = []
        self.rides: list[Ride] = []
        self.taken: dict[store.TapKey, store.KnownTap] = {}
        self._rules, self._known, self._own_purses = taps, known, own_purses
        self._terminal_number, self._operator = caller.terminal_number, caller.operator
        self._today = now.date()
        self._today_as_told = now.strftime("%Y%m%d")
        self.gathered_at = time.monotonic()
        self._tap_ids = new_identifiers("tap", len(lines))
        self._posting_ids = new_identifiers("posting", len(lines))
        self._ride_ids = new_identifiers("ride", len(lines))
        self.told = [self._take(number, line) for number, line in enumerate(lines, start=first)]

    def _take(self, number: int, line: Line) -> LineOutcome:
        """What becomes of a line, and its rows where it is new."""
        if isinstance(line, Refusal):
            return _refused(number, line)
        tap, key = line, (line.application_serial, line.date, line.offline_sequence)
        before = self._known.get(key) or self.taken.get(key)
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
        self.taken[key] = store.KnownTap(tap_id, tap.tac, self._terminal_number)
        return LineOutcome(number, "taken", tap_id, tap.date < self._today_as_told)

    def _keep(self, tap_id: str, tap: Tap, fare_fen: int, *, is_own: bool) -> None:
        self.taps.append((tap_id, tap))
        posting = charge_posting(tap_id, tap, fare_fen, self._operator) if is_own else None
        posting_id = None
        if posting is not None:
            posting_id = self._posting_ids.pop()
            self.postings.append((posting_id, posting))
        if tap.kind in RIDE_ENDS:
            ride_id, at = self._ride_ids.pop(), self.at
            self.rides.append(ride_of(ride_id, tap_id, tap, fare_fen, posting_id=posting_id, at=at))


def _refused(number: int, refusal: Refusal) -> LineOutcome:
    faults = list(_faults_of(refusal))
    problem = LineProblem(refusal.code, refusal.detail_zh, refusal.detail_en, faults)
    return LineOutcome(number, "refused", problem=problem)


def _faults_of(refusal: Refusal) -> Iterator[Fault]:
    if isinstance(refusal, RequestIsMalformed):
        yield from refusal.faults
