"""Request and answer shapes of bills."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from card_platform.issuance.application import IdentityDocument
from card_platform.regions.catalogue.shapes import Short
from card_platform.regions.utility_policy import Utility
from card_platform.services.bills.model import Bill, BillAction, BillContent, PaidBills, total_of
from card_platform.services.bills.payments import PAID_AT_ONCE_MAX
from card_platform.services.verification.presented_body import PresentedBody
from card_platform.vocabulary.card_text import AmountFen, PositiveFen
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import RequestBody

BROUGHT_MAX = 200
BillNumber = Annotated[str, exactly(r"[0-9A-Z][0-9A-Z-]{3,31}")]
Account = Annotated[str, exactly(r"[0-9A-Z]{4,20}")]
Month = Annotated[str, exactly(r"[0-9]{4}-(0[1-9]|1[0-2])")]
BillId = Annotated[str, exactly(r"bill-[0-9a-f-]{1,60}")]
BillIds = Annotated[list[BillId], msgspec.Meta(min_length=1, max_length=PAID_AT_ONCE_MAX)]


class BillBody(RequestBody, frozen=True):
    """A bill as a utility issues it, under its own number."""

    number: BillNumber
    account: Account
    period: Month
    amount_fen: PositiveFen
    due_on: date

    def content(self) -> BillContent:
        """The same for the service."""
        named = self.number, self.account, self.period, self.amount_fen
        return BillContent(*named, self.due_on.isoformat())


class BillsBody(RequestBody, frozen=True):
    """One bill or many, taken in all together or not at all."""

    bills: Annotated[list[BillBody], msgspec.Meta(min_length=1, max_length=BROUGHT_MAX)]


class BillStepBody(RequestBody, frozen=True):
    """A step of a bill, and why."""

    action: Literal["withdraw", "refund"]
    reason: Short

    def step(self) -> BillAction:
        """The same for the service."""
        return BillAction(self.action)


class OpenBillsBody(PresentedBody, frozen=True, kw_only=True):
    """Whose bills are asked for, and what the holder shows; a code for identity."""

    account: Account


class OwnOpenBillsBody(RequestBody, frozen=True):
    """Whose bills are asked for, from home; a clerk shows the holder's document."""

    utility: Short
    account: Account
    document: IdentityDocument | None = None


class BillPaymentBody(PresentedBody, frozen=True, kw_only=True):
    """Which bills, what the payer was told they come to, and what is shown; a code for payment."""

    bills: BillIds
    total_fen: PositiveFen


class OwnBillPaymentBody(RequestBody, frozen=True):
    """Which bills, and what the payer was told, from home; a clerk shows the document."""

    utility: Short
    bills: BillIds
    total_fen: PositiveFen
    document: IdentityDocument | None = None


class UtilityAnswer(msgspec.Struct, frozen=True):
    """A utility of the region, its late fee today."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    account_pattern: str
    account_check: str | None
    late_fee_per_day_thousandths: int
    late_fee_max_percent: int


class UtilitiesAnswer(msgspec.Struct, frozen=True):
    """The utilities of the region."""

    utilities: list[UtilityAnswer]


class BillAnswer(msgspec.Struct, frozen=True):
    """A bill; its late fee is that of today while it is open, else what was paid."""

    bill_id: str
    utility: str
    number: str
    period: str
    amount_fen: AmountFen
    late_fee_fen: AmountFen
    due_on: str
    state: str
    issued_at: str
    payment_id: str | None


class BillsAnswer(msgspec.Struct, frozen=True):
    """Bills in the order in which they were brought."""

    bills: list[BillAnswer]


class BillListAnswer(msgspec.Struct, frozen=True):
    """A page of a utility's bills, the latest first."""

    bills: list[BillAnswer]
    next: str | None


class OpenBillsAnswer(msgspec.Struct, frozen=True):
    """Open bills of an account, the oldest first, and what they come to today."""

    bills: list[BillAnswer]
    total_fen: AmountFen


class BillPaymentAnswer(msgspec.Struct, frozen=True):
    """The receipt: which bills, by which card, by which transfer of the ledger."""

    payment_id: str
    utility: str
    card_number: str
    means: str
    total_fen: AmountFen
    transfer_id: str
    paid_at: str
    bills: list[BillAnswer]


class BillPaymentsAnswer(msgspec.Struct, frozen=True):
    """A page of the payments by a card, the latest first."""

    payments: list[BillPaymentAnswer]
    next: str | None


def utility_answer(utility: Utility, today: date) -> UtilityAnswer:
    """A utility as it is told."""
    return UtilityAnswer(
        code=utility.code,
        kind=utility.kind.value,
        name_zh=utility.name_zh,
        name_en=utility.name_en,
        account_pattern=utility.account_pattern,
        account_check=utility.account_check,
        late_fee_per_day_thousandths=utility.late_fee_per_day.on_or_first(today),
        late_fee_max_percent=utility.late_fee_max.on_or_first(today),
    )


def bill_answer(bill: Bill) -> BillAnswer:
    """A bill as it is told; whose account it is stays with who asked."""
    return BillAnswer(**{name: getattr(bill, name) for name in BillAnswer.__struct_fields__})


def open_bills_answer(bills: list[Bill]) -> OpenBillsAnswer:
    """Open bills as they are told."""
    return OpenBillsAnswer([bill_answer(each) for each in bills], total_of(bills))


def payment_answer(paid: PaidBills) -> BillPaymentAnswer:
    """A payment as it is told."""
    names = [name for name in BillPaymentAnswer.__struct_fields__ if name != "bills"]
    told = {name: getattr(paid.payment, name) for name in names}
    return BillPaymentAnswer(**told, bills=[bill_answer(each) for each in paid.bills])
