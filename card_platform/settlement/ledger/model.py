"""Accounts, entries and postings.

Rules:
- A posting is a list of at least two entries that sum to zero, or it is refused.
- A positive entry gives the account a claim, a negative one takes it: a purse holds what the card
  may spend, an operator what it has earned, a cash desk is negative by the cash it must hand over.
- A posting is never changed or removed; a correction is another posting.
- A posting has a client id; the same id is posted once.
"""

from __future__ import annotations

from typing import NewType

import msgspec

from card_platform.errors import Refusal
from card_platform.vocabulary.money import Fen

AccountName = NewType("AccountName", str)

FARE_DIFFERENCES = AccountName("fare-differences")
"""What gates charged above (positive) or below (negative) the tariff."""

MEDICAL_FUND = AccountName("medical-fund")
"""The insurance fund: negative by what it has given to the personal accounts."""

ENTRIES_MAX = 64
"""Most entries of one posting."""


def purse_account(application_serial: str) -> AccountName:
    """The purse of one card."""
    return AccountName(f"purse:{application_serial}")


def operator_account(operator: str) -> AccountName:
    """An operator of transport, a canteen, a hospital: whose terminal was paid."""
    return AccountName(f"operator:{operator}")


def cash_account(terminal_number: str) -> AccountName:
    """The cash desk of a terminal that loads purses."""
    return AccountName(f"cash:{terminal_number}")


def medical_credit_account(card_id: str, account: int) -> AccountName:
    """What the holder may still load of a personal account of medical insurance."""
    return AccountName(f"medical-credit:{card_id}:{account}")


def medical_purse_account(card_id: str, account: int) -> AccountName:
    """What the card's medical purse holds of a personal account."""
    return AccountName(f"medical-purse:{card_id}:{account}")


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One line of a posting."""

    account: AccountName
    amount_fen: Fen


class Posting(msgspec.Struct, frozen=True):
    """A balanced set of entries and what they are for."""

    client_id: str
    purpose: str
    entries: tuple[Entry, ...]


class PostingDoesNotBalance(Refusal):
    """The entries do not sum to zero, or are too few or too many."""

    code = "posting-does-not-balance"
    status = 422
    title = "Posting does not balance"
    zh = "记账分录共 {count} 条，合计 {sum_fen} 分；须为 2 至 64 条且合计为零。"
    en = (
        "The posting has {count} entries that sum to {sum_fen} fen; it needs 2 to 64 that sum to 0."
    )


def require_balanced(posting: Posting) -> None:
    """Refuse a posting that breaks the rules.

    Raises:
        PostingDoesNotBalance: it does.
    """
    sum_fen = sum(entry.amount_fen for entry in posting.entries)
    count = len(posting.entries)
    if sum_fen != 0 or not 1 < count <= ENTRIES_MAX:
        raise PostingDoesNotBalance(sum_fen=sum_fen, count=count)
