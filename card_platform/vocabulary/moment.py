"""Moments: RFC 3339 text with the offset of China standard time, given by a Clock.

Nothing in the platform reads the time by itself: it is handed a Clock. Stored moments have one
width and one offset (+08:00, milliseconds), so their text sorts as they do.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NewType, Protocol

Moment = NewType("Moment", str)

CHINA_STANDARD_TIME = timezone(timedelta(hours=8), "UTC+08:00")


class Clock(Protocol):
    """Gives the time, in China standard time."""

    def now(self) -> datetime:
        """This moment, with the offset +08:00."""
        ...


class RealClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """This moment, with the offset +08:00."""
        return datetime.now(CHINA_STANDARD_TIME)


@lru_cache(8)  # what is done together is done at one moment
def moment_of(instant: datetime) -> Moment:
    """The instant as stored text, to the millisecond."""
    if instant.tzinfo is not CHINA_STANDARD_TIME:  # a clock's own moments are not turned
        instant = instant.astimezone(CHINA_STANDARD_TIME)
    return Moment(instant.isoformat(timespec="milliseconds"))


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
