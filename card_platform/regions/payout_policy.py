"""What a region pays through the card: the finance department's list of programmes, as data.

Sources: NM-12, CQ-8, NX-10, SC-f, YD-14.

Rules: a programme that is not on the list, or not yet, is not paid. `must` programmes (应发尽发)
are paid to the account of the card and to no other; of `may` programmes (推进、鼓励) the list says
whether a stated exception may name another account (YD-14b).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from card_platform.regions.dated import DatedNumber, PackPart, Text
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault


class PayoutKind(StrEnum):
    """The kinds of payment the regulations name."""

    SUBSIDY = "subsidy"
    PENSION = "pension"
    UNEMPLOYMENT = "unemployment"
    WORK_INJURY = "work-injury"
    MATERNITY = "maternity"
    SCHOLARSHIP = "scholarship"
    WORK_RELIEF = "work-relief"
    PUBLIC_SALARY = "public-salary"
    MIGRANT_WAGES = "migrant-wages"
    TAX_REFUND = "tax-refund"
    HOUSING_FUND = "housing-fund"
    FARM_INSURANCE = "farm-insurance"


class Programme(PackPart, frozen=True, rename={"from_day": "from", "until_day": "until"}):
    """A programme of the list.

    Attributes:
        duty: `must` is paid through the card only, `may` is encouraged.
        fund: the account of the ledger that pays.
        period: what a payment is for; once each period and person.
        certified: only while the payee's eligibility certification is valid.
        other_account: a stated exception may name another account than the card's.
    """

    code: Annotated[str, exactly(r"[a-z][a-z0-9-]{1,39}")]
    kind: PayoutKind
    name_zh: Text
    name_en: Text
    duty: Literal["must", "may"]
    from_day: date
    fund: Annotated[str, exactly(r"fund:[a-z][a-z0-9-]{1,39}")]
    period: Literal["month", "quarter", "year"]
    source: Text
    until_day: date | None = None
    certified: bool = False
    other_account: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it is on the list on that day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


class PayoutRules(PackPart, frozen=True):
    """The list, how long an eligibility certification is valid, and how far ahead is paid.

    Attributes:
        periods_ahead: how many periods after the running one a file may be for.
    """

    source: Text
    certification_valid_for: DatedNumber
    periods_ahead: DatedNumber
    programmes: Annotated[list[Programme], msgspec.Meta(min_length=1)]

    def programme(self, code: str) -> Programme | None:
        """The programme of that code."""
        return next((each for each in self.programmes if each.code == code), None)


def judge_payouts(rules: PayoutRules) -> list[Fault]:
    """Faults a type cannot see."""
    codes = [each.code for each in rules.programmes]
    faults = [
        Fault(f"payouts.programmes[{index}].code", code, "each code once")
        for index, code in enumerate(codes)
        if code in codes[:index]
    ]
    faults += [
        Fault(f"payouts.programmes[{index}].until", str(each.until_day), "no day before `from`")
        for index, each in enumerate(rules.programmes)
        if each.until_day is not None and each.until_day < each.from_day
    ]
    faults += [
        Fault(f"payouts.programmes[{index}].other_account", "true", "false where the duty is must")
        for index, each in enumerate(rules.programmes)
        if each.other_account and each.duty == "must" and not each.source.startswith("YD-14")
    ]
    return faults
