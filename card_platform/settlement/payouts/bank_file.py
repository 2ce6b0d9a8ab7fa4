"""What every bank can be asked about a file of credits, whoever stands behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Protocol

from card_platform.settlement.bank_orders.bank import Told
from card_platform.settlement.payouts.model import CreditFile
from card_platform.storage import Transaction


class Credit(NamedTuple):
    """A credit of a file; `account_ref` names the contract, or the account by itself."""

    line: int
    account_ref: str
    amount_fen: int


class NotCredited(NamedTuple):
    """A credit the bank refused or sent back, why, how much in fen, at which moment of its own."""

    file: int
    line: int
    reason: str
    amount_fen: int
    at: str | None = None


class FileAnswer(NamedTuple):
    """What a bank says of a file; where it is settled, also which credits it refused, and when."""

    told: Told
    refused: tuple[NotCredited, ...] = ()
    at: str | None = None


class FileBank(Protocol):
    """A bank at the other end."""

    def take(
        self, tx: Transaction, file: CreditFile, lines: Iterable[Credit], now: datetime
    ) -> FileAnswer:
        """Bring it a file; the same file again is answered as the first time.

        Raises:
            BankIsAway, AnswerIsLost: of `bank_orders.bank`.
        """
        ...

    def ask(self, tx: Transaction, file: CreditFile, now: datetime) -> FileAnswer:
        """Ask what became of a file.

        Raises:
            BankIsAway.
        """
        ...

    def returns(self, tx: Transaction, now: datetime) -> list[NotCredited]:
        """What has come back since it was asked last; nothing while the bank is away."""
        ...
