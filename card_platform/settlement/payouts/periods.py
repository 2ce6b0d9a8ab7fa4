"""The periods a programme pays for, as they are written and as numbers that follow one another."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal

Kind = Literal["month", "quarter", "year"]
PERIODS: Final[dict[Kind, re.Pattern[str]]] = {
    "month": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"[0-9]{4}-Q[1-4]"),
    "year": re.compile(r"[0-9]{4}"),
}
EXAMPLES: Final[dict[Kind, str]] = {"month": "2026-01", "quarter": "2026-Q1", "year": "2026"}
_OF_A_YEAR: Final[dict[Kind, int]] = {"month": 12, "quarter": 4, "year": 1}
_MONTHS: Final = 12


def running(kind: Kind, day: date) -> int:
    """The number of the period a day is in."""
    many = _OF_A_YEAR[kind]
    return day.year * many + (day.month - 1) * many // _MONTHS


def number_of(kind: Kind, period: str) -> int:
    """The number of a period as PERIODS has it written."""
    place = period[4:].lstrip("-Q")
    return int(period[:4]) * _OF_A_YEAR[kind] + (int(place) - 1 if place else 0)


def text_of(kind: Kind, number: int) -> str:
    """A period of that number as it is written."""
    year, place = divmod(number, _OF_A_YEAR[kind])
    places = {"month": f"-{place + 1:02d}", "quarter": f"-Q{place + 1}", "year": ""}
    return f"{year:04d}{places[kind]}"
