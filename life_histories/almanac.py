"""Days and moments: which are working days, when is payday, how a second is written.

Moments are whole seconds from midnight of the first day, in the time of China (+08:00, no summer
time). Nothing asks the clock of the machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

DAY_S: Final = 86_400
HOUR_S: Final = 3_600
MINUTE_S: Final = 60
SATURDAY: Final = 5


@dataclass(frozen=True)
class Almanac:
    """The days of a history."""

    first_day: date
    days: int
    holidays: frozenset[date] = frozenset()
    _working: tuple[bool, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        working = tuple(
            day.weekday() < SATURDAY and day not in self.holidays
            for day in (self.first_day + timedelta(n) for n in range(self.days))
        )
        object.__setattr__(self, "_working", working)

    def is_working(self, day: int) -> bool:
        """Whether people go to work that day."""
        return self._working[day]

    @property
    def working_days(self) -> tuple[bool, ...]:
        """Of each day, whether people go to work."""
        return self._working

    def holiday_day(self) -> int | None:
        """The first holiday three weeks or more after the beginning; None without one."""
        later = sorted((day - self.first_day).days for day in self.holidays)
        return next((day for day in later if 21 <= day < self.days), None)  # noqa: PLR2004

    def paydays(self, day_of_month: int) -> list[tuple[int, str]]:
        """Each payday in the history and the month it pays."""
        found = []
        for day in range(self.days):
            on = self.first_day + timedelta(day)
            if on.day == day_of_month:
                found.append((day, f"{on.year:04d}-{on.month:02d}"))
        return found

    def month_before(self, period: str, months: int) -> str:
        """The month so many before."""
        year, month = int(period[:4]), int(period[5:])
        count = year * 12 + month - 1 - months
        return f"{count // 12:04d}-{count % 12 + 1:02d}"

    def text(self, moment_s: int) -> str:
        """RFC 3339 with +08:00."""
        day, second = divmod(moment_s, DAY_S)
        return date_text(self.first_day, day) + _clock_text(second)

    def date_text(self, day: int) -> str:
        """YYYY-MM-DD."""
        return date_text(self.first_day, day)


@lru_cache(maxsize=16_384)
def date_text(first_day: date, day: int) -> str:
    """The date so many days after the first."""
    return (first_day + timedelta(day)).isoformat()


@lru_cache(maxsize=DAY_S)
def _clock_text(second: int) -> str:
    hours, rest = divmod(second, HOUR_S)
    return f"T{hours:02d}:{rest // MINUTE_S:02d}:{rest % MINUTE_S:02d}+08:00"
