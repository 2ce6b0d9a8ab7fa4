"""Which entry belongs to which exit. Pure, and computed when somebody asks.

Receipts come late and out of order, so a match made when an exit arrives may be wrong an hour
later. Therefore no match is stored: the card's own order (day, offline sequence) decides, over all
its taps that have come so far.

Rule: an exit belongs to the last entry before it, if no other exit lies between them and the entry
was where the card says it entered. An adjustment ends a ride as an exit does; so does an exit whose
entry is missing, and has none. Rides of one tap and purchases are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ENTRY = "entry"
EXIT = "exit"
SINGLE = "single"
ADJUSTMENT = "adjustment"
MISSING_ENTRY = "missing-entry"
"""An exit whose entry is missing, paid at the desk of the station."""
PURCHASE = "purchase"
RIDE_ENDS = frozenset({EXIT, SINGLE, ADJUSTMENT, MISSING_ENTRY})
"""Kinds of tap that end a ride; a single is a whole ride."""


@dataclass(frozen=True, slots=True)
class TapOnRecord:
    """What matching needs of a tap."""

    tap_id: str
    kind: str
    station: str
    entry_station: str | None


def match_entries(taps: Iterable[TapOnRecord]) -> dict[str, str]:
    """The entry of each exit and adjustment that has one, by tap id; `taps` in the card's order."""
    matched: dict[str, str] = {}
    inside: TapOnRecord | None = None
    for tap in taps:
        if tap.kind == ENTRY:
            inside = tap
            continue
        if tap.kind not in (EXIT, ADJUSTMENT, MISSING_ENTRY):
            continue
        if inside is not None and inside.station == tap.entry_station:
            matched[tap.tap_id] = inside.tap_id
        inside = None
    return matched
