"""The desk's side of detection: folds a piece in one order and saves it in the next.

Rules: what failed is forgotten, and folded again from what is stored. A process that starts, or has
to begin again, goes on from the last snapshot; one is written when much was folded since the last,
never in the writer's turn.
"""

from __future__ import annotations

import gc
import logging
import time
from datetime import datetime
from typing import Final

from card_platform.oversight.risk.stream.snapshot import Snapshots
from card_platform.oversight.risk.stream.watch import Watch
from card_platform.storage import Transaction

EVENTS_BETWEEN: Final = 100_000
"""Folded again in some seconds."""
SECONDS_BETWEEN: Final = 60.0
PAUSE: Final = 20.0
"""Times as long as the last one took; so a twentieth of the time at most is spent on them."""
_LOG = logging.getLogger(__name__)


class Folding:
    """Folding for one region, in a process of its own.

    Args:
        watch: with pieces as large as nobody need wait for.
        snapshots: of its memory.
        events_between: so many events are folded between two of them, at least.
        seconds_between: and so much time passes,
        pause: and so many times as long as the last one took.
    """

    def __init__(
        self,
        watch: Watch,
        snapshots: Snapshots,
        events_between: int = EVENTS_BETWEEN,
        seconds_between: float = SECONDS_BETWEEN,
        pause: float = PAUSE,
    ) -> None:
        self._watch = watch
        self._snapshots = snapshots
        self._events_between = events_between
        self._seconds_between = seconds_between
        self._pause = pause
        self._kept_to = 0
        self._next_at = time.monotonic() + seconds_between

    def fold(self, tx: Transaction, now: datetime) -> bool:
        """Read and fold a piece, and change nothing stored; whether there is something to save.

        What is remembered holds no rings, so it is kept from the collector of garbage, which would
        walk through all of it again and again.
        """
        gc.freeze()
        if self._watch.position <= 0:
            self._go_on(tx)
        elif self._is_time() and not self._watch.owes_word:
            self._keep(tx)
        return self._watch.prepare(tx, now)

    def save(self, tx: Transaction, now: datetime) -> bool:
        """Save it; whether there may be more."""
        return self._watch.save(tx, now)

    def forget(self) -> None:
        """Something failed: what is in memory may not be what is stored."""
        self._watch.forget()

    def _go_on(self, tx: Transaction) -> None:
        found = self._snapshots.read(tx)
        if found is not None:
            self._watch.remember(*found)
            self._kept_to = self._watch.position

    def _is_time(self) -> bool:
        return (
            abs(self._watch.position - self._kept_to) >= self._events_between
            and time.monotonic() >= self._next_at
        )

    def _keep(self, tx: Transaction) -> None:
        began = time.monotonic()
        try:
            self._snapshots.write(tx, self._watch.detector, self._watch.position)
        except OSError:
            _LOG.exception("the snapshot of detection was not written; the next is tried")
        self._kept_to, ended = self._watch.position, time.monotonic()
        self._next_at = ended + max(self._seconds_between, self._pause * (ended - began))
