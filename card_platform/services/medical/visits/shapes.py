"""Request and answer shapes of visits."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.regions.catalogue.shapes import Short
from card_platform.regions.medical_policy import ItemCode
from card_platform.services.medical.benefits.shapes import SharesAnswer, shares_answer
from card_platform.services.medical.visits.model import (
    LINES_MAX,
    PrescribedItem,
    Prescription,
    Visit,
)
from card_platform.services.medical.visits.prescriptions import Charge
from card_platform.services.medical.visits.receipts import Receipt, receipt_html, receipt_text
from card_platform.services.medical.visits.service import Registration
from card_platform.services.verification.presented import Presented
from card_platform.vocabulary.card_text import AmountFen, HistoricalBytesText
from card_platform.vocabulary.faults import Fault
from card_platform.web.request_body import RequestBody, RequestIsMalformed

Quantity = Annotated[int, msgspec.Meta(ge=1, le=9_999)]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
PriceFen = Annotated[int, msgspec.Meta(ge=1, le=100_000_000)]
"""At most a million yuan for one."""


class VisitBody(RequestBody, frozen=True):
    """What the patient shows, and what for.

    With a card, `name` as read from it; `historical_bytes` of the chip, where it was authenticated.
    `department` is the hospital's; a sale may name a prescription, and an agent of the holder.
    """

    means: Literal["card", "electronic-card", "code"]
    token: Token
    name: Short | None = None
    historical_bytes: HistoricalBytesText | None = None
    department: Short | None = None
    prescription_id: Short | None = None
    agent_document_number: Short | None = None

    def shown(self) -> Presented:
        """What was shown. Raises RequestIsMalformed: a card is shown with its holder's name."""
        if (self.name is None) == (self.means == "card"):
            wanted = "with a card the name on it, else none"
            raise RequestIsMalformed([Fault("name", repr(self.name), wanted)])
        chip = self.historical_bytes.upper() if self.historical_bytes else None
        return Presented(self.means, self.token, self.name, chip)

    def registration(self) -> Registration:
        """What for."""
        return Registration(self.department, self.prescription_id, self.agent_document_number)


class ConsultationBody(RequestBody, frozen=True):
    """What the doctor found."""

    diagnosis: Short


class LineBody(RequestBody, frozen=True):
    """So much of an item of the catalogue at a price."""

    code: ItemCode
    quantity: Quantity
    unit_price_fen: PriceFen

    def charge(self) -> Charge:
        """The same for the service."""
        return Charge(self.code, self.quantity, self.unit_price_fen)


class ChargesBody(RequestBody, frozen=True):
    """Lines for the bill, or medicines the hospital hands out itself."""

    lines: Annotated[list[LineBody], msgspec.Meta(min_length=1, max_length=LINES_MAX)]

    def charges(self) -> list[Charge]:
        """The same for the service."""
        return [each.charge() for each in self.lines]


class PrescribedBody(RequestBody, frozen=True):
    """So much of a medicine."""

    code: ItemCode
    quantity: Quantity


class PrescriptionBody(RequestBody, frozen=True):
    """Medicines for a pharmacy."""

    items: Annotated[list[PrescribedBody], msgspec.Meta(min_length=1, max_length=20)]

    def prescribed(self) -> list[PrescribedItem]:
        """The same for the service."""
        return [PrescribedItem(each.code, each.quantity) for each in self.items]


class PaymentOfVisit(RequestBody, frozen=True):
    """What the holder paid in cash: all that the settlement left."""

    cash_fen: AmountFen


class ReasonBody(RequestBody, frozen=True):
    """Why."""

    reason: Short


class NothingMore(RequestBody, frozen=True):
    """Nothing needs saying."""


class VisitAnswer(msgspec.Struct, frozen=True):
    """A visit; `problem_code` where another region refused to settle it."""

    visit_id: str
    kind: str
    state: str
    benefit: str
    level: int
    region: str
    card_number: str
    card_id: str | None
    department: str | None
    prescription_id: str | None
    agent_id: str | None
    admitted_on: str | None
    days: int | None
    registered_at: str
    settled_on: str | None
    shares: SharesAnswer | None
    problem_code: str | None
    problem_zh: str | None
    problem_en: str | None


class VisitsAnswer(msgspec.Struct, frozen=True):
    """A page of a card's visits, the latest first."""

    visits: list[VisitAnswer]
    next: str | None


class PrescriptionAnswer(msgspec.Struct, frozen=True):
    """A prescription for a pharmacy."""

    prescription_id: str
    visit_id: str
    items: list[PrescribedItem]
    state: str
    issued_at: str
    valid_until: str


class ReceiptAnswer(msgspec.Struct, frozen=True):
    """A receipt, its figures and how it is printed."""

    receipt: Receipt
    text: str
    html: str


class ReceiptsAnswer(msgspec.Struct, frozen=True):
    """The receipts of a visit, the first first."""

    receipts: list[ReceiptAnswer]


def visit_answer(visit: Visit) -> VisitAnswer:
    """A visit as it is told."""
    return VisitAnswer(
        visit_id=visit.visit_id,
        kind=visit.kind.value,
        state=visit.state.value,
        benefit=visit.benefit.value,
        level=visit.level,
        region=visit.region,
        card_number=visit.card_number,
        card_id=visit.card_id,
        department=visit.department,
        prescription_id=visit.prescription_id,
        agent_id=visit.agent_id,
        admitted_on=visit.admitted_on,
        days=visit.days,
        registered_at=visit.registered_at,
        settled_on=visit.settled_on,
        shares=shares_answer(visit.settled) if visit.settled else None,
        problem_code=visit.problem_code,
        problem_zh=visit.problem_zh,
        problem_en=visit.problem_en,
    )


def prescription_answer(prescription: Prescription) -> PrescriptionAnswer:
    """A prescription as it is told."""
    return PrescriptionAnswer(
        prescription.prescription_id,
        prescription.visit_id,
        prescription.items,
        prescription.state.value,
        prescription.issued_at,
        prescription.valid_until,
    )


def receipt_answer(receipt: Receipt) -> ReceiptAnswer:
    """A receipt as it is told."""
    return ReceiptAnswer(receipt, receipt_text(receipt), receipt_html(receipt))
