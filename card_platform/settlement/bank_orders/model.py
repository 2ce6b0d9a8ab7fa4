"""The life of an order to a bank as a table, and the postings of its steps.

Rules:
- Ordered money leaves its source at once and waits on the clearing account of the bank, until the
  bank says what became of it: settled, it is owed to the bank; refused or returned, it goes back.
- Where the payee's account was changed just before, the order is held with its money on the
  clearing account until somebody else than who ordered has released it, or dropped it.
- An order is done once: it has a client id, and the bank takes its own id once.
- A bank that is down is asked again later; nothing is lost and nothing is sent twice. Where the
  answer was lost the order is `unknown` until the bank is asked what it knows of it.
- Money may come back days after it was settled.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from card_platform.settlement.bank_orders.refusals import BankOrderStateForbids
from card_platform.settlement.ledger.accounts import AccountName, bank_account, clearing_account
from card_platform.settlement.ledger.model import Entry, Posting
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after
from card_platform.vocabulary.money import Fen


class OrderState(StrEnum):
    """Where an order is."""

    ORDERED = "ordered"
    HELD = "held"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    REFUSED = "refused"
    RETURNED = "returned"
    DROPPED = "dropped"


class OrderAction(StrEnum):
    """What may become of an order."""

    RELEASE = "release"
    DROP = "drop"
    ACCEPT = "accept"
    LOSE_ANSWER = "lose_answer"
    SEND_AGAIN = "send_again"
    SETTLE = "settle"
    REFUSE = "refuse"
    RETURN = "return"


_S, _A = OrderState, OrderAction
BANK_ORDER_LIFE: dict[OrderState, dict[OrderAction, OrderState]] = {
    _S.ORDERED: {
        _A.ACCEPT: _S.ACCEPTED,
        _A.REFUSE: _S.REFUSED,
        _A.LOSE_ANSWER: _S.UNKNOWN,
    },
    _S.HELD: {_A.RELEASE: _S.ORDERED, _A.DROP: _S.DROPPED},
    _S.UNKNOWN: {
        _A.ACCEPT: _S.ACCEPTED,
        _A.REFUSE: _S.REFUSED,
        _A.SEND_AGAIN: _S.ORDERED,
    },
    _S.ACCEPTED: {_A.SETTLE: _S.SETTLED, _A.REFUSE: _S.REFUSED},
    _S.SETTLED: {_A.RETURN: _S.RETURNED},
    _S.REFUSED: {},
    _S.RETURNED: {},
    _S.DROPPED: {},
}
UNDER_WAY = (_S.ORDERED, _S.UNKNOWN, _S.ACCEPTED)
"""States in which the bank has the order, or will; the money is on the clearing account, as it is
of one that is held."""


def next_state(state: OrderState, action: OrderAction) -> OrderState:
    """The state after the action. Raises BankOrderStateForbids: the table has no such row."""
    return state_after(BANK_ORDER_LIFE, state, action, BankOrderStateForbids)


class BankOrder(msgspec.Struct, frozen=True):
    """Money for a holder's account at a bank.

    Attributes:
        contract_id: the contract that names the account.
        source: the account of the ledger that pays.
        due_at: when the bank is asked next; None when nothing is to be asked.
        tries: how often in a row the bank did not answer.
        reason: why it is held, was refused or returned, or what whoever decided said.
    """

    order_id: str
    client_id: str
    card_id: str
    contract_id: str
    bank: str
    source: str
    amount_fen: int
    purpose: str
    state: OrderState
    ordered_at: str
    ordered_by: str
    due_at: str | None
    tries: int = 0
    reason: str | None = None


def posting_of(order: BankOrder, action: OrderAction) -> Posting | None:
    """The money a step moves; None where it stays on the clearing account."""
    source, clearing = AccountName(order.source), clearing_account(order.bank)
    bank = bank_account(order.bank)
    if action is OrderAction.SETTLE:
        debit, credit = clearing, bank
    elif action in (OrderAction.REFUSE, OrderAction.DROP):
        debit, credit = clearing, source
    elif action is OrderAction.RETURN:
        debit, credit = bank, source
    else:
        return None
    entries = (Entry(debit, Fen(-order.amount_fen)), Entry(credit, Fen(order.amount_fen)))
    return Posting(f"bank-order:{order.order_id}:{action.value}", f"{action.value} order", entries)


class BankOrderChanged(Event, frozen=True, kw_only=True):
    """An order was made, or something became of it."""

    action: ClassVar[str] = "change-bank-order"
    order_id: str
    step: str
    after: str
    amount_fen: int

    @property
    def detail(self) -> str:
        """Step, state, amount."""
        return f"{self.order_id}: {self.step} -> {self.after}, {self.amount_fen} fen"
