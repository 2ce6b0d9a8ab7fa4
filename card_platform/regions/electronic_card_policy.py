"""How long codes of electronic cards live, what each may be used for, and the fusion code.

No regulation gives a figure; the national electronic social security card shows a code that changes
about once a minute. A pack that says nothing gets the assumed figures below, marked as such.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from card_platform.regions.dated import DatedNumber, DatedValue, PackPart, Text


class CodePurpose(StrEnum):
    """What a code is shown for; a code is good for one purpose."""

    IDENTITY = "identity"
    TRANSIT = "transit"
    MEDICAL = "medical"
    PAYMENT = "payment"


class SigningLevel(StrEnum):
    """How sure it is that the phone is the holder's."""

    REAL_NAME = "real-name"
    REAL_PERSON = "real-person"


def _assumed(seconds: int, why: str) -> DatedNumber:
    return DatedNumber(
        unit="seconds",
        source=f"assumption: {why}",
        values=[DatedValue(from_day=date(2011, 1, 1), value=seconds)],
    )


class CodeRule(PackPart, frozen=True):
    """What holds for the codes of one purpose.

    Attributes:
        single_use: the platform takes one use and refuses every other.
        offline: a terminal without a line may take it.
        level: the lowest level of signing that gets such codes.
    """

    life: DatedNumber
    single_use: bool
    offline: bool
    level: SigningLevel
    source: Text


class FusionCode(PackPart, frozen=True):
    """The region's code that took in older codes (NX-2: 宁夏融合码)."""

    name_zh: Text
    name_en: Text
    source: Text


_MINUTE = "one minute, as the national electronic card changes its code"
_DEFAULT_RULES = {
    CodePurpose.IDENTITY: CodeRule(
        life=_assumed(60, _MINUTE),
        single_use=False,
        offline=True,
        level=SigningLevel.REAL_NAME,
        source="assumption: who one is does not wear out by being shown",
    ),
    CodePurpose.TRANSIT: CodeRule(
        life=_assumed(120, "two minutes, from the street to the gate"),
        single_use=True,
        offline=True,
        level=SigningLevel.REAL_NAME,
        source="assumption: gates must open without a line; a second use is found afterwards",
    ),
    CodePurpose.MEDICAL: CodeRule(
        life=_assumed(60, _MINUTE),
        single_use=True,
        offline=False,
        level=SigningLevel.REAL_PERSON,
        source="assumption: money of the insurance fund moves once, and only on line",
    ),
    CodePurpose.PAYMENT: CodeRule(
        life=_assumed(60, _MINUTE),
        single_use=True,
        offline=False,
        level=SigningLevel.REAL_PERSON,
        source="assumption: as payment codes of banks, once and only on line",
    ),
}


class ElectronicCardRules(PackPart, frozen=True):
    """Electronic cards of a region.

    Attributes:
        codes: by purpose; a purpose the pack does not name has the assumed rule.
        clock_tolerance: how far a terminal's clock may be behind the platform's.
        request_window: how old a phone's request for a code may be, or how far ahead.
        record_kept: how long an expired code is kept for late reports.
        fusion_code: a region may have none.
    """

    codes: dict[CodePurpose, CodeRule] = msgspec.field(default_factory=dict)
    clock_tolerance: DatedNumber = _assumed(30, "clocks of terminals that hear the time each day")
    request_window: DatedNumber = _assumed(60, "a phone's clock is set by its network")
    record_kept: DatedNumber = _assumed(2_592_000, "thirty days without a line at most")
    fusion_code: FusionCode | None = None

    def rule(self, purpose: CodePurpose) -> CodeRule:
        """The rule of a purpose."""
        return self.codes.get(purpose, _DEFAULT_RULES[purpose])

    def seconds(self) -> list[tuple[str, DatedNumber]]:
        """Every number with its place in the pack; all are seconds."""
        return [
            *(
                (f"electronic_card.{name}", getattr(self, name))
                for name in ("clock_tolerance", "request_window", "record_kept")
            ),
            *(
                (f"electronic_card.codes.{each}.life", rule.life)
                for each, rule in self.codes.items()
            ),
        ]
