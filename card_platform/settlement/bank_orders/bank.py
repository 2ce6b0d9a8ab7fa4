"""What every bank can be asked, whoever stands behind it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from card_platform.settlement.bank_orders.model import BankOrder
from card_platform.storage import Transaction


class BankIsAway(Exception):
    """The bank does not answer; it has taken nothing."""


class AnswerIsLost(Exception):
    """The order went out and no answer came; what the bank did is not known."""


class Told(StrEnum):
    """What a bank says of an order."""

    NOTHING_KNOWN = "nothing_known"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    REFUSED = "refused"


class BankAnswer(NamedTuple):
    """What a bank says of an order, why it was refused, and the moment it settled or refused it."""

    told: Told
    reason: str | None = None
    at: str | None = None


class Returned(NamedTuple):
    """Money that came back: of which order, why, how much in fen, at which moment of the bank's."""

    order_id: str
    reason: str
    amount_fen: int
    at: str


class Bank(Protocol):
    """A bank at the other end."""

    def take(self, tx: Transaction, order: BankOrder, now: datetime) -> BankAnswer:
        """Bring it an order; the same order again is answered as the first time.

        Raises:
            BankIsAway, AnswerIsLost.
        """
        ...

    def ask(self, tx: Transaction, order: BankOrder, now: datetime) -> BankAnswer:
        """Ask what became of an order.

        Raises:
            BankIsAway.
        """
        ...

    def returns(self, tx: Transaction, now: datetime) -> list[Returned]:
        """What has come back since it was asked last; nothing while the bank is away."""
        ...
