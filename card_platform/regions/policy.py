"""A region's policy: what may differ between provinces, typed.

Rules: a number is dated: it has values, each from a day on; asking for a day before the first value
is an error of the pack, found when it is read. `source` is a clause id (CQ-5a), a standard, or
"assumption".
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from card_platform.regions.access_policy import AccessRules
from card_platform.regions.bank_policy import PartnerBank
from card_platform.regions.dated import DatedNumber, DatedValue, PackPart, Text
from card_platform.regions.electronic_card_policy import ElectronicCardRules
from card_platform.regions.identity_policy import IdentityRules, LicenceRules
from card_platform.regions.medical_policy import MedicalRules
from card_platform.regions.oversight_policy import Oversight
from card_platform.regions.payout_policy import PayoutRules
from card_platform.regions.transit_policy import BusLine, Station, Transit
from card_platform.regions.utility_policy import Utility
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.money import Fen
from card_platform.vocabulary.region import REGION_PATTERN


class ClosedSet(PackPart, frozen=True):
    """Codes a clause allows."""

    source: Text
    codes: Annotated[list[Text], msgspec.Meta(min_length=1)]


class Region(PackPart, frozen=True):
    """Which region this is."""

    code: Annotated[str, exactly(REGION_PATTERN)]
    abbreviation: Annotated[str, exactly(r"[A-Z]{2}")]
    name_zh: Text
    name_en: Text
    source: Text


class Issuance(PackPart, frozen=True):
    """Who gets a card, on which documents, for how long; why it is exchanged, frozen, cancelled."""

    entitlements: ClosedSet
    documents: ClosedSet
    card_validity: DatedNumber
    oral_loss_report: DatedNumber
    """How long an oral loss report holds before it ends by itself."""
    exchange_reasons: ClosedSet
    freeze_grounds: ClosedSet
    cancellation_reasons: ClosedSet


class Named(PackPart, frozen=True):
    """A code of the region with its names: a department, a scene."""

    code: Annotated[str, exactly(r"[a-z][a-z-]{1,39}")]
    name_zh: Text
    name_en: Text


class CatalogueRules(PackPart, frozen=True):
    """Who may own an item, in which scenes, and what every site must have.

    Attributes:
        scenes: fields of use the text itself names; others join later, on record.
        filing_within: how long after its publication an item of a lower level may wait for filing.
    """

    departments_source: Text
    departments: Annotated[list[Named], msgspec.Meta(min_length=1)]
    scenes_source: Text
    scenes: Annotated[list[Named], msgspec.Meta(min_length=1)]
    site_equipment: ClosedSet
    filing_within: DatedNumber


class GuideEntry(PackPart, frozen=True):
    """One card service as the public reads it."""

    service: Annotated[str, exactly(r"[a-z][a-z-]{1,39}")]
    name_zh: Text
    name_en: Text
    conditions_zh: Text
    steps_zh: Annotated[list[Text], msgspec.Meta(min_length=1)]
    time_limit: DatedNumber
    source: Text


class RegionPolicy(PackPart, frozen=True):
    """One region: everything the services ask a region for."""

    region: Region
    issuance: Issuance
    transit: Transit
    catalogue: CatalogueRules
    guide: Annotated[list[GuideEntry], msgspec.Meta(min_length=1)]
    identity: IdentityRules
    licences: LicenceRules
    banks: Annotated[list[PartnerBank], msgspec.Meta(min_length=1)]
    payouts: PayoutRules
    medical: MedicalRules
    oversight: Oversight = Oversight()
    electronic_card: ElectronicCardRules = ElectronicCardRules()
    access: AccessRules = AccessRules()
    utilities: list[Utility] = msgspec.field(default_factory=list)

    def station(self, code: str) -> Station | None:
        """The station of that code."""
        for each in self.transit.stations:  # half the cost of a generator, and every tap asks
            if each.code == code:
                return each
        return None

    def bus_line(self, code: str) -> BusLine | None:
        """The bus line of that code."""
        for each in self.transit.bus_lines:
            if each.code == code:
                return each
        return None

    def bank(self, code: str) -> PartnerBank | None:
        """The partner bank of that code."""
        return next((each for each in self.banks if each.code == code), None)

    def utility(self, code: str) -> Utility | None:
        """The utility of that code."""
        return next((each for each in self.utilities if each.code == code), None)

    def fare(self, start: Station, end: Station, day: date, operator: str | None = None) -> Fen:
        """The fare of a ride on that day, by the distance between the two stations."""
        return self.transit.fare(start, end, day, operator)


__all__ = ["DatedNumber", "DatedValue", "RegionPolicy", "Station"]
