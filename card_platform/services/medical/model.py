"""Medical loads, payments, their postings and events.

Rules:
- Account 1 is the personal account of the current year, 2 that of earlier years; amounts are fen.
- Credit comes from the fund and is loaded; what is loaded is paid. Each step is a posting.
- A payment is a receipt: the money has moved on the card. The platform takes every genuine one
  once, whatever the state of the card; what a place without a designation took is given back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from card_platform.settlement.ledger.accounts import (
    MEDICAL_FUND,
    medical_credit_account,
    medical_purse_account,
    operator_account,
)
from card_platform.settlement.ledger.model import Entry, Posting
from card_platform.storage import Event
from card_platform.vocabulary.money import Fen

ACCOUNTS = (1, 2)


class MedicalLoadRequest(msgspec.Struct, frozen=True, gc=False):
    """What the card and the terminal say when they ask to load."""

    historical_bytes: str
    account: int
    amount_fen: int
    balance_before_fen: int
    online_sequence: int
    random: str
    mac1: str


class AuthorisedMedicalLoad(msgspec.Struct, frozen=True, gc=False):
    """A load the platform gave its MAC2 for."""

    load_id: str
    historical_bytes: str
    account: int
    terminal_number: str
    amount_fen: int
    balance_before_fen: int
    online_sequence: int
    date: str
    time: str


class Payment(msgspec.Struct, frozen=True, gc=False):
    """One receipt of a hospital desk or pharmacy."""

    historical_bytes: str
    account: int
    amount_fen: int
    balance_after_fen: int
    offline_sequence: int
    terminal_sequence: int
    date: str
    time: str
    tac: str

    @property
    def moment(self) -> str:
        """Day and time as the card wrote them, 2026-01-05T08:30:00."""
        day, clock = self.date, self.time
        return f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}"


def credit_posting(credit_id: str, card_id: str, account: int, amount_fen: int) -> Posting:
    """Money of the fund that the holder may load."""
    return _posting(
        f"medical-credit:{credit_id}",
        "medical credit",
        Entry(MEDICAL_FUND, Fen(-amount_fen)),
        Entry(medical_credit_account(card_id, account), Fen(amount_fen)),
    )


def load_posting(load: AuthorisedMedicalLoad, card_id: str) -> Posting:
    """Credit into the purse."""
    return _posting(
        f"medical-load:{load.load_id}",
        "medical load",
        Entry(medical_credit_account(card_id, load.account), Fen(-load.amount_fen)),
        Entry(medical_purse_account(card_id, load.account), Fen(load.amount_fen)),
    )


def payment_posting(payment_id: str, payment: Payment, card_id: str, operator: str) -> Posting:
    """From the purse to the institution whose terminal was paid."""
    return _posting(
        f"medical-payment:{payment_id}",
        "medical payment",
        Entry(medical_purse_account(card_id, payment.account), Fen(-payment.amount_fen)),
        Entry(operator_account(operator), Fen(payment.amount_fen)),
    )


def given_back_posting(payment_id: str, payment: Payment, card_id: str) -> Posting:
    """From the purse back to the credit of the account it was loaded from."""
    return _posting(
        f"medical-payment:{payment_id}",
        "medical payment given back",
        Entry(medical_purse_account(card_id, payment.account), Fen(-payment.amount_fen)),
        Entry(medical_credit_account(card_id, payment.account), Fen(payment.amount_fen)),
    )


def settlement_posting(
    settlement_id: str, card_id: str, paid_fen: Mapping[int, int], operator: str
) -> Posting:
    """From the credit of the accounts to the institution, for a bill settled by code."""
    return _posting(
        f"medical-settlement:{settlement_id}",
        "medical settlement by code",
        *(
            Entry(medical_credit_account(card_id, account), Fen(-share_fen))
            for account, share_fen in paid_fen.items()
        ),
        Entry(operator_account(operator), Fen(sum(paid_fen.values()))),
    )


def _posting(client_id: str, purpose: str, *entries: Entry) -> Posting:
    return Posting(client_id=client_id, purpose=purpose, entries=entries)


class _MedicalEvent(Event, frozen=True, kw_only=True):
    """Something that happened to a medical account."""

    account: int
    amount_fen: int

    @property
    def detail(self) -> str:
        """The account and the amount."""
        return f"account {self.account}, {self.amount_fen} fen"


class MedicalCreditGranted(_MedicalEvent, frozen=True, kw_only=True):
    """The fund gave money to a personal account."""

    action: ClassVar[str] = "grant-medical-credit"


class MedicalBillSettled(Event, frozen=True, kw_only=True):
    """A bill was settled by code."""

    action: ClassVar[str] = "settle-medical-bill"
    paid_fen: int

    @property
    def detail(self) -> str:
        """What the accounts paid."""
        return f"{self.paid_fen} fen"


class MedicalLoadAuthorised(_MedicalEvent, frozen=True, kw_only=True):
    """MAC2 was given for a load."""

    action: ClassVar[str] = "authorise-medical-load"


class MedicalPurseLoaded(_MedicalEvent, frozen=True, kw_only=True):
    """A load was confirmed by its TAC and posted."""

    action: ClassVar[str] = "confirm-medical-load"


class MedicalPaymentAccepted(_MedicalEvent, frozen=True, kw_only=True):
    """A genuine payment was taken; `not_paid` says why the institution gets nothing of it."""

    action: ClassVar[str] = "medical-payment"
    not_paid: str | None = None

    @property
    def detail(self) -> str:
        """The account, the amount, and why it was given back."""
        told = f"account {self.account}, {self.amount_fen} fen"
        return f"{told}, given back: {self.not_paid}" if self.not_paid else told
