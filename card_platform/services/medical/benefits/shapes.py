"""Request and answer shapes of benefits: insurance, the year to date, who pays what."""

from __future__ import annotations

from datetime import date

import msgspec

from card_platform.regions.medical_policy import Benefit, Insured
from card_platform.services.medical.benefits.explanation import Explained, explain
from card_platform.services.medical.benefits.model import (
    BandSplit,
    Insurance,
    MedicalSettlement,
    Shares,
    YearToDate,
)
from card_platform.web.request_body import RequestBody


class InsuranceBody(RequestBody, frozen=True):
    """How the holder is insured from a day on; `until` where it has an end."""

    insured: Insured
    from_day: date
    until: date | None = None


class InsuranceAnswer(msgspec.Struct, frozen=True):
    """An insurance."""

    insurance_id: str
    insured: str
    from_day: str
    until: str | None


class YearAnswer(msgspec.Struct, frozen=True):
    """What visits of one kind came to in the year, in fen."""

    benefit: str
    deductible_fen: int
    counted_fen: int
    fund_fen: int
    visits: int


class MedicalYearAnswer(msgspec.Struct, frozen=True):
    """A holder's insurance of today, or none, and the year to date."""

    insurance: InsuranceAnswer | None
    year: int
    benefits: list[YearAnswer]


class SharesAnswer(msgspec.Struct, frozen=True):
    """Who pays what of a bill, and why, line by line; amounts in fen."""

    insured: str
    total_fen: int
    own_fen: int
    eligible_fen: int
    deductible_fen: int
    bands: list[BandSplit]
    over_cap_fen: int
    fund_fen: int
    personal_fen: int
    cash_fen: int
    lines: list[Explained]


class MedicalSettlementAnswer(msgspec.Struct, frozen=True):
    """A settlement of a card, as its holder reads it; `treated_in` is another region, or null."""

    settlement_id: str
    benefit: str
    day: str
    treated_in: str | None
    state: str
    reversed_day: str | None
    shares: SharesAnswer


class MedicalSettlementsAnswer(msgspec.Struct, frozen=True):
    """A page of a card's settlements, the latest first."""

    settlements: list[MedicalSettlementAnswer]
    next: str | None


def insurance_answer(insurance: Insurance) -> InsuranceAnswer:
    """An insurance as it is told."""
    return InsuranceAnswer(
        insurance.insurance_id, insurance.insured.value, insurance.from_day, insurance.until
    )


def year_answer(benefit: Benefit, year: YearToDate) -> YearAnswer:
    """One kind's year as it is told."""
    return YearAnswer(benefit.value, **msgspec.structs.asdict(year))


def shares_answer(shares: Shares) -> SharesAnswer:
    """Shares as they are told."""
    split = shares.split
    return SharesAnswer(
        insured=shares.insured.value,
        total_fen=split.total_fen,
        own_fen=split.own_fen,
        eligible_fen=split.eligible_fen,
        deductible_fen=split.deductible_fen,
        bands=split.bands,
        over_cap_fen=split.over_cap_fen,
        fund_fen=shares.fund_fen,
        personal_fen=sum(shares.personal_fen.values()),
        cash_fen=shares.cash_fen,
        lines=explain(shares),
    )


def settlement_answer(settlement: MedicalSettlement) -> MedicalSettlementAnswer:
    """A settlement as it is told."""
    return MedicalSettlementAnswer(
        settlement.settlement_id,
        settlement.benefit.value,
        settlement.day,
        settlement.treated_in,
        settlement.state.value,
        settlement.reversed_day,
        shares_answer(settlement.shares),
    )
