"""A clock that can be moved forward: every deadline of the platform follows it.

Rules: it goes on by itself as the machine's clock does, `ahead` of it by as much as it was moved;
it is never moved back, since stored moments must keep their order. How far it is ahead is in the
database, so that it goes on after a restart.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from card_platform.vocabulary.moment import Clock, RealClock

AHEAD_MAX = timedelta(days=36_525)
"""A hundred years: what lies beyond is a slip."""


class VirtualClock:
    """The clock of a test or a training."""

    def __init__(self, ahead: timedelta = timedelta(), machine: Clock | None = None) -> None:
        self._machine = machine or RealClock()
        self.ahead = ahead

    def now(self) -> datetime:
        """This moment, with the offset +08:00."""
        return self._machine.now() + self.ahead
