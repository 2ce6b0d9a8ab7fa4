"""Clearing days, what was summed in them, and the sheets regions send one another.

Rules (YD-11, SC-h):
- Taps are cleared by the order of their ids, which is that in which they were taken. A run takes
  those after the last one the run before it took, up to the end of its day; so each is cleared
  once, and what comes later is cleared by the next run with the day of its own ride beside it.
- A run goes by pieces; a piece adds its sums and moves the place it has reached in one transaction,
  so that a run which was cut off goes on where it was.
- A closed day is final.
- The operator has earned what the purse paid. Rides on own cards are in the books tap by tap; for
  cards of another region the day is posted once for each operator, as a claim on that region.
- A sheet tells another region what its cards paid here. Whoever takes it books it whole or refuses
  it whole, and both sides have the same lines.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Protocol

import msgspec

from card_platform.settlement.clearing.refusals import SheetStateForbids
from card_platform.settlement.ledger.accounts import AccountName, operator_account
from card_platform.settlement.ledger.model import Entry, Posting
from card_platform.storage import Event, Transaction
from card_platform.vocabulary.life_table import state_after
from card_platform.vocabulary.money import Fen

WAIT_AFTER_END = datetime.timedelta(minutes=10)
"""How long after its end a day is cleared: whatever was taken in its last moment is saved then."""
PIECE_TAPS = 250_000
"""Taps one piece of a run sums."""
SHEET_LINES_MAX = 200
"""Most lines of one sheet, so that it fits into a message of the exchange."""
OTHERS = "unknown"
"""The operator of a terminal nobody enrolled, and the region of a card nobody issued."""

GIVEN_UP = AccountName("difference:clearing")
"""Claims on other regions that were given up: positive by what this region bears."""

Timing = Literal["in-time", "late", "ahead"]


class DayState(StrEnum):
    """Where a clearing day is."""

    RUNNING = "running"
    CLOSED = "closed"


class SheetState(StrEnum):
    """Where a sheet is: on its way, booked by both, refused there, or given up here."""

    SENT = "sent"
    AGREED = "agreed"
    DISPUTED = "disputed"
    GIVEN_UP = "given_up"


class SheetAction(StrEnum):
    """What may become of a sheet."""

    AGREE = "agree"
    DISPUTE = "dispute"
    SEND_AGAIN = "send_again"
    GIVE_UP = "give_up"


_S, _A = SheetState, SheetAction
CLEARING_SHEET_LIFE: dict[SheetState, dict[SheetAction, SheetState]] = {
    _S.SENT: {_A.AGREE: _S.AGREED, _A.DISPUTE: _S.DISPUTED},
    _S.DISPUTED: {_A.SEND_AGAIN: _S.SENT, _A.GIVE_UP: _S.GIVEN_UP},
    _S.AGREED: {},
    _S.GIVEN_UP: {},
}


def next_state(state: SheetState, action: SheetAction) -> SheetState:
    """The state after the action. Raises SheetStateForbids where the table has no such row."""
    return state_after(CLEARING_SHEET_LIFE, state, action, SheetStateForbids)


class ClearingDay(msgspec.Struct, frozen=True):
    """One run. Taps after `from_mark` up to `to_mark` are its; `reached` is the last one summed."""

    day: str
    state: DayState
    from_mark: str
    to_mark: str
    reached: str
    taps: int
    amount_fen: int
    begun_at: str
    begun_by: str
    closed_at: str | None = None


class TapSum(msgspec.Struct, frozen=True):
    """What cards of one region paid one operator on one day of rides."""

    region: str
    operator: str
    ride_day: str
    taps: int
    amount_fen: int


class Piece(msgspec.Struct, frozen=True):
    """The sums of the taps after `after` through `through`."""

    day: str
    after: str
    through: str
    sums: Sequence[TapSum]


class SheetLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the recipient's cards paid one operator on one day of rides."""

    operator: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    ride_day: datetime.date
    taps: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    amount_fen: Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Sheet(msgspec.Struct, frozen=True):
    """A claim on another region for one day. `problem` is why it was refused there, in JSON."""

    sheet_id: str
    day: str
    region: str
    number: int
    taps: int
    amount_fen: int
    state: SheetState
    problem: str | None = None


