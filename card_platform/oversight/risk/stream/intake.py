"""Batches of events from departments, operators and banks: each line once, by its event id.

Rules: a line that is no event is refused with what is wrong, and the others are taken; the same id
with the same content is known, with other content refused. A batch that was answered is durable.
What cannot be: an event that has not happened yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import msgspec

from card_platform.errors import PlatformIsBusy
from card_platform.oversight.risk.history import HistoryEvent
from card_platform.oversight.risk.payday.screening import keep_told_changes
from card_platform.oversight.risk.stream import store
from card_platform.oversight.risk.stream.model import RiskEventsTaken
from card_platform.storage import Transaction
from card_platform.storage.unit_of_work import RowsAreRefused
from card_platform.vocabulary.moment import Clock, moment_of

LINES_MAX = 5_000
LINE_MAX = 4_096
"""Characters of one line."""
BATCH_MAX_BYTES = 4 * 1024 * 1024
AHEAD_MAX_S = 900
"""The clock of a device is that far ahead at most."""
_FORM = "%Y-%m-%dT%H:%M:%S+08:00"


class RefusedLine(NamedTuple):
    """A line that was not taken, and why."""

    line: int
    zh: str
    en: str


class Intake:
    """Takes batches of one region."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._decode = msgspec.json.Decoder(HistoryEvent).decode

    def take(
        self, tx: Transaction, lines: Sequence[str], by: str
    ) -> tuple[int, int, list[RefusedLine]]:
        """Take what is new; how many were taken and known, and the refused lines.

        Raises:
            PlatformIsBusy: one of the events came by another way at this moment.
        """
        now = self._clock.now()
        latest = (now + timedelta(seconds=AHEAD_MAX_S)).strftime(_FORM)
        refused: list[RefusedLine] = []
        read: list[tuple[int, HistoryEvent]] = []
        for number, line in enumerate(lines, 1):
            event = self._read(number, line, latest, refused)
            if event is not None:
                read.append((number, event))
        before = store.known(tx, [event.id for _, event in read])
        rows: dict[str, tuple[str, str, str, str]] = {}
        known = 0
        for number, event in read:
            body = msgspec.json.encode(event).decode()
            kept = before.get(event.id) or (rows[event.id][2] if event.id in rows else None)
            if kept is None:
                rows[event.id] = (event.id, event.received_at, body, by)
            elif _is_same(kept, event):
                known += 1
            else:
                zh, en = "同一编号已有不同内容的事件", "the id is that of another event"
                refused.append(RefusedLine(number, zh, en))
        try:
            store.keep_many(tx, rows.values())
        except RowsAreRefused:
            raise PlatformIsBusy from None
        keep_told_changes(tx, (event for _, event in read if event.id in rows), by)
        told = RiskEventsTaken(
            at=moment_of(now), by=by, taken=len(rows), known=known, refused=len(refused)
        )
        tx.emit(told)
        return len(rows), known, sorted(refused)

    def _read(
        self, number: int, line: str, latest: str, refused: list[RefusedLine]
    ) -> HistoryEvent | None:
        if len(line) > LINE_MAX:
            told = (f"行长超过 {LINE_MAX} 个字符", f"longer than {LINE_MAX} characters")
            refused.append(RefusedLine(number, *told))
            return None
        try:
            event = self._decode(line)
        except (msgspec.MsgspecError, ValueError) as fault:
            refused.append(RefusedLine(number, f"不是事件：{fault}", f"no event: {fault}"))
            return None
        if max(event.at, event.received_at) > latest:
            told = ("事件时间在将来", "the event is in the future")
            refused.append(RefusedLine(number, *told))
            return None
        return event


def _is_same(body: str, event: HistoryEvent) -> bool:
    """Whether a kept event is this one; who holds the card was found after it was kept."""
    kept = msgspec.json.decode(body, type=HistoryEvent)
    names = {"card": event.card, "person": event.person}
    return msgspec.structs.replace(kept, **names) == event
