"""For which activities the card proves identity in a region, and which law keeps for another
document; what an e-licence takes off at entry and counter.

Rules (NM-13a, CQ-6a, NX-8, YD-9): a card proves identity for the activities the pack names. Where a
law or administrative regulation asks for another document, that document is named, with the law. An
activity a region still has to put on its catalogue (NM-16: rail and air) names the use a listed
item must have.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from card_platform.regions.dated import DatedNumber, DatedValue, PackPart, Text
from card_platform.vocabulary.exact_text import exactly

ActivityCode = Annotated[str, exactly(r"[a-z][a-z-]{1,39}")]


class NamedActivity(PackPart, frozen=True):
    """What a person does, by its code and names; `source` is the clause or the law."""

    code: ActivityCode
    name_zh: Text
    name_en: Text
    source: Text


class Activity(NamedActivity, frozen=True):
    """Something a person does by showing who they are.

    Attributes:
        is_remote: nobody sees the person: the card must answer a challenge.
        listed_use: the use a catalogue item in effect must have; None where none is needed.
    """

    is_remote: bool = False
    listed_use: Text | None = None


class ReservedActivity(NamedActivity, frozen=True):
    """Something for which law asks for another document than the card; `source` names the law."""

    document_zh: Text
    document_en: Text


class LicenceConcession(PackPart, frozen=True):
    """What the holder of a licence pays less at an entrance or a counter, in percent."""

    kind: Literal["disability", "veteran"]
    place: Literal["entry", "counter"]
    reduction: DatedNumber


def _assumed(unit: Literal["seconds", "days"], value: int, why: str) -> DatedNumber:
    return DatedNumber(
        unit=unit,
        source=f"assumption: {why}",
        values=[DatedValue(from_day=date(2011, 1, 1), value=value)],
    )


class IdentityRules(PackPart, frozen=True):
    """Activities, and how long a challenge and a proof of identity hold."""

    activities: Annotated[list[Activity], msgspec.Meta(min_length=1)]
    reserved: list[ReservedActivity]
    challenge_valid_for: DatedNumber = _assumed("seconds", 120, "two minutes, no text has a figure")
    shown_for: DatedNumber = _assumed(
        "seconds", 1800, "one visit of half an hour: so long a proof of identity opens licences"
    )

    @property
    def codes(self) -> list[str]:
        """Every activity, those law reserves among them."""
        served = [each.code for each in self.activities]
        return served + [each.code for each in self.reserved]

    def activity(self, code: str) -> Activity | None:
        """The activity of that code the card serves for."""
        return next((each for each in self.activities if each.code == code), None)

    def reserved_activity(self, code: str) -> ReservedActivity | None:
        """The activity of that code law keeps for another document."""
        return next((each for each in self.reserved if each.code == code), None)


class LicenceRules(PackPart, frozen=True):
    """Concessions of licences, and how long a statement about one may be imported."""

    concessions: list[LicenceConcession]
    statement_valid_for: DatedNumber = _assumed("days", 30, "thirty days, no text has a figure")
