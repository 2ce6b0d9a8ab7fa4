"""Clearing a day, piece by piece, and the sheets between regions.

A piece is read on a connection of its own, so that taps are taken meanwhile; what it found is
added, and the place it reached is moved, in a transaction of a few rows. Two that run the same day
take turns: a piece that was added by the other is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import msgspec

from card_platform.regions.agreement import Agreement, find_coverage
from card_platform.settlement.clearing import store
from card_platform.settlement.clearing.model import (
    PIECE_TAPS,
    SHEET_LINES_MAX,
    WAIT_AFTER_END,
    ClearingDay,
    ClearingDayClosed,
    DayState,
    Piece,
    Sheet,
    SheetAction,
    SheetBooked,
    SheetChanged,
    SheetLine,
    SheetState,
    TapSource,
    TapSum,
    booked_posting,
    earning_posting,
    given_up_posting,
    next_state,
)
from card_platform.settlement.clearing.refusals import (
    ClearingDayHasNotEnded,
    ClearingDayIsClosed,
    ClearingDayIsUnknown,
    ClearingIsUnderWay,
    RidesAreNotAgreed,
    SheetDayIsAhead,
    SheetDiffers,
    SheetDoesNotSumUp,
    SheetIsUnknown,
)
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.model import Posting
from card_platform.storage import Database, Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.moment import Clock, moment_of

TRANSPORT = "transport"
"""The field of use of agreements between regions."""
_TURNS = "clearing"
"""The counter whose row a run takes while it begins."""


class Clearing:
    """The clearing of one region.

    Args:
        own: the region's code.
        source: where its taps are.
        agreements: under which other regions' claims are booked.
        city_of: in which city of the region an operator drives.
    """

    def __init__(
        self,
        own: str,
        source: TapSource,
        agreements: Iterable[Agreement],
        ledger: Ledger,
        clock: Clock,
        *,
        city_of: Callable[[str], str],
    ) -> None:
        self.own = own
        self.city_of = city_of
        self.source = source
        self._agreements = tuple(agreements)
        self._ledger = ledger
        self.clock = clock

    def begin(self, tx: Transaction, day: date, by: str) -> ClearingDay:
        """Begin the run of a day; the one that was begun before, where there is one.

        Raises:
            ClearingDayHasNotEnded, ClearingIsUnderWay, ClearingDayIsClosed.
        """
        next_number(tx, _TURNS)
        now, text = self.clock.now(), day.isoformat()
        begun = store.find_day(tx, text)
        if begun is not None:
            return begun
        end = end_of(day, now)
        if now < end + WAIT_AFTER_END:
            minutes = int(WAIT_AFTER_END.total_seconds()) // 60
            raise ClearingDayHasNotEnded(day=text, minutes=minutes)
        last = store.last_day(tx)
        if last is not None and last.state is DayState.RUNNING:
            raise ClearingIsUnderWay(day=last.day)
        if last is not None and text < last.day:
            raise ClearingDayIsClosed(day=text, last=last.day)
        from_mark = last.to_mark if last else ""
        to_mark = max(from_mark, self.source.mark_before(tx, moment_of(end)))
        begins = ClearingDay(
            day=text,
            state=DayState.RUNNING,
            from_mark=from_mark,
            to_mark=to_mark,
            reached=from_mark,
            taps=0,
            amount_fen=0,
            begun_at=moment_of(now),
            begun_by=by,
        )
        store.add_day(tx, begins)
        if from_mark == to_mark:
            self._close(tx, begins)
        return self.look(tx, text)

    def look(self, tx: Transaction, day: str) -> ClearingDay:
        """The run of a day. Raises ClearingDayIsUnknown."""
        found = store.find_day(tx, day)
        if found is None:
            raise ClearingDayIsUnknown
        return found

    def next_piece(self, tx: Transaction, day: str) -> Piece | None:
        """Read the next piece of a run; None where it has ended. Writes nothing."""
        run = self.look(tx, day)
        if run.state is DayState.CLOSED:
            return None
        through = self.source.piece_end(tx, run.reached, run.to_mark, PIECE_TAPS)
        return Piece(day, run.reached, through, self.source.sums(tx, run.reached, through))

    def add_piece(self, tx: Transaction, piece: Piece) -> bool:
        """Add a piece, and close the day with its last; False where another had added it."""
        moved = store.advance(
            tx,
            day=piece.day,
            after=piece.after,
            through=piece.through,
            taps=sum(each.taps for each in piece.sums),
            fen=sum(each.amount_fen for each in piece.sums),
        )
        if not moved:
            return False
        store.add_sums(tx, piece.day, piece.sums)
        run = self.look(tx, piece.day)
        if run.reached == run.to_mark:
            self._close(tx, run)
        return True

    async def finish(self, database: Database, day: str) -> None:
        """Bring a run to its end, from wherever it is."""
        while True:
            piece = await database.read(partial(self.next_piece, day=day))
            if piece is None:
                return
            await database.write(partial(self.add_piece, piece=piece))

    def change(
        self, tx: Transaction, sheet_id: str, action: SheetAction, *, by: str, reason: str | None
    ) -> Sheet:
        """Take a sheet one step further; one that is given up is posted.

        Raises:
            SheetIsUnknown, SheetStateForbids.
        """
        sheet = store.find_sheet(tx, sheet_id, to_change=True)
        if sheet is None:
            raise SheetIsUnknown
        after = next_state(sheet.state, action)
        problem = reason if action is SheetAction.DISPUTE else sheet.problem
        changed = msgspec.structs.replace(sheet, state=after, problem=problem)
        if action is SheetAction.GIVE_UP:
            self._post(tx, given_up_posting(sheet))
        store.save_sheet(tx, changed)
        self._record(tx, changed, action.value, sheet.state, by=by, reason=reason)
        return changed

    def book(
        self,
        tx: Transaction,
        region: str,
        day: date,
        number: int,
        *,
        lines: Sequence[SheetLine],
        told_fen: int,
    ) -> None:
        """Book what own cards paid in another region; the same sheet again changes nothing.

        Raises:
            SheetDoesNotSumUp, SheetDayIsAhead, RidesAreNotAgreed, SheetDiffers.
        """
        now, found_fen = self.clock.now(), sum(line.amount_fen for line in lines)
        if found_fen != told_fen:
            raise SheetDoesNotSumUp(told_fen=told_fen, found_fen=found_fen)
        if day >= now.date():
            raise SheetDayIsAhead(day=day.isoformat())
        for line in lines:
            covered = find_coverage(
                self._agreements,
                card_region=self.own,
                place=region,
                field=TRANSPORT,
                day=line.ride_day,
            )
            if covered.agreement is None:
                raise RidesAreNotAgreed(region=region, ride_day=line.ride_day.isoformat())
        at = moment_of(now)
        if not store.book(tx, region, day, number, lines=lines, at=at):
            if store.booked_lines(tx, day.isoformat(), region, number) != list(lines):
                raise SheetDiffers(day=day.isoformat(), number=number)
            return
        self._post(tx, booked_posting(day.isoformat(), region, number, found_fen))
        booked = SheetBooked(
            at=at,
            by=f"region:{region}",
            region=region,
            day=day.isoformat(),
            number=number,
            amount_fen=found_fen,
        )
        tx.emit(booked)

    def _close(self, tx: Transaction, run: ClearingDay) -> None:
        """Post what operators earned on other regions' cards, and claim it by sheets."""
        at = moment_of(self.clock.now())
        store.close_day(tx, run.day, at)
        by_region: dict[str, list[TapSum]] = {}
        for each in store.sums_of(tx, run.day):
            by_region.setdefault(each.region, []).append(each)
        by_region.pop(self.own, None)
        for region, sums in by_region.items():
            earned: dict[str, int] = {}
            for each in sums:
                earned[each.operator] = earned.get(each.operator, 0) + each.amount_fen
            for operator, amount_fen in earned.items():
                self._post(tx, earning_posting(run.day, region, operator, amount_fen))
            for begin in range(0, len(sums), SHEET_LINES_MAX):
                lines = sums[begin : begin + SHEET_LINES_MAX]
                self._send_first(tx, run, region, begin // SHEET_LINES_MAX + 1, lines)
        tx.emit(
            ClearingDayClosed(
                at=at, by=run.begun_by, day=run.day, taps=run.taps, amount_fen=run.amount_fen
            )
        )

    def _send_first(
        self, tx: Transaction, run: ClearingDay, region: str, number: int, lines: Sequence[TapSum]
    ) -> None:
        sheet = Sheet(
            sheet_id=f"{run.day}-{region}-{number}",
            day=run.day,
            region=region,
            number=number,
            taps=sum(line.taps for line in lines),
            amount_fen=sum(line.amount_fen for line in lines),
            state=SheetState.SENT,
        )
        store.add_sheet(tx, sheet)
        self._record(tx, sheet, "send", None, by=run.begun_by, reason=None)

    def _record(
        self,
        tx: Transaction,
        sheet: Sheet,
        step: str,
        before: SheetState | None,
        *,
        by: str,
        reason: str | None,
    ) -> None:
        at, after = moment_of(self.clock.now()), sheet.state.value
        was = None if before is None else before.value
        told = {"action": step, "before": was, "after": after, "reason": reason}
        store.SHEET_CHANGES.add(tx, sheet.sheet_id, **told, at=at, by=by)
        tx.emit(
            SheetChanged(
                at=at,
                by=by,
                sheet_id=sheet.sheet_id,
                step=step,
                after=after,
                amount_fen=sheet.amount_fen,
            )
        )

    def _post(self, tx: Transaction, posting: Posting | None) -> None:
        if posting is not None:
            self._ledger.post(tx, posting)


def sheet_lines(tx: Transaction, sheet: Sheet) -> list[SheetLine]:
    """The lines of a sheet of this region."""
    begin = (sheet.number - 1) * SHEET_LINES_MAX
    sums = store.sums_of(tx, sheet.day, region=sheet.region)[begin : begin + SHEET_LINES_MAX]
    return [
        SheetLine(each.operator, date.fromisoformat(each.ride_day), each.taps, each.amount_fen)
        for each in sums
    ]


def end_of(day: date, now: datetime) -> datetime:
    """The first moment after the day, in the offset of `now`."""
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo) + timedelta(days=1)
