"""Dates in the records of this application: four bytes BCD, YYYYMMDD."""

from __future__ import annotations

from typing import Final

_MONTHS: Final = 12
_DAYS: Final = 31


def is_date(value: bytes) -> bool:
    """Whether the four bytes are digits with a month and a day there can be."""
    digits = value.hex()
    return digits.isdigit() and 1 <= int(digits[4:6]) <= _MONTHS and 1 <= int(digits[6:]) <= _DAYS