class TapSource(Protocol):
    """Where taps come from; their marks sort as they were taken."""

    def mark_before(self, tx: Transaction, moment: str) -> str:
        """The mark of the last tap taken before the moment; empty where there is none."""
        ...

    def piece_end(self, tx: Transaction, after: str, to_mark: str, most: int) -> str:
        """How far a piece of so many taps reaches; at most to `to_mark`."""
        ...

    def sums(self, tx: Transaction, after: str, through: str) -> list[TapSum]:
        """The sums of the taps after one place through another."""
        ...


def timing_of(ride_day: str, day: str) -> Timing:
    """Whether a ride is cleared on its own day, later, or by a terminal whose clock was ahead."""
    if ride_day == day:
        return "in-time"
    return "late" if ride_day < day else "ahead"


def region_account(region: str) -> AccountName:
    """Another region: positive by what it is owed, negative by what it owes."""
    return AccountName(f"region:{region}")


def purses_in(region: str) -> AccountName:
    """Purses of own cards taken together: negative by what they paid in another region."""
    return AccountName(f"purse:in-{region}")


def earning_posting(day: str, region: str, operator: str, amount_fen: int) -> Posting | None:
    """What an operator earned on cards of another region, as a claim on it; None for nothing."""
    claim = f"clearing:{day}:{region}:{operator}"
    return _moved(claim, region_account(region), operator_account(operator), amount_fen)


def booked_posting(day: str, region: str, number: int, amount_fen: int) -> Posting | None:
    """What own cards paid in another region, by its sheet; None for nothing."""
    claim = f"clearing-sheet:{region}:{day}:{number}"
    return _moved(claim, purses_in(region), region_account(region), amount_fen)


def given_up_posting(sheet: Sheet) -> Posting | None:
    """The claim of a sheet, borne by this region; None for nothing."""
    claim = f"clearing-given-up:{sheet.sheet_id}"
    return _moved(claim, GIVEN_UP, region_account(sheet.region), sheet.amount_fen)


def _moved(
    client_id: str, debit: AccountName, credit: AccountName, amount_fen: int
) -> Posting | None:
    if not amount_fen:
        return None
    entries = (Entry(debit, Fen(-amount_fen)), Entry(credit, Fen(amount_fen)))
    return Posting(client_id, "clearing", entries)


class ClearingDayClosed(Event, frozen=True, kw_only=True):
    """A day was cleared."""

    action: ClassVar[str] = "close-clearing-day"
    card_id: None = None
    day: str
    taps: int
    amount_fen: int

    @property
    def detail(self) -> str:
        """The day and its sum."""
        return f"{self.day}: {self.taps} taps, {self.amount_fen} fen"


class SheetChanged(Event, frozen=True, kw_only=True):
    """A sheet was made, or something became of it."""

    action: ClassVar[str] = "change-clearing-sheet"
    card_id: None = None
    sheet_id: str
    step: str
    after: str
    amount_fen: int

    @property
    def detail(self) -> str:
        """Step, state, amount."""
        return f"{self.sheet_id}: {self.step} -> {self.after}, {self.amount_fen} fen"


class SheetBooked(Event, frozen=True, kw_only=True):
    """A sheet of another region was booked."""

    action: ClassVar[str] = "book-clearing-sheet"
    card_id: None = None
    region: str
    day: str
    number: int
    amount_fen: int

    @property
    def detail(self) -> str:
        """Whose sheet, of which day, how much."""
        return f"{self.region} {self.day}, sheet {self.number}: {self.amount_fen} fen"
