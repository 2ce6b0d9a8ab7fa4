"""Resident identity number: 18 characters, the last one a check character.

Rules (GB 11643): six digits of region, eight of the birth date, three of the sequence (odd: male,
even: female), one check character after ISO 7064 MOD 11-2, where ten is written X.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A number that passed every check of GB 11643."""

    number: str
    birth_date: date
    sex: str
    """1 male, 2 female (GB/T 2261.1)."""


def check_character(first_seventeen: str) -> str:
    """The character that makes the first seventeen digits a resident identity number."""
    total = sum(
        int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True)
    )
    return _CHECK_CHARACTERS[total % 11]


def read_resident_id(number: str) -> ResidentId | None:
    """The number's content, or None where shape, date or check character are wrong."""
    if not _SHAPE.fullmatch(number) or check_character(number[:17]) != number[17]:
        return None
    try:
        birth_date = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return ResidentId(number, birth_date, "1" if int(number[16]) % 2 else "2")
