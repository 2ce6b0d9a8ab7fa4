"""Request and answer shapes of treatment elsewhere."""

from __future__ import annotations

import msgspec

from card_platform.exchange.medical.model import (
    DayStatement,
    DayTotals,
    PatientQuestion,
)
from card_platform.exchange.medical.stays_model import StayElsewhere
from card_platform.exchange.shapes import CardNumber, Region, Short
from card_platform.services.medical.visits.service import Registration
from card_platform.vocabulary.card_text import HistoricalBytesText
from card_platform.web.request_body import RequestBody


class ForeignVisitBody(RequestBody, frozen=True):
    """A card of another region, as it was read, and what for."""

    region: Region
    card_number: CardNumber
    name: Short
    historical_bytes: HistoricalBytesText | None = None
    department: Short | None = None
    prescription_id: Short | None = None

    def question(self) -> PatientQuestion:
        """What its region is asked."""
        return PatientQuestion(
            card_number=self.card_number,
            name=self.name,
            historical_bytes=self.historical_bytes,
        )

    def registration(self) -> Registration:
        """What for."""
        return Registration(self.department, self.prescription_id)


class TotalsAnswer(msgspec.Struct, frozen=True):
    """Settlements and reversals of a day; amounts in fen."""

    settled: int
    settled_fen: int
    reversed: int
    reversed_fen: int
    net_fen: int


class DayStatementAnswer(msgspec.Struct, frozen=True):
    """One side of a day with a region: `treating` claims, `insured` owes."""

    region: str
    day: str
    side: str
    own: TotalsAnswer
    told: TotalsAnswer | None
    state: str
    at: str


class DayStatementsAnswer(msgspec.Struct, frozen=True):
    """A page of statements, the latest first."""

    statements: list[DayStatementAnswer]
    next: str | None


class PairOfDayAnswer(msgspec.Struct, frozen=True):
    """A day with a region, both directions; `net_fen` positive is owed to this region."""

    region: str
    day: str
    claimed: DayStatementAnswer | None
    owed: DayStatementAnswer | None
    net_fen: int


class StayElsewhereAnswer(msgspec.Struct, frozen=True):
    """A stay of a holder of this region in another; with `double_with` it is the second of two and
    is to be corrected.
    """

    region: str
    reference: str
    card_id: str
    admitted_on: str
    ended_on: str | None
    double_with: str | None
    at: str


class StaysAnswer(msgspec.Struct, frozen=True):
    """A page of stays, the latest first."""

    stays: list[StayElsewhereAnswer]
    next: str | None


def stay_answer(stay: StayElsewhere) -> StayElsewhereAnswer:
    """A stay as it is told."""
    names = StayElsewhereAnswer.__struct_fields__
    return StayElsewhereAnswer(**{name: getattr(stay, name) for name in names})


def statement_answer(statement: DayStatement) -> DayStatementAnswer:
    """A statement as it is told."""
    return DayStatementAnswer(
        statement.region,
        statement.day,
        statement.side,
        _totals(statement.own),
        _totals(statement.told) if statement.told else None,
        statement.state.value,
        statement.at,
    )


def pair_answer(
    region: str, day: str, claimed: DayStatement | None, owed: DayStatement | None
) -> PairOfDayAnswer:
    """Both directions of a day, netted."""
    claimed_fen = claimed.own.net_fen if claimed else 0
    owed_fen = owed.own.net_fen if owed else 0
    return PairOfDayAnswer(
        region,
        day,
        statement_answer(claimed) if claimed else None,
        statement_answer(owed) if owed else None,
        claimed_fen - owed_fen,
    )


def _totals(totals: DayTotals) -> TotalsAnswer:
    return TotalsAnswer(
        totals.settled,
        totals.settled_fen,
        totals.reversed,
        totals.reversed_fen,
        totals.net_fen,
    )
