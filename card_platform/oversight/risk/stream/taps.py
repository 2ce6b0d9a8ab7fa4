"""Taps as events of the stream: read from the table of taps, so that a tap itself costs no more.

Rules: an id of a tap begins with the moment it was made, so what is new is a range of the primary
key; it ends a minute ago, so that nothing of it is still uncommitted. A tap's id is its event's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec

from card_platform.oversight.risk.history import Detail, HistoryEvent
from card_platform.oversight.risk.stream import store
from card_platform.services.transit.model import Tap
from card_platform.storage import Statement, Transaction

SETTLED_AFTER_S = 60.0
PIECE = 1_000
BY = "taps"
_PHASES = {"entry": "entry", "exit": "exit"}
_COLUMNS = (
    "SELECT tap.tap_id, tap.application_serial, tap.kind, tap.station, tap.entry_station,"
    " tap.amount_fen, tap.balance_after_fen, tap.offline_sequence, tap.terminal_sequence,"
    " tap.date, tap.time, tap.tac, tap.reduction_kind, tap.reduction_fen, tap.terminal_number,"
    " tap.at, card.card_id"
)
_NEW = Statement(
    f"{_COLUMNS} FROM taps AS tap LEFT JOIN cards AS card"
    " ON card.application_serial = tap.application_serial"
    " WHERE tap.tap_id > :after AND tap.tap_id < :last ORDER BY tap.tap_id LIMIT :most"
)
_HAS_NEW = Statement("SELECT tap_id FROM taps WHERE tap_id > :after AND tap_id < :last LIMIT 1")
_FIRST = "tap-"


class TapsTaken:
    """Takes taps over.

    Args:
        settled_after_s: how old a tap must be, by the machine's clock that made its id.
    """

    def __init__(self, settled_after_s: float = SETTLED_AFTER_S) -> None:
        self._settled_after_s = settled_after_s

    def has_new(self, tx: Transaction, taps_to: str) -> bool:
        """Whether there are any behind the last one."""
        return bool(tx.rows(_HAS_NEW, self._span(taps_to)))

    def take_over(self, tx: Transaction, taps_to: str) -> str:
        """Keep the next of them as events; the id of the last."""
        rows = tx.rows(_NEW, self._span(taps_to) | {"most": PIECE})
        store.keep_many(tx, _kept(rows))
        return str(rows[-1][0]) if rows else taps_to

    def _span(self, taps_to: str) -> dict[str, object]:
        settled_ms = int((time.time() - self._settled_after_s) * 1000)
        return {"after": taps_to or _FIRST, "last": f"{_FIRST}{settled_ms + 1:012x}"}


def _kept(rows: list[tuple[object, ...]]) -> Iterator[tuple[str, str, str, str]]:
    for tap_id, serial, kind, station, entry_station, *told in rows:
        *figures, terminal, at, card_id = told
        amount, balance, offline, sequence, date, clock, tac, reduced, reduction = figures
        tap = msgspec.convert(
            {
                "application_serial": serial,
                "issuer": "",
                "kind": kind,
                "station": station,
                "entry_station": entry_station,
                "amount_fen": amount,
                "balance_after_fen": balance,
                "offline_sequence": offline,
                "terminal_sequence": sequence,
                "date": date,
                "time": clock,
                "tac": tac,
                "reduction_kind": reduced,
                "reduction_fen": reduction,
            },
            Tap,
        )
        card = str(card_id or serial)
        event = event_of_tap(str(tap_id), tap, card=card, received_at=str(at))
        event = msgspec.structs.replace(event, device=f"terminal:{terminal}")
        body = msgspec.json.encode(event).decode()
        yield event.id, event.received_at, body, BY


def event_of_tap(event_id: str, tap: Tap, *, card: str | None, received_at: str) -> HistoryEvent:
    """A receipt as an event."""
    day, clock = tap.date, tap.time
    return HistoryEvent(
        id=event_id,
        kind="transit.tap",
        at=f"{day[:4]}-{day[4:6]}-{day[6:8]}T{clock[:2]}:{clock[2:4]}:{clock[4:6]}+08:00",
        received_at=f"{received_at[:19]}+08:00",
        region="",
        card=card,
        face="physical",
        place=tap.station,
        amount_fen=tap.amount_fen,
        detail=Detail(
            phase=_PHASES.get(tap.kind, "flat"),
            counter=int(tap.offline_sequence, 16),
            balance_fen=tap.balance_after_fen,
            tac=tap.tac,
            concession=tap.reduction_kind,
            sequence=int(tap.terminal_sequence, 16),
        ),
    )
