"""What travels for treatment elsewhere, the claim here that follows from it, and its clearing.

Rules (SC-n, YD-13):
- The place of treatment gives its catalogue, the insured region its policy. The insured region
  settles, so that its year to date and its accounts are right whoever treated.
- A settlement is a message: it has its effect once, however often it is brought. A preview and the
  question who may be treated are queries: they change nothing.
- Each side keeps its own claim or settlement; the clearing of a day compares the two to the fen.
- A message must stay small, since what many of them are answered fits in one envelope: an answer
  says the figures, and the lines are split again here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

import msgspec

from card_platform.exchange.medical.refusals import FiguresAreImpossible
from card_platform.exchange.shapes import CardNumber, Short
from card_platform.regions.medical_policy import Benefit, CatalogueClass, Insured, Level
from card_platform.services.medical.benefits.model import (
    BandSplit,
    Bill,
    PricedLine,
    Shares,
    Split,
)
from card_platform.services.medical.benefits.split import split_line
from card_platform.services.medical.visits.model import LINES_MAX
from card_platform.settlement.ledger.accounts import AccountName
from card_platform.storage import Event
from card_platform.vocabulary.card_text import HistoricalBytesText
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.money import AMOUNT_MAX_FEN
from card_platform.web.request_body import RequestBody

FIELD = "medical"
"""Of the agreements."""
PURPOSE = "medical-settlement"
ELIGIBILITY, PREVIEW = "medical-eligibility", "medical-preview"
SETTLEMENT, REVERSAL, CLEARING = "medical-settlement", "medical-reversal", "medical-clearing"
DayText = Annotated[str, exactly(r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")]
Sum = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]


def region_account(region: str) -> AccountName:
    """What another region is owed (positive) or owes."""
    return AccountName(f"region:{region}")


class PatientQuestion(RequestBody, frozen=True):
    """May the holder of this card be treated in the asking region, settled directly."""

    card_number: CardNumber
    name: Short
    historical_bytes: HistoricalBytesText | None = None


class Eligibility(msgspec.Struct, frozen=True):
    """Yes without `reason`; else why not, and how to file where a filing is missing."""

    reason: str | None
    day: str
    how_zh: str | None = None
    how_en: str | None = None


class OrderLine(RequestBody, frozen=True):
    """A line as it travels: classed by the catalogue of the place of treatment."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=12)]
    name_zh: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    name_en: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    catalogue: CatalogueClass
    own_percent: Annotated[int, msgspec.Meta(ge=0, le=100)]
    quantity: Annotated[int, msgspec.Meta(ge=1, le=9_999)]
    unit_price_fen: Annotated[int, msgspec.Meta(ge=1, le=AMOUNT_MAX_FEN)]
    covered: bool

    def line(self) -> PricedLine:
        """The same for the split."""
        return PricedLine(**{name: getattr(self, name) for name in self.__struct_fields__})


class SettlementOrder(RequestBody, frozen=True):
    """A bill for the insured region; `day` is that of the settlement at the place of treatment."""

    reference: Short
    card_number: CardNumber
    name: Short
    institution: Short
    benefit: Benefit
    level: Level
    day: DayText
    lines: Annotated[list[OrderLine], msgspec.Meta(min_length=1, max_length=LINES_MAX)]

    def bill(self, sender: str, reduction: int) -> Bill:
        """The bill of a holder of this region, treated in the sender's."""
        return Bill(
            reference=reference_of(sender, self.reference),
            benefit=self.benefit,
            level=self.level,
            lines=[each.line() for each in self.lines],
            day=self.day,
            payee=region_account(sender),
            reduction=reduction,
            treated_in=sender,
        )


class ReversalOrder(RequestBody, frozen=True):
    """Take a settlement back, whole."""

    reference: Short
    day: DayText


class SettledFigures(msgspec.Struct, frozen=True):
    """Who pays what, without the lines: whoever asked has them."""

    insured: Insured
    deductible_fen: int
    counted_fen: int
    bands: list[BandSplit]
    over_cap_fen: int
    cap_fen: int
    fund_fen: int
    personal_fen: dict[str, int]


class ReversalDone(msgspec.Struct, frozen=True):
    """It is taken back."""

    reversed_day: str


