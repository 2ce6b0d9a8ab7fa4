"""Loads, taps, rides, purchases and the events of transit.

Rules:
- Hexadecimal text is upper case and of fixed length, as on the card; amounts are fen.
- A tap is a receipt: the money has moved on the card. The platform takes every genuine one once,
  whatever the state of the card; gates refuse by the revocation list.
- A terminal should charge the tariff less the reduction it names, and that goes to its operator;
  what it charged otherwise goes to `fare-differences`. A reduction is at most the tariff.
- A purchase goes to the operator of the terminal whole. It is kept as a tap without a station, so
  that a sequence of the card is taken once whatever it paid.
"""

from __future__ import annotations

import datetime
from typing import ClassVar

import msgspec

from card_platform.services.transit.matching import (
    ADJUSTMENT,
    ENTRY,
    EXIT,
    MISSING_ENTRY,
    PURCHASE,
    SINGLE,
)
from card_platform.settlement.ledger.accounts import (
    FARE_DIFFERENCES,
    cash_account,
    operator_account,
    purse_account,
)
from card_platform.settlement.ledger.model import Entry, Posting
from card_platform.storage import Event
from card_platform.vocabulary.card_text import day_of
from card_platform.vocabulary.money import Fen

_PURPOSES = {
    ENTRY: "entry charge",
    EXIT: "ride",
    SINGLE: "ride",
    ADJUSTMENT: "missing exit",
    MISSING_ENTRY: "missing entry",
}


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
    """One receipt of a terminal: of a ride, or of a purchase, which has no station."""

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
    reduction_kind: str | None = None
    reduction_fen: int | None = None

    @property
    def day(self) -> datetime.date:
        """The day as the card wrote it."""
        return day_of(self.date)


class Ride(msgspec.Struct, frozen=True, gc=False):
    """A ride: the tap that ended it, where it began, the tariff, what was charged and why less."""

    ride_id: str
    application_serial: str
    exit_tap_id: str
    start: str
    end: str
    fare_fen: int
    charged_fen: int
    posting_id: str | None
    at: str
    reduction_kind: str | None = None
    reduction_fen: int | None = None


class GateRefusal(msgspec.Struct, frozen=True):
    """What a gate tells of a card it did not let through."""

    application_serial: str
    reason: str
    station: str
    at: str
    revocation_list_version: int


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


def charge_posting(tap_id: str, tap: Tap, fare_fen: int, operator: str) -> Posting | None:
    """What the terminal charged, from the purse: the tariff less the reduction to the operator, the
    rest set apart. None where no money moves.
    """
    if not tap.amount_fen and not fare_fen:  # an entry, which is half of all taps
        return None
    due_fen = fare_fen - min(tap.reduction_fen or 0, fare_fen)
    paid = Entry(purse_account(tap.application_serial), Fen(-tap.amount_fen))
    earned = Entry(operator_account(operator), Fen(due_fen))
    if tap.amount_fen == due_fen:  # as it should be; nearly all are
        if not due_fen:
            return None
        return Posting(f"tap:{tap_id}", _PURPOSES[tap.kind], (paid, earned))
    differs = Entry(FARE_DIFFERENCES, Fen(tap.amount_fen - due_fen))
    moved = tuple(entry for entry in (paid, earned, differs) if entry.amount_fen != 0)
    return Posting(f"tap:{tap_id}", _PURPOSES[tap.kind], moved)


def ride_of(
    ride_id: str, tap_id: str, tap: Tap, fare_fen: int, *, posting_id: str | None, at: str
) -> Ride:
    """The ride a tap ends, at its tariff."""
    return Ride(
        ride_id,
        tap.application_serial,
        tap_id,
        tap.entry_station or tap.station,
        tap.station,
        fare_fen,
        tap.amount_fen,
        posting_id,
        at,
        tap.reduction_kind,
        tap.reduction_fen,
    )


def purchase_posting(purchase_id: str, receipt: Tap, operator: str) -> Posting:
    """What a canteen or merchant took, from the purse to the operator of its terminal."""
    return Posting(
        client_id=f"purchase:{purchase_id}",
        purpose=PURCHASE,
        entries=(
            Entry(purse_account(receipt.application_serial), Fen(-receipt.amount_fen)),
            Entry(operator_account(operator), Fen(receipt.amount_fen)),
        ),
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


class TapDoubted(Event, frozen=True, kw_only=True):
    """A receipt was refused because another terminal, or another code, told the same tap before."""

    action: ClassVar[str] = "refuse-tap"
    receipt: Tap

    @property
    def detail(self) -> str:
        """Where, and which of the chip's debits."""
        return f"at {self.receipt.station}, sequence {self.receipt.offline_sequence}"


class PurchaseAccepted(Event, frozen=True, kw_only=True):
    """A genuine purchase was taken."""

    action: ClassVar[str] = "purchase"
    amount_fen: int

    @property
    def detail(self) -> str:
        """The amount."""
        return f"{self.amount_fen} fen"


class CardRefusedByGate(Event, frozen=True, kw_only=True):
    """A gate told that it refused a card."""

    action: ClassVar[str] = "refused-by-gate"
    reason: str
    station: str

    @property
    def detail(self) -> str:
        """Why and where."""
        return f"{self.reason} at {self.station}"
