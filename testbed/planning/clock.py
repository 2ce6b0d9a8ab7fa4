"""A moment of a model as a person reads it."""

from __future__ import annotations

DAY_MIN = 1440


def clock(second: float) -> str:
    """HH:MM, with the day before it from the second day on."""
    minutes = round(second / 60)
    day = f"{minutes // DAY_MIN}d " if minutes >= DAY_MIN else ""
    return f"{day}{minutes // 60 % 24:02d}:{minutes % 60:02d}"
