"""The desk's side of detection: folds a piece in one order and saves it in the next.

Rules: what failed is forgotten, and folded again from what is stored. A process that starts goes on
from the last snapshot, if it is of these events and rules.
"""

from __future__ import annotations

from datetime import datetime

from card_platform.oversight.risk.stream.watch import Watch
from card_platform.storage import Transaction


class Folding:
    """Folding for one region, in a process of its own.

    Args:
        watch: with pieces as large as nobody need wait for.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def fold(self, tx: Transaction, now: datetime) -> bool:
        """Read and fold a piece, and change nothing stored; whether there is something to save."""
        return self._watch.prepare(tx, now)

    def save(self, tx: Transaction, now: datetime) -> bool:
        """Save it; whether there may be more."""
        return self._watch.save(tx, now)

    def forget(self) -> None:
        """Something failed: what is in memory may not be what is stored."""
        self._watch.forget()
