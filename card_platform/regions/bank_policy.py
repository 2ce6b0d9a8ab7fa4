"""Partner banks of a region and their agreements with the platform (CQ-10, NX-10c, NM-15).

Rules: a bank serves what its agreement of the day names, and nothing without one. The holder
chooses among the banks that serve the financial function. The banks of the packs are made up.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from card_platform.regions.dated import PackPart, Text
from card_platform.vocabulary.exact_text import exactly

BankCode = Annotated[str, exactly(r"[a-z][a-z-]{1,39}")]


class BankService(StrEnum):
    """What a bank does for the platform under an agreement."""

    FINANCIAL_FUNCTION = "financial-function"
    PAYOUT = "payout"


class BankAgreement(PackPart, frozen=True, rename={"from_day": "from"}):
    """What a bank serves from a day on; `until` is its last day, None while it has no end."""

    document: Text
    from_day: date
    services: Annotated[list[BankService], msgspec.Meta(min_length=1)]
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return self.from_day <= day and (self.until is None or day <= self.until)


class PartnerBank(PackPart, frozen=True):
    """A bank, by its code on the exchange, with its names and agreements."""

    code: BankCode
    name_zh: Text
    name_en: Text
    source: Text
    agreements: Annotated[list[BankAgreement], msgspec.Meta(min_length=1)]

    def agreement_on(self, day: date) -> BankAgreement | None:
        """The agreement of the day."""
        return next((each for each in self.agreements if each.holds_on(day)), None)

    def serves(self, service: BankService, day: date) -> bool:
        """Whether its agreement of the day names the service."""
        agreement = self.agreement_on(day)
        return agreement is not None and service in agreement.services
