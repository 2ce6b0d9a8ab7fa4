"""Accounts: their kinds, which follow from their names, and their life.

Rules:
- The name says the kind: what stands before the first colon, or the whole of a name without one.
  `kind_of` is the only place that reads it.
- A transfer takes no account of `NEVER_BELOW_ZERO` below zero. Receipts of cards are facts: the
  money has moved on the chip, so the posting of one is taken whatever the account holds.
- Money of a chip (`MOVED_BY_CARDS`) moves by the card's own receipts and by no transfer.
- An account that is frozen or closed takes part in no transfer; it is closed when it holds nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

from card_platform.settlement.ledger.refusals import AccountNameIsWrong, AccountStateForbids
from card_platform.vocabulary.life_table import state_after

AccountName = NewType("AccountName", str)

FARE_DIFFERENCES = AccountName("fare-differences")
"""What gates charged above (positive) or below (negative) the tariff."""

MEDICAL_FUND = AccountName("medical-fund")
"""The insurance fund: negative by what it has given to the personal accounts."""


class AccountKind(StrEnum):
    """Whose account it is."""

    FUND = "fund"
    BANK = "bank"
    CLEARING = "clearing"
    OPERATOR = "operator"
    REGION = "region"
    PERSONAL = "personal"
    MEDICAL_CREDIT = "medical_credit"
    PURSE = "purse"
    CASH_DESK = "cash_desk"
    DIFFERENCE = "difference"


_K = AccountKind
_KINDS: dict[str, AccountKind] = {
    "medical-fund": _K.FUND,
    "fund": _K.FUND,
    "bank": _K.BANK,
    "clearing": _K.CLEARING,
    "operator": _K.OPERATOR,
    "region": _K.REGION,
    "personal": _K.PERSONAL,
    "medical-credit": _K.MEDICAL_CREDIT,
    "medical-purse": _K.PURSE,
    "purse": _K.PURSE,
    "cash": _K.CASH_DESK,
    "fare-differences": _K.DIFFERENCE,
    "difference": _K.DIFFERENCE,
}
"""What stands before the first colon of a name, and the kind it means."""

NEVER_BELOW_ZERO = frozenset({_K.PERSONAL, _K.MEDICAL_CREDIT, _K.PURSE, _K.CLEARING})
"""Kinds that can give no more than they hold; the others may owe."""
MOVED_BY_CARDS = frozenset({_K.MEDICAL_CREDIT, _K.PURSE, _K.CASH_DESK})
"""Kinds whose money is on a chip, in the till beside it, or promised to loads under way."""
OPENED_BY_HAND = frozenset({_K.FUND, _K.BANK, _K.OPERATOR, _K.REGION, _K.PERSONAL, _K.DIFFERENCE})
"""Kinds a person opens; the others begin with a card, a terminal or an order to a bank."""


class AccountState(StrEnum):
    """Where an account is in its life."""

    OPEN = "open"
    FROZEN = "frozen"
    CLOSED = "closed"


class AccountAction(StrEnum):
    """What may be done with an account."""

    FREEZE = "freeze"
    LIFT = "lift"
    CLOSE = "close"


_S, _A = AccountState, AccountAction
LEDGER_ACCOUNT_LIFE: dict[AccountState, dict[AccountAction, AccountState]] = {
    _S.OPEN: {_A.FREEZE: _S.FROZEN, _A.CLOSE: _S.CLOSED},
    _S.FROZEN: {_A.LIFT: _S.OPEN},
    _S.CLOSED: {},
}


def next_state(state: AccountState, action: AccountAction) -> AccountState:
    """The state after the action. Raises AccountStateForbids where the table has no such row."""
    return state_after(LEDGER_ACCOUNT_LIFE, state, action, AccountStateForbids)


def kind_of(account: str) -> AccountKind:
    """The kind of an account, by its name.

    Raises:
        AccountNameIsWrong: the name means no kind.
    """
    kind = _KINDS.get(account.partition(":")[0])
    if kind is None:
        raise AccountNameIsWrong(account=account)
    return kind


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


def personal_account(holder: str) -> AccountName:
    """A holder's own account in the region's books."""
    return AccountName(f"personal:{holder}")


def bank_account(bank: str) -> AccountName:
    """A partner bank: positive by what it has paid out for the platform and is owed."""
    return AccountName(f"bank:{bank}")


def clearing_account(bank: str) -> AccountName:
    """Money ordered of a bank, until the bank says what became of it."""
    return AccountName(f"clearing:{bank}")
