"""Bringing orders to the banks, and learning what became of them.

Banks are asked in due work, never while a request waits. Who is away is asked again after a pause
that doubles, up to `PAUSE_MAX`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from card_platform.settlement.bank_orders import store
from card_platform.settlement.bank_orders.bank import (
    AnswerIsLost,
    Bank,
    BankIsAway,
    Returned,
    Told,
)
from card_platform.settlement.bank_orders.model import (
    UNDER_WAY,
    BankOrder,
    OrderAction,
    OrderState,
    next_state,
    posting_of,
)
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.reconciliation import comparing
from card_platform.settlement.reconciliation.model import Line, Result
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import moment_of

ORDERS_AT_ONCE_MAX = 100
"""Orders one transaction of the due work deals with."""
PAUSE_FIRST = timedelta(seconds=30)
PAUSE_MAX = timedelta(hours=1)
ASK_AGAIN_AFTER = timedelta(minutes=5)
"""How long after it was accepted, or asked about, a bank is asked about an order again."""
_CLOCK = "clock"
_BOOKED = {
    OrderAction.SETTLE: Result.SETTLED,
    OrderAction.REFUSE: Result.REFUSED,
    OrderAction.RETURN: Result.RETURNED,
}
"""Steps that the bank has in its book of the day."""


class Delivery:
    """Orders on their way.

    Args:
        banks: each partner bank by its code.
    """

    def __init__(self, ledger: Ledger, banks: Mapping[str, Bank]) -> None:
        self._ledger = ledger
        self._banks = banks

    def do_due(self, tx: Transaction, now: datetime) -> bool:
        """Due work: bring what waits, ask about what is under way, take in what comes back."""
        orders = store.due(tx, moment_of(now), ORDERS_AT_ONCE_MAX)
        for order in orders:
            self._deal_with(tx, order, now)
        for code, bank in self._banks.items():
            for returned in bank.returns(tx, now):
                self._take_back(tx, bank, code, returned, now)
        return len(orders) == ORDERS_AT_ONCE_MAX

    def _take_back(
        self, tx: Transaction, bank: Bank, code: str, returned: Returned, now: datetime
    ) -> None:
        """Money came back: of an order that was settled, or a difference to be worked off."""
        found = store.find_to_change(tx, returned.order_id)
        if found is not None and found.bank == code and found.state in UNDER_WAY:
            # it settled and came back since the bank was asked last
            answer = bank.ask(tx, found, now)
            found = self._settled(tx, found, now, answer.at)
        returns = OrderState.SETTLED, code, returned.amount_fen
        if found is None or (found.state, found.bank, found.amount_fen) != returns:
            line = Line(returned.order_id, Result.RETURNED, returned.amount_fen, returned.at)
            comparing.note_stray_return(tx, code, line, moment_of(now), returned.reason)
            return
        action, reason = OrderAction.RETURN, returned.reason
        self._step(tx, found, action, now, reason=reason, told_at=returned.at)

    def _deal_with(self, tx: Transaction, order: BankOrder, now: datetime) -> None:
        bank = self._banks[order.bank]
        try:
            if order.state is OrderState.ORDERED:
                answer = bank.take(tx, order, now)
            else:
                answer = bank.ask(tx, order, now)
        except BankIsAway:
            pause = min(PAUSE_FIRST * 2 ** min(order.tries, 10), PAUSE_MAX)
            waits = {"due_at": moment_of(now + pause), "tries": order.tries + 1}
            store.save(tx, msgspec.structs.replace(order, **waits))
            return
        except AnswerIsLost:
            self._step(tx, order, OrderAction.LOSE_ANSWER, now, due_in=PAUSE_FIRST)
            return
        if answer.told is Told.NOTHING_KNOWN:
            self._step(tx, order, OrderAction.SEND_AGAIN, now, due_in=timedelta())
        elif answer.told is Told.REFUSED:
            action = OrderAction.REFUSE
            self._step(tx, order, action, now, reason=answer.reason, told_at=answer.at)
        elif answer.told is Told.SETTLED:
            self._settled(tx, order, now, answer.at)
        elif order.state is OrderState.ACCEPTED:
            later = moment_of(now + ASK_AGAIN_AFTER)
            store.save(tx, msgspec.structs.replace(order, due_at=later, tries=0))
        else:
            self._step(tx, order, OrderAction.ACCEPT, now, due_in=ASK_AGAIN_AFTER)

    def _settled(
        self, tx: Transaction, order: BankOrder, now: datetime, told_at: str | None
    ) -> BankOrder:
        """The order settled, by way of its acceptance."""
        if order.state is not OrderState.ACCEPTED:
            order = self._step(tx, order, OrderAction.ACCEPT, now)
        return self._step(tx, order, OrderAction.SETTLE, now, told_at=told_at)

    def _step(
        self,
        tx: Transaction,
        order: BankOrder,
        action: OrderAction,
        now: datetime,
        *,
        reason: str | None = None,
        due_in: timedelta | None = None,
        told_at: str | None = None,
    ) -> BankOrder:
        at, after = moment_of(now), next_state(order.state, action)
        if action in _BOOKED:
            line = Line(order.order_id, _BOOKED[action], order.amount_fen, told_at or at)
            comparing.record(tx, order.bank, line, at)
        posting = posting_of(order, action)
        if posting is not None:
            self._ledger.post(tx, posting)
        due_at = None if due_in is None else moment_of(now + due_in)
        moved = msgspec.structs.replace(
            order, state=after, due_at=due_at, tries=0, reason=reason or order.reason
        )
        store.save(tx, moved)
        store.record(tx, moved, action.value, order.state.value, at=at, by=_CLOCK)
        return moved
