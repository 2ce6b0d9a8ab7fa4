"""A bill of a utility: its life as a table, its payment, and its event.

Rules (CQ-8c):
- A bill is known by the utility's own number, once, and names an account of the utility and nobody:
  whoever knows the account may pay for it.
- It is paid whole, with the late fee of the day, or not at all. That it is overdue is no state: it
  follows from the day.
- Only the utility withdraws a bill nobody has paid, and gives back the whole of one that was paid.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar

import msgspec

from card_platform.regions.utility_policy import Utility
from card_platform.services.bills.refusals import BillStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class BillState(StrEnum):
    """Where a bill is."""

    ISSUED = "issued"
    PAID = "paid"
    REFUNDED = "refunded"
    WITHDRAWN = "withdrawn"


class BillAction(StrEnum):
    """What may be done with a bill."""

    PAY = "pay"
    REFUND = "refund"
    WITHDRAW = "withdraw"


_S, _A = BillState, BillAction
BILL_LIFE: dict[BillState, dict[BillAction, BillState]] = {
    _S.ISSUED: {_A.PAY: _S.PAID, _A.WITHDRAW: _S.WITHDRAWN},
    _S.PAID: {_A.REFUND: _S.REFUNDED},
    _S.REFUNDED: {},
    _S.WITHDRAWN: {},
}


class BillContent(msgspec.Struct, frozen=True):
    """What a utility bills: `period` is the month, 2026-01; days as 2026-01-31, amounts in fen."""

    number: str
    account: str
    period: str
    amount_fen: int
    due_on: str


class Bill(msgspec.Struct, frozen=True):
    """One bill.

    Attributes:
        number: the utility's own.
        late_fee_fen: what was paid beside the amount.
        payment_id: by which it was paid.
    """

    bill_id: str
    utility: str
    number: str
    account: str
    period: str
    amount_fen: int
    due_on: str
    state: BillState
    issued_at: str
    by: str
    late_fee_fen: int = 0
    payment_id: str | None = None

    @property
    def content(self) -> BillContent:
        """What the utility billed."""
        return BillContent(self.number, self.account, self.period, self.amount_fen, self.due_on)

    def as_of(self, utility: Utility, today: date) -> Bill:
        """The bill with the late fee of a day."""
        due_on = date.fromisoformat(self.due_on)
        fee_fen = utility.late_fee(self.amount_fen, due_on, today)
        return msgspec.structs.replace(self, late_fee_fen=fee_fen)

    def after(self, action: BillAction) -> BillState:
        """The state after the action. Raises BillStateForbids: the table has no such row."""
        return state_after(BILL_LIFE, self.state, action, BillStateForbids)


def total_of(bills: list[Bill]) -> int:
    """What bills come to with their late fees, in fen."""
    return sum(each.amount_fen + each.late_fee_fen for each in bills)


class Payer(msgspec.Struct, frozen=True):
    """Who pays: by what was shown at a desk, or `holder` from home."""

    person_id: str
    card_id: str
    card_number: str
    means: str


class BillPayment(msgspec.Struct, frozen=True):
    """Bills of one utility paid at once: one transfer of the ledger, one receipt."""

    payment_id: str
    utility: str
    person_id: str
    card_id: str
    card_number: str
    means: str
    total_fen: int
    transfer_id: str
    paid_at: str
    by: str


class PaidBills(msgspec.Struct, frozen=True):
    """A payment and its bills as they stand."""

    payment: BillPayment
    bills: list[Bill]


class BillChanged(Event, frozen=True, kw_only=True):
    """A bill was brought, paid, withdrawn or given back; its account stays out of it."""

    action: ClassVar[str] = "change-bill"
    card_id: str | None = None
    bill_id: str
    utility: str
    step: str

    @property
    def detail(self) -> str:
        """The step, the bill, whose it is."""
        return f"{self.step} {self.bill_id} of {self.utility}"