class DayTotals(RequestBody, frozen=True):
    """What one region owes another for the treatment of a day; amounts in fen."""

    settled: Annotated[int, msgspec.Meta(ge=0)]
    settled_fen: Sum
    reversed: Annotated[int, msgspec.Meta(ge=0)]
    reversed_fen: Sum

    @property
    def net_fen(self) -> int:
        """What is owed."""
        return self.settled_fen - self.reversed_fen


class ClearingOrder(RequestBody, frozen=True):
    """The sender's statement of a day."""

    day: DayText
    totals: DayTotals


class ClearingReply(msgspec.Struct, frozen=True):
    """What the insured region has for the same day."""

    totals: DayTotals
    agreed: bool


class ClaimState(StrEnum):
    """Where a claim on another region is, here where the treatment was."""

    ASKED = "asked"
    SETTLED = "settled"
    REFUSED = "refused"
    REVERSAL_ASKED = "reversal_asked"
    REVERSED = "reversed"


class Claim(msgspec.Struct, frozen=True):
    """What another region was asked to pay for a visit; `paid_fen` is fund and account together."""

    visit_id: str
    region: str
    day: str
    state: ClaimState
    paid_fen: int = 0
    reversed_day: str | None = None


class ClearingState(StrEnum):
    """Where the statement of a day is: open while the day lasts or something of it is asked."""

    OPEN = "open"
    SENT = "sent"
    AGREED = "agreed"
    DIFFERS = "differs"


class DayStatement(msgspec.Struct, frozen=True):
    """The statement of a day and a pair, as one side keeps it.

    Attributes:
        side: `treating` claims, `insured` owes.
        own: what this side has; `told` what the other told, None until it did.
    """

    region: str
    day: str
    side: Literal["treating", "insured"]
    own: DayTotals
    state: ClearingState
    at: str
    told: DayTotals | None = None


class MedicalDayCleared(Event, frozen=True, kw_only=True):
    """Two regions compared a day."""

    action: ClassVar[str] = "clear-medical-day"
    card_id: None = None
    region: str
    day: str
    side: str
    net_fen: int
    state: str

    @property
    def detail(self) -> str:
        """Which day, with whom, how it ended."""
        return f"{self.day} {self.side} {self.region}: {self.net_fen} fen, {self.state}"


def reference_of(sender: str, reference: str) -> str:
    """A settlement's reference here: the sender's own, so that no two regions' can meet."""
    return f"{sender}:{reference}"


def reference_there(sender: str, reference: str) -> str:
    """The sender's own reference of what is known here by `reference_of`."""
    return reference.removeprefix(f"{sender}:")


def figures_of(shares: Shares) -> SettledFigures:
    """The figures as they travel."""
    split = shares.split
    return SettledFigures(
        shares.insured,
        split.deductible_fen,
        split.counted_fen,
        split.bands,
        split.over_cap_fen,
        split.cap_fen,
        shares.fund_fen,
        shares.personal_fen,
    )


def shares_of(figures: SettledFigures, lines: list[PricedLine]) -> Shares:
    """The whole again, from the figures and the lines here: the shares sum to the bill.

    Raises:
        FiguresAreImpossible: they cannot be those of this bill.
    """
    split_lines = [split_line(each) for each in lines]
    total_fen = sum(each.amount_fen for each in lines)
    eligible_fen = sum(each.eligible_fen for each in split_lines)
    split = Split(
        lines=split_lines,
        total_fen=total_fen,
        own_fen=total_fen - eligible_fen,
        eligible_fen=eligible_fen,
        deductible_fen=figures.deductible_fen,
        counted_fen=figures.counted_fen,
        bands=figures.bands,
        over_cap_fen=figures.over_cap_fen,
        cap_fen=figures.cap_fen,
        fund_fen=figures.fund_fen,
    )
    paid_fen = figures.fund_fen + sum(figures.personal_fen.values())
    is_negative = min(figures.fund_fen, *figures.personal_fen.values(), 0) < 0
    if is_negative or paid_fen > total_fen or figures.fund_fen > eligible_fen:
        raise FiguresAreImpossible
    return Shares(
        figures.insured, split, figures.fund_fen, figures.personal_fen, total_fen - paid_fen
    )
