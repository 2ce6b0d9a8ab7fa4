"""A visit: its life as a table, one for hospitals and one for pharmacies, and its event.

Rules (NM-14b, NX-9b):
- A step out of order is refused and changes nothing.
- What is settled is what was charged, in the order of its lines.
- The stay of two that overlap which is decided against is refused, and is not asked for again.
- A visit of a holder of another region is settled there: asked for, then settled or refused by what
  that region answers (YD-13). It may be asked for again, or given up.
- A settlement is reversed whole, on its day or later; nothing follows a reversal.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

import msgspec

from card_platform.regions.medical_policy import Benefit
from card_platform.services.medical.benefits.model import Shares
from card_platform.services.medical.institutions.model import InstitutionKind
from card_platform.services.medical.visits.refusals import (
    PrescriptionStateForbids,
    VisitStateForbids,
)
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after

LINES_MAX = 80
"""Lines of one visit; all of them travel in one message to another region."""


class VisitState(StrEnum):
    """Where a visit is."""

    REGISTERED = "registered"
    CONSULTED = "consulted"
    PRESCRIBED = "prescribed"
    ADMITTED = "admitted"
    DISCHARGED = "discharged"
    ASKED = "asked"
    REFUSED = "refused"
    SETTLED = "settled"
    PAID = "paid"
    REVERSAL_ASKED = "reversal_asked"
    REVERSED = "reversed"
    CANCELLED = "cancelled"


class VisitAction(StrEnum):
    """What may be done with a visit."""

    CONSULT = "consult"
    CHARGE = "charge"
    PRESCRIBE = "prescribe"
    ADMIT = "admit"
    DISCHARGE = "discharge"
    ASK = "ask"
    REFUSE = "refuse"
    SETTLE = "settle"
    PAY = "pay"
    ASK_REVERSAL = "ask_reversal"
    KEEP = "keep"
    REVERSE = "reverse"
    CANCEL = "cancel"


_S, _A = VisitState, VisitAction
_Life = dict[VisitState, dict[VisitAction, VisitState]]
_TO_SETTLE = {_A.SETTLE: _S.SETTLED, _A.ASK: _S.ASKED}
_TO_REVERSE = {_A.REVERSE: _S.REVERSED, _A.ASK_REVERSAL: _S.REVERSAL_ASKED}
_FROM_ASKING: _Life = {
    _S.ASKED: {_A.SETTLE: _S.SETTLED, _A.REFUSE: _S.REFUSED},
    _S.REFUSED: {_A.ASK: _S.ASKED, _A.CANCEL: _S.CANCELLED},
    _S.SETTLED: {_A.PAY: _S.PAID, **_TO_REVERSE},
    _S.PAID: _TO_REVERSE,
    _S.REVERSAL_ASKED: {_A.REVERSE: _S.REVERSED, _A.KEEP: _S.SETTLED},
    _S.REVERSED: {},
    _S.CANCELLED: {},
}
HOSPITAL_VISIT_LIFE: _Life = {
    _S.REGISTERED: {_A.CONSULT: _S.CONSULTED, _A.CANCEL: _S.CANCELLED},
    _S.CONSULTED: {
        _A.CHARGE: _S.CONSULTED,
        _A.PRESCRIBE: _S.PRESCRIBED,
        _A.ADMIT: _S.ADMITTED,
        **_TO_SETTLE,
    },
    _S.PRESCRIBED: {
        _A.CHARGE: _S.PRESCRIBED,
        _A.PRESCRIBE: _S.PRESCRIBED,
        _A.ADMIT: _S.ADMITTED,
        **_TO_SETTLE,
    },
    _S.ADMITTED: {
        _A.CHARGE: _S.ADMITTED,
        _A.PRESCRIBE: _S.ADMITTED,
        _A.DISCHARGE: _S.DISCHARGED,
    },
    _S.DISCHARGED: {**_TO_SETTLE, _A.REFUSE: _S.REFUSED},
    **_FROM_ASKING,
}
PHARMACY_SALE_LIFE: _Life = {
    _S.REGISTERED: {_A.CHARGE: _S.REGISTERED, _A.CANCEL: _S.CANCELLED, **_TO_SETTLE},
    **_FROM_ASKING,
}
_LIVES: Mapping[InstitutionKind, _Life] = {
    InstitutionKind.HOSPITAL: HOSPITAL_VISIT_LIFE,
    InstitutionKind.PHARMACY: PHARMACY_SALE_LIFE,
}


class Visit(msgspec.Struct, frozen=True):
    """A visit to a hospital, or a sale of a pharmacy.

    Attributes:
        region: that of the card; `card_id` is None for a card of another region.
        level: of the hospital; of a sale that of the hospital that prescribed, else 1.
        days: of the stay, once discharged.
        agent_id: who bought for the holder, by the holder's mandate.
        settled: who pays what, once settled.
        problem_code: why it was not settled, here or in another region, or that this region knows
            of another stay, with the sentence in both languages.
    """

    visit_id: str
    kind: InstitutionKind
    designation_id: str
    operator: str
    region: str
    card_number: str
    holder_name: str
    level: int
    state: VisitState
    registered_at: str
    by: str
    card_id: str | None = None
    department: str | None = None
    diagnosis: str | None = None
    prescription_id: str | None = None
    agent_id: str | None = None
    admitted_on: str | None = None
    days: int | None = None
    settled_on: str | None = None
    settled: Shares | None = None
    problem_code: str | None = None
    problem_zh: str | None = None
    problem_en: str | None = None

    @property
    def benefit(self) -> Benefit:
        """By which tables it is settled: whoever was admitted is an inpatient."""
        return Benefit.INPATIENT if self.admitted_on is not None else Benefit.OUTPATIENT

    def after(self, action: VisitAction) -> VisitState:
        """The state after the action. Raises VisitStateForbids: the table has no such row."""
        return state_after(_LIVES[self.kind], self.state, action, VisitStateForbids)


class PrescriptionState(StrEnum):
    """Where a prescription for a pharmacy is."""

    ISSUED = "issued"
    DISPENSED = "dispensed"


class PrescriptionAction(StrEnum):
    """What may be done with a prescription."""

    DISPENSE = "dispense"
    RETURN = "return"


_P, _D = PrescriptionState, PrescriptionAction
PRESCRIPTION_LIFE: dict[PrescriptionState, dict[PrescriptionAction, PrescriptionState]] = {
    _P.ISSUED: {_D.DISPENSE: _P.DISPENSED},
    _P.DISPENSED: {_D.RETURN: _P.ISSUED},
}


class PrescribedItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So much of a medicine."""

    code: str
    quantity: int


class Prescription(msgspec.Struct, frozen=True):
    """A prescription to be filled by a pharmacy; `valid_until` is its last day."""

    prescription_id: str
    visit_id: str
    region: str
    card_number: str
    level: int
    items: list[PrescribedItem]
    state: PrescriptionState
    issued_at: str
    valid_until: str

    def after(self, action: PrescriptionAction) -> PrescriptionState:
        """The state after the action. Raises PrescriptionStateForbids."""
        return state_after(PRESCRIPTION_LIFE, self.state, action, PrescriptionStateForbids)


class VisitChanged(Event, frozen=True, kw_only=True):
    """A visit took a step. Diagnoses stay out of the audit."""

    action: ClassVar[str] = "medical-visit"
    visit_id: str
    step: str

    @property
    def detail(self) -> str:
        """The step and the visit."""
        return f"{self.step} {self.visit_id}"
