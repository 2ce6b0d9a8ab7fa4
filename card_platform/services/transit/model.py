"""Loads, taps, rides and the events of transit.

Rules:
- Hexadecimal text is upper case and of fixed length, as on the card; amounts are fen.
- A tap is a receipt: the money has moved on the card. The platform takes every genuine one once,
  whatever the state of the card; gates refuse by the revocation list.
- A gate should charge the tariff; what it charged otherwise goes to `fare-differences`.
"""

from __future__ import annotations

import datetime
from typing import ClassVar

import msgspec

from card_platform.services.transit.matching import EXIT
from card_platform.settlement.ledger.model import (
    FARE_DIFFERENCES,
    Entry,
    Posting,
    cash_account,
    operator_account,
    purse_account,
)
from card_platform.storage import Event
from card_platform.vocabulary.money import Fen


class LoadRequest(msgspec.Struct, frozen=True, gc=False):
    """What the card and the terminal say when they ask to load."""

    application_serial: str
    issuer: str
    amount_fen: int
    balance_before_fen: int
    online_sequence: str
    random: str
    mac1: str


class AuthorisedLoad(msgspec.Struct, frozen=True, gc=False):
    """A load the platform gave its MAC2 for."""

    load_id: str
    application_serial: str
    issuer: str
    terminal_number: str
    amount_fen: int
    balance_before_fen: int
    online_sequence: str
    date: str
    time: str
    posting_id: str | None


class Tap(msgspec.Struct, frozen=True, gc=False):
    """One receipt of a gate."""

    application_serial: str
    issuer: str
    kind: str
    station: str
    entry_station: str | None
    amount_fen: int
    balance_after_fen: int
    offline_sequence: str
    terminal_sequence: str
    date: str
    time: str
    tac: str

    @property
    def day(self) -> datetime.date:
        """The day as the card wrote it."""
        return datetime.date(int(self.date[:4]), int(self.date[4:6]), int(self.date[6:]))


class Ride(msgspec.Struct, frozen=True, gc=False):
    """A ride: an exit, where it began, the tariff and what was charged."""

    ride_id: str
    application_serial: str
    exit_tap_id: str
    start: str
    end: str
    fare_fen: int
    charged_fen: int
    posting_id: str | None
    at: str


def load_posting(load: AuthorisedLoad) -> Posting:
    """Money from the cash desk of the terminal into the purse."""
    return Posting(
        client_id=f"load:{load.load_id}",
        purpose="load",
        entries=(
            Entry(cash_account(load.terminal_number), Fen(-load.amount_fen)),
            Entry(purse_account(load.application_serial), Fen(load.amount_fen)),
        ),
    )


def charge_posting(tap_id: str, tap: Tap, fare_fen: int, operator: str) -> Posting:
    """What the gate charged, from the purse: the tariff to the operator, the rest set apart."""
    difference_fen = tap.amount_fen - fare_fen
    entries = [
        Entry(purse_account(tap.application_serial), Fen(-tap.amount_fen)),
        Entry(operator_account(operator), Fen(fare_fen)),
        Entry(FARE_DIFFERENCES, Fen(difference_fen)),
    ]
    return Posting(
        client_id=f"tap:{tap_id}",
        purpose="ride" if tap.kind == EXIT else "entry charge",
        entries=tuple(entry for entry in entries if entry.amount_fen != 0),
    )


class LoadAuthorised(Event, frozen=True, kw_only=True):
    """MAC2 was given for a load."""

    action: ClassVar[str] = "authorise-load"
    amount_fen: int

    @property
    def detail(self) -> str:
        """The amount."""
        return f"{self.amount_fen} fen"


class PurseLoaded(Event, frozen=True, kw_only=True):
    """A load was confirmed by its TAC and posted."""

    action: ClassVar[str] = "confirm-load"
    amount_fen: int

    @property
    def detail(self) -> str:
        """The amount."""
        return f"{self.amount_fen} fen"


class TapAccepted(Event, frozen=True, kw_only=True):
    """A genuine tap was taken."""

    action: ClassVar[str] = "tap"
    kind: str
    station: str
    amount_fen: int

    @property
    def detail(self) -> str:
        """Where, and what was charged."""
        return f"{self.kind} at {self.station}, {self.amount_fen} fen"


class CardRefusedByGate(Event, frozen=True, kw_only=True):
    """A gate told that it refused a card."""

    action: ClassVar[str] = "refused-by-gate"
    reason: str
    station: str

    @property
    def detail(self) -> str:
        """Why and where."""
        return f"{self.reason} at {self.station}"
