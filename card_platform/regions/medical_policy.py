"""Medical benefits of a region: its catalogue, what the pooled fund pays, treatment elsewhere.

Rules:
- An item is of class A (甲: counts whole), B (乙: the insured first pays a share) or C (丙: all of
  it is the insured's own). The catalogue is that of the place of treatment.
- A table says what the fund pays for one kind of visit and one kind of insured from a day on. It is
  that of the insured region (SC-n, YD-13).
- The packs hold made-up test values; no text of the corpus gives a figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal

import msgspec

from card_platform.regions.dated import DatedNumber, PackPart, Text
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault

ItemCode = Annotated[str, exactly(r"[A-Z]{1,3}[0-9]{3,6}")]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
Amount = Annotated[int, msgspec.Meta(ge=0)]
Level = Literal[1, 2, 3]
"""Of a hospital: 一级, 二级, 三级."""
ByLevel = Annotated[list[Amount], msgspec.Meta(min_length=3, max_length=3)]
PercentByLevel = Annotated[list[Percent], msgspec.Meta(min_length=3, max_length=3)]


class Benefit(StrEnum):
    """For what the fund pays by tables of its own."""

    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"


class Insured(StrEnum):
    """How somebody is insured."""

    EMPLOYEE = "employee"
    RETIREE = "retiree"
    RESIDENT = "resident"


class CatalogueClass(StrEnum):
    """甲, 乙, 丙."""

    A = "A"
    B = "B"
    C = "C"


class ElsewhereKind(StrEnum):
    """Why somebody is treated in another region."""

    LONG_TERM = "long-term"
    REFERRAL = "referral"
    TEMPORARY = "temporary"


class MedicalItem(PackPart, frozen=True):
    """One item of the catalogue.

    Attributes:
        own_share: percent the insured pays before the fund looks at the rest; class B has it.
        on_prescription: a pharmacy sells it on a prescription only.
    """

    code: ItemCode
    name_zh: Text
    name_en: Text
    kind: Literal["medicine", "examination", "treatment", "bed-day"]
    catalogue: CatalogueClass
    own_share: DatedNumber | None = None
    on_prescription: bool = False

    def own_percent_on(self, day: date) -> int:
        """Percent of the price that is the insured's own whatever the tables say."""
        if self.own_share is not None:
            return self.own_share.on_or_first(day)
        return 0 if self.catalogue is CatalogueClass.A else 100


class Band(PackPart, frozen=True):
    """What the fund pays of the year's amount up to `up_to_fen`, in percent by hospital level."""

    percent: PercentByLevel
    up_to_fen: Annotated[int, msgspec.Meta(gt=0)] | None = None


class BenefitTable(PackPart, frozen=True, rename={"from_day": "from"}):
    """What the fund pays from a day on.

    Attributes:
        deductible_fen: by hospital level: for the whole year, or for each stay.
        later_stay_fen: by hospital level: for the second stay of a year and those after it.
        bands: over what the year's visits of this kind had above the deductible.
        cap_fen: most the fund pays somebody in a year for this kind of visit.
    """

    from_day: date
    source: Text
    benefit: Benefit
    insured: Insured
    deductible_of: Literal["year", "stay"]
    deductible_fen: ByLevel
    bands: Annotated[list[Band], msgspec.Meta(min_length=1)]
    cap_fen: Amount
    later_stay_fen: ByLevel | None = None


class ElsewhereRule(PackPart, frozen=True):
    """Filing for treatment elsewhere, of one kind.

    Attributes:
        reduction: percentage points the fund pays less.
        days_max: how long a filing may last; None where it has no end.
    """

    kind: ElsewhereKind
    name_zh: Text
    name_en: Text
    reduction: DatedNumber
    days_max: DatedNumber | None = None


