"""The day state in file 19: what the card spent on transport today and this month, and where its
last ride ended.

Rules: from it alone a terminal without a line knows what a transfer and a cap take off. The state
is of one day and one month; in another it counts from nothing, but the last ride stays, since a
transfer may cross midnight. A record from before months were kept is of month 000000. The record
is ours (docs/interfaces.md, section 5): JT/T 978 leaves file 19 to the issuer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from virtual_cards.applets.transit.specification import DAY_STATE_LENGTH, EMPTY_DAY_STATE
from virtual_cards.assumptions import DAY_STATE_RECORD_ID
from virtual_cards.terminals.moments import card_moment, parse_moment

_HEAD: Final = EMPTY_DAY_STATE[:4]
_RIDES_MAX: Final = 0xFF
_AMOUNT_MAX: Final = 0xFFFF_FFFF
_NO_MONTH: Final = "000000"


@dataclass(frozen=True, slots=True)
class DayState:
    """Amounts in fen; `last_end` is None before the first ride; `place` is a station or a line."""

    day: str
    rides: int
    spent_fen: int
    saved_fen: int
    last_end: datetime | None
    industry: int
    place: bytes
    month: str = _NO_MONTH
    month_spent_fen: int = 0

    @classmethod
    def parse(cls, record: bytes) -> Self | None:
        """The state in a record of 64 bytes; None for a record of another kind."""
        if len(record) != DAY_STATE_LENGTH or record[:2] != DAY_STATE_RECORD_ID:
            return None
        return cls(
            record[4:8].hex(),
            record[8],
            int.from_bytes(record[9:13], "big"),
            int.from_bytes(record[13:17], "big"),
            parse_moment(record[17:24]),
            record[24],
            record[25:27],
            record[27:30].hex(),
            int.from_bytes(record[30:34], "big"),
        )

    def on(self, day: str) -> DayState:
        """The state as it is at the beginning of that day, or during it."""
        state = self
        if state.day != day:
            state = replace(state, day=day, rides=0, spent_fen=0, saved_fen=0)
        if state.month != day[:6]:
            state = replace(state, month=day[:6], month_spent_fen=0)
        return state

    def after_ride(
        self, at: datetime, *, spent_fen: int, saved_fen: int, industry: int, place: bytes
    ) -> DayState:
        """The state when a ride has ended."""
        today = self.on(f"{at:%Y%m%d}")
        return DayState(
            today.day,
            min(_RIDES_MAX, today.rides + 1),
            min(_AMOUNT_MAX, today.spent_fen + spent_fen),
            min(_AMOUNT_MAX, today.saved_fen + saved_fen),
            at,
            industry,
            place,
            today.month,
            min(_AMOUNT_MAX, today.month_spent_fen + spent_fen),
        )

    def record(self) -> bytes:
        """The 64 bytes of the record."""
        last = bytes(7) if self.last_end is None else card_moment(self.last_end)
        whole = b"".join(
            (
                _HEAD,
                bytes.fromhex(self.day),
                bytes([self.rides]),
                self.spent_fen.to_bytes(4, "big"),
                self.saved_fen.to_bytes(4, "big"),
                last,
                bytes([self.industry]),
                self.place,
                bytes.fromhex(self.month),
                self.month_spent_fen.to_bytes(4, "big"),
            )
        )
        return whole.ljust(DAY_STATE_LENGTH, b"\0")
