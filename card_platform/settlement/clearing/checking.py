"""The check of cleared days against the taps: each tap up to the last mark is in one day.

A tap whose id was made before a mark and that was committed after the run had passed it would be in
none: such a tap is what this looks for (decision 0022). It shares no code with what clears.
"""

from __future__ import annotations

from card_platform.storage import Statement, Transaction

_OF_DAY = (
    "(SELECT {what} FROM taps WHERE (tap_id > 'tap-' || clearing_days.from_mark"
    " AND tap_id <= 'tap-' || clearing_days.to_mark)"
    " OR (tap_id > 'purchase-' || clearing_days.from_mark"
    " AND tap_id <= 'purchase-' || clearing_days.to_mark))"
)
_DAYS = Statement(
    "SELECT day, taps, amount_fen,"  # noqa: S608 - texts of our own
    f" {_OF_DAY.format(what='COUNT(*)')},"
    f" {_OF_DAY.format(what='CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT)')}"
    " FROM clearing_days WHERE state = 'closed' ORDER BY day"
)
_NOT_JOINED = Statement(
    "SELECT later.day FROM clearing_days AS later JOIN clearing_days AS before"
    " ON before.day = (SELECT MAX(day) FROM clearing_days AS each WHERE each.day < later.day)"
    " WHERE later.from_mark <> before.to_mark ORDER BY later.day LIMIT 1"
)


def first_fault(tx: Transaction) -> str | None:
    """The first day that differs from its taps, in words; None where all agree."""
    for day, taps, amount_fen, found_taps, found_fen in tx.rows(_DAYS, {}):
        if (taps, amount_fen) != (found_taps, found_fen):
            return (
                f"clearing of {day}: {taps} taps and {amount_fen} fen were cleared,"
                f" {found_taps} and {found_fen} are on record"
            )
    gap = tx.rows(_NOT_JOINED, {})
    return f"clearing of {gap[0][0]}: it does not begin where the day before ended" if gap else None
