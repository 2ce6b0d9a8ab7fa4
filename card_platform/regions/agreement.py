"""Cooperation agreements: whose cards are served where, in which fields of use, from which day.

Rules:
- A party is a GB/T 2260 code and stands for all areas under it: 500000 covers 500153, not the
  other way round.
- A field holds from its day on, and to its last day where it has one.
- A region serves its own cards without an agreement.
- A file of `agreements/` is one agreement; a faulty one reports all its faults at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from card_platform.regions.dated import Text
from card_platform.regions.structured_file import FileIsFaulty, read_structured
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.region import REGION_PATTERN, covers

AGREEMENTS = Path(__file__).parent / "agreements"
Field = Annotated[str, exactly(r"[a-z][a-z-]{1,39}")]


class AgreedField(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True,
                  rename={"from_day": "from", "until_day": "until"}):  # fmt: skip
    """A field of use the parties share."""

    field: Field
    from_day: date
    source: Text
    until_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on the day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


class Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who agreed on what: whole regions, a pair of cities or counties, or a pilot zone."""

    id: Field
    name_zh: Text
    name_en: Text
    kind: Literal["regions", "pair", "pilot-zone"]
    parties: Annotated[
        list[Annotated[str, exactly(REGION_PATTERN)]], msgspec.Meta(min_length=2, max_length=40)
    ]
    source: Text
    fields: Annotated[list[AgreedField], msgspec.Meta(min_length=1)]

    def party_of(self, area: str) -> str | None:
        """The party the area belongs to."""
        return next((party for party in self.parties if covers(party, area)), None)

    def party_of_region(self, region: str) -> str | None:
        """The party that is the region, or lies in it."""
        return next((party for party in self.parties if covers(region, party)), None)

    def shares(self, field: str, day: date) -> bool:
        """Whether the parties share the field on that day."""
        return any(each.field == field and each.holds_on(day) for each in self.fields)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a card is served in a place; `agreement` is None in the card's own region."""

    served: bool
    agreement: Agreement | None


def find_coverage(
    agreements: Iterable[Agreement], *, card_region: str, place: str, field: str, day: date
) -> Coverage:
    """Is a card of that region served in that field in that place on that day, and under what."""
    if covers(card_region, place) or covers(place, card_region):
        return Coverage(True, None)
    for each in agreements:
        ends = each.party_of(card_region), each.party_of(place)
        if None not in ends and ends[0] != ends[1] and each.shares(field, day):
            return Coverage(True, each)
    return Coverage(False, None)


def load_agreements(folder: Path = AGREEMENTS) -> list[Agreement]:
    """All agreements.

    Raises:
        FileIsFaulty: one of them does not say what an agreement must say.
    """
    found: list[Agreement] = []
    for path in sorted(folder.glob("*.toml")):
        agreement = read_structured(path, Agreement, _judge)
        if agreement.id in {each.id for each in found}:
            raise FileIsFaulty(path, [Fault("id", agreement.id, "an id of its own")], {})
        found.append(agreement)
    return found


def _judge(agreement: Agreement) -> list[Fault]:
    """Faults a type cannot see."""
    faults = [
        Fault(f"parties[{index}]", party, "each party once, none within another")
        for index, party in enumerate(agreement.parties)
        if any(
            covers(other, party) for place, other in enumerate(agreement.parties) if place != index
        )
    ]
    faults += [
        Fault(f"fields[{index}].until", str(each.until_day), "a day not before `from`")
        for index, each in enumerate(agreement.fields)
        if each.until_day is not None and each.until_day < each.from_day
    ]
    return faults
