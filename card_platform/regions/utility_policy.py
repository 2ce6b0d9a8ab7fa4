"""Utilities of a region, as data: who bills water, power and gas, how their account numbers are
written, and what a bill costs more that is paid late (CQ-8c).

Rules: a late fee is so many thousandths of the bill for each day after the day it is due, at the
rate of that day, and no more than a share of the bill. The utilities of the packs are made up.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from card_platform.regions.dated import DatedNumber, PackPart, Text
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault

_THOUSAND, _PERCENT = 1000, 100


class UtilityKind(StrEnum):
    """What is billed."""

    WATER = "water"
    POWER = "power"
    GAS = "gas"


class Utility(PackPart, frozen=True):
    """A utility.

    Attributes:
        code: also its name as an operator of the ledger (`operator:CODE`).
        account_check: the rule of the last digit, `luhn` (ISO/IEC 7812-1); None for no rule.
        late_fee_per_day: thousandths of the bill a day.
        late_fee_max: percent of the bill.
    """

    code: Annotated[str, exactly(r"[a-z][a-z-]{1,39}")]
    kind: UtilityKind
    name_zh: Text
    name_en: Text
    account_pattern: Text
    late_fee_per_day: DatedNumber
    late_fee_max: DatedNumber
    source: Text
    account_check: Literal["luhn"] | None = None

    def has_account(self, account: str) -> bool:
        """Whether an account number is written as this utility writes them."""
        if re.fullmatch(self.account_pattern, account, re.ASCII) is None:
            return False
        return self.account_check is None or _is_luhn(account)

    def late_fee(self, amount_fen: int, due_on: date, today: date) -> int:
        """What a bill costs more on a day, in fen; what is left of a fen is the payer's gain."""
        days = max(0, (today - due_on).days)
        per_day = self.late_fee_per_day.on_or_first(due_on)
        most_fen = amount_fen * self.late_fee_max.on_or_first(due_on) // _PERCENT
        return min(amount_fen * per_day * days // _THOUSAND, most_fen)

    def numbers(self, place: str) -> list[tuple[str, DatedNumber, str]]:
        """Its numbers with their places in the pack and the units they must have."""
        return [
            (f"{place}.late_fee_per_day", self.late_fee_per_day, "thousandths"),
            (f"{place}.late_fee_max", self.late_fee_max, "percent"),
        ]


def judge_utilities(utilities: list[Utility]) -> list[Fault]:
    """Faults a type cannot see."""
    codes = [each.code for each in utilities]
    faults = [
        Fault(f"utilities[{index}].code", code, "each code once")
        for index, code in enumerate(codes)
        if code in codes[:index]
    ]
    for index, each in enumerate(utilities):
        place, pattern = f"utilities[{index}].account_pattern", each.account_pattern
        try:
            re.compile(pattern)
        except re.error as wrong:
            faults.append(Fault(place, pattern, f"a regular expression: {wrong}"))
    return faults


def _is_luhn(digits: str) -> bool:
    """Whether the last digit checks the others; letters are no part of it."""
    sum_of = 0
    for place, digit in enumerate(reversed([int(each) for each in digits if each.isdigit()])):
        doubled = digit * 2 if place % 2 else digit
        sum_of += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - two digits
    return sum_of % 10 == 0
