"""Entries, postings, transfers and periods.

Rules:
- A posting is a list of at least two entries in whole fen that sum to zero, or it is refused.
- A positive entry gives the account a claim, a negative one takes it: a purse holds what the card
  may spend, an operator what it has earned, a cash desk is negative by the cash it must hand over.
- A posting is never changed or removed; a correction is another posting.
- A posting has a client id; the same id is posted once.
- A transfer is a posting somebody asks for, from one account to another; it may be dated back, but
  not into a closed month.
- A period is a month, as the number 202611. A closing fixes what each account that moved stood at;
  a balance is the last closing of its account and the entries of the months since.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from card_platform.settlement.ledger.accounts import AccountName
from card_platform.settlement.ledger.refusals import PostingDoesNotBalance
from card_platform.storage import Event
from card_platform.vocabulary.money import Fen

ENTRIES_MAX = 64
"""Most entries of one posting."""
TRANSFER_MAX_FEN = 10**14
"""Most that one transfer moves: a million million yuan would be a slip."""

Period = int
"""A month as year and month, 202611; it sorts as the months do."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One line of a posting."""

    account: AccountName
    amount_fen: Fen


class Posting(msgspec.Struct, frozen=True, gc=False):
    """A balanced set of entries and what they are for."""

    client_id: str
    purpose: str
    entries: tuple[Entry, ...]


def require_balanced(posting: Posting) -> None:
    """Refuse a posting that breaks the rules.

    Raises:
        PostingDoesNotBalance: it does.
    """
    sum_fen = sum(entry.amount_fen for entry in posting.entries)
    count = len(posting.entries)
    # One amount that is no whole number makes the sum none, even where it comes to nothing.
    if sum_fen != 0 or type(sum_fen) is not int or not 1 < count <= ENTRIES_MAX:
        raise PostingDoesNotBalance(sum_fen=sum_fen, count=count)


class Transfer(msgspec.Struct, frozen=True):
    """What somebody asks to be moved. `day` is the day it is dated, None for now."""

    client_id: str
    debit: AccountName
    credit: AccountName
    amount_fen: Fen
    purpose: str
    day: date | None = None


class Transferred(msgspec.Struct, frozen=True):
    """A transfer that was done."""

    transfer_id: str
    posting_id: str


def period_of(moment: str) -> Period:
    """The period of a stored moment or day."""
    return int(moment[:4] + moment[5:7])


def period_after(period: Period) -> Period:
    """The month after it."""
    year, month = divmod(period, 100)
    return period + 1 if month < 12 else (year + 1) * 100 + 1  # noqa: PLR2004 - months


def period_text(period: Period) -> str:
    """A period as people write it, 2026-11."""
    return f"{period // 100:04d}-{period % 100:02d}"


class LedgerAccountChanged(Event, frozen=True, kw_only=True):
    """An account was opened, frozen, freed or closed."""

    action: ClassVar[str] = "change-ledger-account"
    account: str
    step: str

    @property
    def detail(self) -> str:
        """The account and the step."""
        return f"{self.account}: {self.step}"


class MoneyTransferred(Event, frozen=True, kw_only=True):
    """Somebody's transfer was posted."""

    action: ClassVar[str] = "transfer"
    transfer_id: str
    debit: str
    credit: str
    amount_fen: int

    @property
    def detail(self) -> str:
        """From where, to where, how much."""
        return f"{self.transfer_id}: {self.amount_fen} fen, {self.debit} -> {self.credit}"


class PeriodClosed(Event, frozen=True, kw_only=True):
    """A month was closed."""

    action: ClassVar[str] = "close-period"
    period: str

    @property
    def detail(self) -> str:
        """The month."""
        return self.period