class MedicalRules(PackPart, frozen=True):
    """Everything medical that differs between regions.

    Attributes:
        receipt_time_counts: how long after it a receipt's own time, which is the terminal's, is
            believed; told later, a receipt counts as of the moment it was told.
    """

    catalogue_source: Text
    items: Annotated[list[MedicalItem], msgspec.Meta(min_length=1)]
    tables: Annotated[list[BenefitTable], msgspec.Meta(min_length=1)]
    prescription_valid_for: DatedNumber
    receipt_time_counts: DatedNumber
    elsewhere: Annotated[list[ElsewhereRule], msgspec.Meta(min_length=1)]
    how_to_file_zh: Text
    how_to_file_en: Text

    def item(self, code: str) -> MedicalItem | None:
        """The item of that code."""
        return next((each for each in self.items if each.code == code), None)

    def table(self, benefit: Benefit, insured: Insured, day: date) -> BenefitTable:
        """The table of the day.

        Raises:
            LookupError: the day is before the first.
        """
        held = [each for each in self._tables_of(benefit, insured) if each.from_day <= day]
        if not held:
            raise LookupError(f"no table of {benefit} for {insured} on {day}")
        return max(held, key=lambda each: each.from_day)

    def elsewhere_rule(self, kind: ElsewhereKind) -> ElsewhereRule:
        """The rule of that kind of filing; every pack has one."""
        return next(each for each in self.elsewhere if each.kind is kind)

    def numbers(self) -> Iterable[tuple[str, DatedNumber, str]]:
        """Its numbers with their places and the units they must have."""
        yield "medical.prescription_valid_for", self.prescription_valid_for, "days"
        yield "medical.receipt_time_counts", self.receipt_time_counts, "days"
        for index, item in enumerate(self.items):
            if item.own_share is not None:
                yield f"medical.items[{index}].own_share", item.own_share, "percent"
        for index, rule in enumerate(self.elsewhere):
            yield f"medical.elsewhere[{index}].reduction", rule.reduction, "percent"
            if rule.days_max is not None:
                yield f"medical.elsewhere[{index}].days_max", rule.days_max, "days"

    def faults(self) -> list[Fault]:
        """Faults a type cannot see."""
        found = []
        codes = [each.code for each in self.items]
        for index, item in enumerate(self.items):
            place = f"medical.items[{index}]"
            if item.code in codes[:index]:
                found.append(Fault(place, item.code, "each code once"))
            if (item.own_share is not None) != (item.catalogue is CatalogueClass.B):
                found.append(
                    Fault(f"{place}.own_share", item.catalogue, "class B has it, no other")
                )
        for place, number, unit in self.numbers():
            if unit == "percent":
                found += [
                    Fault(f"{place}.values", str(each.value), "at most 100")
                    for each in number.values
                    if each.value > 100  # noqa: PLR2004 - percent
                ]
        for index, table in enumerate(self.tables):
            found += _table_faults(f"medical.tables[{index}]", table)
        for benefit in Benefit:
            for insured in Insured:
                days = [each.from_day for each in self._tables_of(benefit, insured)]
                if not days or len(days) != len(set(days)):
                    wanted = "a table, one for each day it begins"
                    found.append(Fault("medical.tables", f"{benefit}, {insured}", wanted))
        kinds = [each.kind for each in self.elsewhere]
        if sorted(kinds) != sorted(ElsewhereKind):
            wanted = f"each once of {', '.join(ElsewhereKind)}"
            found.append(Fault("medical.elsewhere", ", ".join(kinds), wanted))
        return found

    def _tables_of(self, benefit: Benefit, insured: Insured) -> list[BenefitTable]:
        return [e for e in self.tables if e.benefit is benefit and e.insured is insured]


def _table_faults(place: str, table: BenefitTable) -> list[Fault]:
    found = []
    limits = [each.up_to_fen for each in table.bands]
    inner = [each for each in limits[:-1] if each is not None]
    if limits[-1] is not None:
        found.append(Fault(f"{place}.bands", str(limits[-1]), "a last band without up_to_fen"))
    if len(inner) != len(limits) - 1 or any(low >= high for low, high in pairwise(inner)):
        found.append(Fault(f"{place}.bands", str(limits), "limits that rise from band to band"))
    if (table.later_stay_fen is not None) != (table.deductible_of == "stay"):
        found.append(
            Fault(f"{place}.later_stay_fen", table.deductible_of, "where deductible_of is stay")
        )
    return found
