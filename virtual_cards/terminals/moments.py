"""Time as terminals read it and cards keep it: China standard time, BCD YYYYMMDD HHMMSS."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Final

CHINA_STANDARD_TIME: Final = timezone(timedelta(hours=8), "CST")
Clock = Callable[[], datetime]
"""The time, with a zone; a terminal writes it to cards as China standard time."""


def card_moment(at: datetime) -> bytes:
    """Date4 time3, as the card takes it; `at` in China standard time."""
    return bytes.fromhex(at.strftime("%Y%m%d%H%M%S"))


def parse_moment(moment: bytes) -> datetime | None:
    """Date4 time3 of a card; None where nothing, or nonsense, stands."""
    try:
        read = datetime.strptime(moment.hex(), "%Y%m%d%H%M%S")  # noqa: DTZ007 - zone follows
    except ValueError:
        return None
    return read.replace(tzinfo=CHINA_STANDARD_TIME)
