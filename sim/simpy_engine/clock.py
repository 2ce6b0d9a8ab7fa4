"""SimPy's environment with moments instead of delays.

Why: SimPy adds a delay to the present moment, and processes what happens at one moment in the order
in which it was asked for. A sum of two floats may miss the moment that was meant, and the order of
asking is an engine's own affair; here the moment is given, with its order (`sim.order`).
"""

from __future__ import annotations

from heapq import heappush

import simpy


class Clock(simpy.Environment):
    """Model time in seconds."""

    def at(self, moment_s: float, order: int) -> Moment:
        """An event that happens at this moment, among others of that moment in this order."""
        event = Moment(self)
        heappush(self._queue, (moment_s, order, next(self._eid), event))  # type: ignore[misc]
        return event


class Moment(simpy.Event):
    """Something that is sure to happen, as SimPy's `Timeout`."""

    def __init__(self, clock: Clock) -> None:
        self.env = clock
        self.callbacks = []
        self._value = None
        self._ok = True
        self._defused = False
