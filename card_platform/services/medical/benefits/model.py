"""Bills, the year to date, how a bill is split, and its settlement: a life in two states.

Rules:
- Amounts are fen. The shares of fund, personal account and cash sum to the bill, always.
- The year to date is that of a person, not of a card: a new card goes on where the old one was.
- A settlement is reversed whole and once. What it added to the year, and the money, is given back.
- The employees' fund and the residents' are two (Social Insurance Law, article 64); retirees are
  paid from the employees'.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from card_platform.regions.medical_policy import Benefit, CatalogueClass, Insured
from card_platform.services.medical.benefits.refusals import SettlementStateForbids
from card_platform.settlement.ledger.accounts import AccountName
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after

EMPLOYEES_FUND = AccountName("fund:medical-employee")
RESIDENTS_FUND = AccountName("fund:medical-resident")


def pooled_fund(insured: Insured) -> AccountName:
    """The fund that pays for somebody insured so."""
    return RESIDENTS_FUND if insured is Insured.RESIDENT else EMPLOYEES_FUND


class PricedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a bill, classed by the catalogue of the place of treatment.

    Attributes:
        own_percent: what the insured pays of it before the fund looks at the rest: 0 for class A,
            100 for class C.
        covered: whether the fund may pay; not for what a pharmacy sells without a prescription.
    """

    code: str
    name_zh: str
    name_en: str
    catalogue: CatalogueClass
    own_percent: int
    quantity: int
    unit_price_fen: int
    covered: bool = True

    @property
    def amount_fen(self) -> int:
        """Quantity times price."""
        return self.quantity * self.unit_price_fen


class YearToDate(msgspec.Struct, frozen=True):
    """What somebody's visits of one kind came to this year.

    Attributes:
        deductible_fen: what they paid as deductible.
        counted_fen: what stood above the deductible; the bands are over this.
        fund_fen: what the fund paid.
        visits: how many were settled and not reversed.
    """

    deductible_fen: int = 0
    counted_fen: int = 0
    fund_fen: int = 0
    visits: int = 0


class LineSplit(msgspec.Struct, frozen=True):
    """One line: what of it is the insured's own, what counts for the fund."""

    line: PricedLine
    own_fen: int
    eligible_fen: int


class BandSplit(msgspec.Struct, frozen=True):
    """The part of the amount within one band: from and to are of the year, `to_fen` None open."""

    from_fen: int
    to_fen: int | None
    amount_fen: int
    percent: int
    fund_fen: int


class Split(msgspec.Struct, frozen=True):
    """A bill, split between the fund and the insured.

    Attributes:
        own_fen: outside what the fund looks at: shares of class B, class C, not covered.
        deductible_fen: what is left of the deductible, as far as the bill reaches.
        over_cap_fen: what the bands would give beyond the year's cap.
    """

    lines: list[LineSplit]
    total_fen: int
    own_fen: int
    eligible_fen: int
    deductible_fen: int
    counted_fen: int
    bands: list[BandSplit]
    over_cap_fen: int
    cap_fen: int
    fund_fen: int

    @property
    def insured_fen(self) -> int:
        """What is left for the insured: the personal account, then cash."""
        return self.total_fen - self.fund_fen


class Bill(msgspec.Struct, frozen=True):
    """What is to be settled for whom.

    Attributes:
        reference: the visit here, or the settlement of another region; settled once.
        level: of the hospital; for a pharmacy that of the hospital that prescribed.
        day: of the settlement; it names the tables and the year.
        reduction: percentage points less for treatment elsewhere.
        payee: the account that is owed what the fund and the personal account pay.
        treated_in: the region of treatment, None in the insured's own.
    """

    reference: str
    benefit: Benefit
    level: int
    lines: list[PricedLine]
    day: str
    payee: AccountName
    reduction: int = 0
    treated_in: str | None = None


class Shares(msgspec.Struct, frozen=True):
    """Who pays how much of a bill; `personal_fen` by account, 1 of this year, 2 of earlier ones."""

    insured: Insured
    split: Split
    fund_fen: int
    personal_fen: dict[str, int]
    cash_fen: int

    @property
    def paid_fen(self) -> int:
        """What the fund and the personal account pay: owed to whoever treated."""
        return self.fund_fen + sum(self.personal_fen.values())


class SettlementState(StrEnum):
    """Where a settlement is."""

    SETTLED = "settled"
    REVERSED = "reversed"


class SettlementAction(StrEnum):
    """What may be done with a settlement."""

    REVERSE = "reverse"


_S, _A = SettlementState, SettlementAction
MEDICAL_SETTLEMENT_LIFE: dict[SettlementState, dict[SettlementAction, SettlementState]] = {
    _S.SETTLED: {_A.REVERSE: _S.REVERSED},
    _S.REVERSED: {},
}


def next_state(state: SettlementState, action: SettlementAction) -> SettlementState:
    """The state after the action. Raises SettlementStateForbids: the table has no such row."""
    return state_after(MEDICAL_SETTLEMENT_LIFE, state, action, SettlementStateForbids)


class MedicalSettlement(msgspec.Struct, frozen=True):
    """A bill that was settled, and what it added to the year.

    Attributes:
        year: whose accumulators it is in; a reversal of a later year gives back to it.
        day: of the settlement; `reversed_day` of the reversal.
    """

    settlement_id: str
    reference: str
    card_id: str
    person_id: str
    benefit: Benefit
    year: int
    day: str
    shares: Shares
    payee: AccountName
    treated_in: str | None
    state: SettlementState
    at: str
    by: str
    reversed_day: str | None = None
    reversed_at: str | None = None


class Insurance(msgspec.Struct, frozen=True):
    """How somebody is insured from a day on; `until` is the last day, None while it goes on."""

    insurance_id: str
    person_id: str
    insured: Insured
    from_day: str
    until: str | None
    at: str
    by: str


class _BillEvent(Event, frozen=True, kw_only=True):
    """Something that happened to a settlement; amounts in fen."""

    settlement_id: str
    fund_fen: int
    personal_fen: int

    @property
    def detail(self) -> str:
        """Which, and what moved."""
        return f"{self.settlement_id}: fund {self.fund_fen}, account {self.personal_fen} fen"


class MedicalBillShared(_BillEvent, frozen=True, kw_only=True):
    """Fund and personal account paid their shares of a bill."""

    action: ClassVar[str] = "settle-medical-visit"


class MedicalSettlementReversed(_BillEvent, frozen=True, kw_only=True):
    """They got them back."""

    action: ClassVar[str] = "reverse-medical-settlement"


class MedicalInsuranceChanged(Event, frozen=True, kw_only=True):
    """Somebody's insurance began, changed or ended."""

    action: ClassVar[str] = "change-medical-insurance"
    insured: str
    from_day: str

    @property
    def detail(self) -> str:
        """How, from when."""
        return f"{self.insured} from {self.from_day}"
