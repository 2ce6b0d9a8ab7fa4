"""The one place where a share of an amount becomes whole fen (*assumption: half a fen upwards*).

Whatever is not the share is found by taking it from the amount, so that no fen is made or lost.
"""

from __future__ import annotations

from card_platform.vocabulary.money import Fen

_WHOLE = 100


def share_of(amount_fen: int, percent: int) -> Fen:
    """So many percent of an amount that is not negative; half a fen is rounded up."""
    return Fen((amount_fen * percent + _WHOLE // 2) // _WHOLE)
