"""Times in words of both languages, for answers of one line."""

from __future__ import annotations

MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86400.0


def span(time_s: float) -> tuple[str, str]:
    """Chinese and English: 45 s, 3.2 min, 5.1 h, 2.4 days."""
    for least_s, unit_s, zh, en in (
        (2 * DAY_S, DAY_S, "天", "days"),
        (2 * HOUR_S, HOUR_S, "小时", "h"),
        (2 * MINUTE_S, MINUTE_S, "分钟", "min"),
    ):
        if time_s >= least_s:
            return f"{time_s / unit_s:.1f} {zh}", f"{time_s / unit_s:.1f} {en}"
    digits = 0 if time_s >= 10 or time_s == 0 else 2  # noqa: PLR2004 - ten seconds
    return f"{time_s:.{digits}f} 秒", f"{time_s:.{digits}f} s"


def clock(moment_s: float) -> str:
    """A moment of the day as HH:MM."""
    minutes = round(moment_s / 60)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
