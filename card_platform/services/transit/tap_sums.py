"""What clearing reads of taps: marks in the order in which they were taken, and sums between them.

Rules: an id holds the moment it was made and sorts by it; what stands behind its word is the mark.
A piece between two marks is a range of the primary key, summed by the database. The region of a
card is that whose purses begin with the same eight digits.
"""

from __future__ import annotations

from functools import lru_cache

from card_platform.regions.pack import all_regions
from card_platform.settlement.clearing.model import OTHERS, TapSum
from card_platform.storage import Statement, Transaction

_WORDS = ("tap-", "purchase-")
_AFTER_ALL = "g"
"""Sorts behind every hexadecimal digit."""
_BEFORE = Statement(
    "SELECT tap_id FROM taps WHERE tap_id > :word AND tap_id < :end AND at < :moment"
    " ORDER BY tap_id DESC LIMIT 1"
)
_PIECE_END = Statement(
    "SELECT tap_id FROM taps WHERE tap_id > :after AND tap_id <= :through"
    " ORDER BY tap_id LIMIT 1 OFFSET :place"
)
_SUMS = Statement(
    "SELECT of_terminal.prefix, COALESCE(terminals.operator, 'unknown'), of_terminal.date,"
    " CAST(SUM(of_terminal.taps) AS BIGINT), CAST(SUM(of_terminal.fen) AS BIGINT)"
    " FROM (SELECT substr(application_serial, 1, 8) AS prefix, terminal_number, date,"
    " COUNT(*) AS taps, SUM(amount_fen) AS fen"
    " FROM taps WHERE tap_id > :after AND tap_id <= :through"
    " GROUP BY 1, 2, 3) AS of_terminal"
    " LEFT JOIN terminals ON terminals.terminal_number = of_terminal.terminal_number"
    " GROUP BY 1, 2, 3"
)


class TapSums:
    """The taps of this platform's database."""

    def mark_before(self, tx: Transaction, moment: str) -> str:
        """The mark of the last tap taken before the moment; empty where there is none."""
        marks = [""]
        for word in _WORDS:
            asked: dict[str, object] = {"word": word, "end": word + _AFTER_ALL, "moment": moment}
            marks += [found.removeprefix(word) for (found,) in tx.rows(_BEFORE, asked)]
        return max(marks)

    def piece_end(self, tx: Transaction, after: str, to_mark: str, most: int) -> str:
        """How far a piece of so many taps reaches; at most to `to_mark`."""
        word = _WORDS[0]
        asked: dict[str, object] = {"after": word + after, "through": word + to_mark}
        found = tx.rows(_PIECE_END, {**asked, "place": most - 1})
        return str(found[0][0]).removeprefix(word) if found else to_mark

    def sums(self, tx: Transaction, after: str, through: str) -> list[TapSum]:
        """The sums of the taps after one mark through another."""
        sums: dict[tuple[str, str, str], tuple[int, int]] = {}
        for word in _WORDS:
            asked = {"after": word + after, "through": word + through}
            for prefix, operator, day, taps, fen in tx.rows(_SUMS, asked):
                key = (_regions().get(prefix, OTHERS), operator, f"{day[:4]}-{day[4:6]}-{day[6:]}")
                before = sums.get(key, (0, 0))
                sums[key] = (before[0] + taps, before[1] + fen)
        return [TapSum(*key, *of_key) for key, of_key in sorted(sums.items())]


@lru_cache(1)
def _regions() -> dict[str, str]:
    """The region of a purse, by the first digits of its serial."""
    return {each.transit.application_serial_prefix: each.region.code for each in all_regions()}
