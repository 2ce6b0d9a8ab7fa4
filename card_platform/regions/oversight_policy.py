"""Deadlines and legal duties of oversight in a region.

The regulations say "in time" and give no figure; a pack that says nothing gets the assumed ones
below, marked as such.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from card_platform.regions.dated import DatedNumber, DatedValue, PackPart, Text


class LegalDuty(PackPart, frozen=True):
    """What an institution may ask without consent, for which purposes, and by which law."""

    code: Text
    institution: Text
    purposes: list[Text]
    items: list[Text]
    source: Text


class LinkedData(PackPart, frozen=True):
    """Whose data of a kind are linked with the cardholder base (NX-13)."""

    kind: Text
    institution: Text
    source: Text


def _assumed(value: int, why: str, unit: Literal["days", "years"] = "days") -> DatedNumber:
    return DatedNumber(
        unit=unit,
        source=f"assumption: {why}",
        values=[DatedValue(from_day=date(2011, 1, 1), value=value)],
    )


class Oversight(PackPart, frozen=True):
    """How long what may take, in calendar days."""

    consultation_answer: DatedNumber = _assumed(5, "five working days, as hotlines 12345 have it")
    complaint_answer: DatedNumber = _assumed(15, "fifteen days, as hotlines 12345 have it")
    report_answer: DatedNumber = _assumed(60, "sixty days, as for petitions (article 22 has none)")
    passing_on: DatedNumber = _assumed(3, "three days for what YD-20b calls in time")
    credit_kept: DatedNumber = _assumed(
        5, "five years, as the social-credit rules have it", "years"
    )
    credit_appeal: DatedNumber = _assumed(15, "fifteen days from the notice to an appeal")
    case_decision: DatedNumber = _assumed(60, "sixty days from a case of risk to its decision")
    appeal_decision: DatedNumber = _assumed(
        20, "twenty days, as credit reporting has it for what is contested"
    )
    legal_duties: tuple[LegalDuty, ...] = ()
    linked_data: tuple[LinkedData, ...] = ()

    def provider_of(self, kind: str) -> str | None:
        """The institution whose data of that kind are linked; None where none are."""
        return next((each.institution for each in self.linked_data if each.kind == kind), None)

    def answer_within(self, kind: str) -> DatedNumber:
        """The deadline of a consultation, complaint or report."""
        of_kind = {
            "consultation": self.consultation_answer,
            "complaint": self.complaint_answer,
            "report": self.report_answer,
        }
        return of_kind[kind]
