"""Request and answer shapes of the ledger."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from card_platform.settlement.ledger.periods import Closing
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import EXACT_NUMBER_MAX, RequestBody

AccountText = Annotated[str, exactly(r"[a-z-]{2,20}(:[A-Za-z0-9_.-]{1,80}){0,2}")]
ClientIdText = Annotated[str, exactly(r"[A-Za-z0-9_.:-]{1,64}")]
PeriodText = Annotated[str, exactly(r"20[0-9]{2}-(0[1-9]|1[0-2])")]
AnyFen = Annotated[int, msgspec.Meta(ge=-EXACT_NUMBER_MAX, le=EXACT_NUMBER_MAX)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class AccountOpening(RequestBody, frozen=True):
    """The name of an account; its kind follows from it."""

    name: AccountText


class AccountChange(RequestBody, frozen=True):
    """What is done with an account, and why."""

    name: AccountText
    action: Literal["freeze", "lift", "close"]
    reason: Words


class AccountQuestion(RequestBody, frozen=True):
    """Which account."""

    name: AccountText


class TransferRequest(RequestBody, frozen=True):
    """From where, to where, how much, what for; `day` where it is dated back."""

    client_id: ClientIdText
    debit: AccountText
    credit: AccountText
    amount_fen: AnyFen
    purpose: Words
    day: date | None = None


class ClosingRequest(RequestBody, frozen=True):
    """The month to close."""

    period: PeriodText


class AccountAnswer(msgspec.Struct, frozen=True):
    """An account and its balance."""

    name: str
    kind: str
    state: str
    balance_fen: int


class AccountsAnswer(msgspec.Struct, frozen=True):
    """All accounts, by name."""

    accounts: list[AccountAnswer]
    next: str | None


class TransferAnswer(msgspec.Struct, frozen=True):
    """The transfer as it was posted."""

    transfer_id: str
    posting_id: str


class ClosingsAnswer(msgspec.Struct, frozen=True):
    """A page of the closed months, the latest first."""

    closings: list[Closing]
    next: str | None


class ClosedBalance(msgspec.Struct, frozen=True):
    """What an account that moved in the month stood at when it ended."""

    account: str
    balance_fen: int


class ClosedBalancesAnswer(msgspec.Struct, frozen=True):
    """A page of them, by name."""

    balances: list[ClosedBalance]
    next: str | None
