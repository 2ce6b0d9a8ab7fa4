"""SQL of taps by the batch: what is known of them, and all rows of a table together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from card_platform.services.transit.model import Ride, Tap
from card_platform.services.transit.store import ADD_RIDE, ADD_TAP
from card_platform.storage import Statement, Transaction

TapKey = tuple[str, str, str]
"""What names a tap on its card: application serial, day and offline sequence."""

_KNOWN = (
    "SELECT taps.application_serial, taps.date, taps.offline_sequence, taps.tap_id, taps.tac,"
    " taps.terminal_number FROM {of_json} AS asked(value) JOIN taps"
    " ON taps.application_serial = asked.value ->> 0 AND taps.date = asked.value ->> 1"
    " AND taps.offline_sequence = asked.value ->> 2"
)
_KNOWN_POSTGRESQL = Statement(_KNOWN.format(of_json="json_array_elements(CAST(:asked AS json))"))
_KNOWN_SQLITE = Statement(_KNOWN.format(of_json="json_each(:asked)").replace("(value)", ""))


class KnownTap(NamedTuple):
    """A tap on record, by what tells it from another of the same place on the card."""

    tap_id: str
    tac: str
    terminal_number: str

    def is_told_again(self, tap: Tap, terminal_number: str) -> bool:
        """Whether a tap of that place is this one, from the terminal that told of it before."""
        return (self.tac, self.terminal_number) == (tap.tac, terminal_number)


def known_taps(tx: Transaction, taps: Sequence[Tap]) -> dict[TapKey, KnownTap]:
    """Those of the taps whose card, day and sequence are on record, asked for all at once."""
    keys = [(each.application_serial, each.date, each.offline_sequence) for each in taps]
    is_sqlite = tx.connection.dialect.name == "sqlite"
    asked = {"asked": msgspec.json.encode(keys).decode()}
    rows = tx.rows(_KNOWN_SQLITE if is_sqlite else _KNOWN_POSTGRESQL, asked)
    return {(row[0], row[1], row[2]): KnownTap(*row[3:]) for row in rows}


def add_taps(
    tx: Transaction, taps: Sequence[tuple[str, Tap]], terminal_number: str, at: str
) -> None:
    """Save taps nobody knows, together. Raises RowsAreRefused: one came by another way."""
    rows = (
        (
            tap_id,
            tap.application_serial,
            tap.date,
            tap.offline_sequence,
            tap.kind,
            tap.station,
            tap.entry_station,
            tap.amount_fen,
            tap.balance_after_fen,
            terminal_number,
            tap.terminal_sequence,
            tap.time,
            tap.tac,
            at,
            tap.reduction_kind,
            tap.reduction_fen,
        )
        for tap_id, tap in taps
    )
    tx.add_ordered(ADD_TAP, rows)


def add_rides(tx: Transaction, rides: Sequence[Ride]) -> None:
    """Save rides together."""
    rows = (
        (
            ride.ride_id,
            ride.application_serial,
            ride.exit_tap_id,
            ride.start,
            ride.end,
            ride.fare_fen,
            ride.charged_fen,
            ride.posting_id,
            ride.at,
        )
        for ride in rides
    )
    tx.add_ordered(ADD_RIDE, rows)
