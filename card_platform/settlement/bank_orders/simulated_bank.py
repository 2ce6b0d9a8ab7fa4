"""The bank of the testbed: a party with a book of its own, whose failures are data.

Rules:
- Its book is its own: it reads no table of the platform and the platform none of its.
- How it behaves is a row a trainer sets (`Conduct`); without one it answers at once and refuses
  nothing. Which orders it refuses or returns follows from its seed and the order's client id alone,
  so a run is repeated by the same seed.
- An order comes once; brought again it is answered as the first time.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import msgspec

from card_platform.settlement.bank_orders import simulated_bank_store as store
from card_platform.settlement.bank_orders.bank import (
    AnswerIsLost,
    BankAnswer,
    BankIsAway,
    Returned,
    Told,
)
from card_platform.settlement.bank_orders.model import BankOrder
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import moment_of


class Conduct(msgspec.Struct, frozen=True):
    """How a simulated bank behaves.

    Attributes:
        seed: of what it refuses, returns and whose answers are lost.
        slow_s: seconds from taking an order to settling it.
        refuse_percent, refuse_reason: orders it refuses, and why.
        return_percent, return_after_days, return_reason: settled orders it sends back, and when.
        lose_percent: orders it takes, but whose answer is lost.
        down: whether it answers nobody.
    """

    seed: int = 1
    slow_s: int = 0
    refuse_percent: int = 0
    refuse_reason: str = "account-closed"
    return_percent: int = 0
    return_after_days: int = 3
    return_reason: str = "account-name-differs"
    lose_percent: int = 0
    down: bool = False

    def falls(self, what: str, case: str, percent: int) -> bool:
        """Whether this befalls a case: drawn by the seed, so always the same."""
        if not percent:
            return False
        drawn = hashlib.sha256(f"{self.seed} {what} {case}".encode()).digest()[:8]
        return int.from_bytes(drawn) % 100 < percent


class SimulatedBank:
    """One simulated bank."""

    def __init__(self, code: str) -> None:
        self.code = code

    def take(self, tx: Transaction, order: BankOrder, now: datetime) -> BankAnswer:
        """Enter the order in the own book, once."""
        conduct = reach(tx, self.code)
        known = store.find(tx, order.order_id)
        if known is None:
            case = f"{order.bank} {order.client_id}"
            refused = conduct.falls("refuse", case, conduct.refuse_percent)
            returned = conduct.falls("return", case, conduct.return_percent)
            # what it refuses it refuses at once
            settles_at = now + timedelta(seconds=0 if refused else conduct.slow_s)
            returns_at = settles_at + timedelta(days=conduct.return_after_days)
            store.add(
                tx,
                order_id=order.order_id,
                bank=self.code,
                contract_id=order.contract_id,
                amount_fen=order.amount_fen,
                refused_because=conduct.refuse_reason if refused else None,
                settles_at=moment_of(settles_at),
                returns_at=moment_of(returns_at) if returned and not refused else None,
                return_reason=conduct.return_reason if returned and not refused else None,
                told_return=0,
            )
            if conduct.falls("lose", case, conduct.lose_percent):
                raise AnswerIsLost
        return self._answer(tx, order, now)

    def ask(self, tx: Transaction, order: BankOrder, now: datetime) -> BankAnswer:
        """What its book says of the order."""
        reach(tx, self.code)
        return self._answer(tx, order, now)

    def returns(self, tx: Transaction, now: datetime) -> list[Returned]:
        """What it sends back by now, told once."""
        try:
            reach(tx, self.code)
        except BankIsAway:
            return []
        return [Returned(*row) for row in store.take_returns(tx, self.code, moment_of(now))]

    @staticmethod
    def _answer(tx: Transaction, order: BankOrder, now: datetime) -> BankAnswer:
        known = store.find(tx, order.order_id)
        if known is None:
            return BankAnswer(Told.NOTHING_KNOWN)
        if known["refused_because"] is not None:
            return BankAnswer(Told.REFUSED, known["refused_because"], known["settles_at"])
        if known["settles_at"] > moment_of(now):
            return BankAnswer(Told.ACCEPTED)
        return BankAnswer(Told.SETTLED, at=known["settles_at"])


def conduct_of(tx: Transaction, bank: str) -> Conduct:
    """How a bank behaves now."""
    kept = store.find_conduct(tx, bank)
    return Conduct() if kept is None else msgspec.json.decode(kept, type=Conduct)


def reach(tx: Transaction, bank: str) -> Conduct:
    """How a bank behaves now, where it can be reached. Raises BankIsAway."""
    conduct = conduct_of(tx, bank)
    if conduct.down:
        raise BankIsAway
    return conduct


def set_conduct(tx: Transaction, bank: str, conduct: Conduct) -> None:
    """Have a bank behave so from now on."""
    store.keep_conduct(tx, bank, msgspec.json.encode(conduct).decode())
