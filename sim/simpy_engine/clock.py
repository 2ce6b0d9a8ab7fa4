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

    def at(self, moment_s: float, order: int) -> simpy.Event:
        """An event that happens at this moment, among others of that moment in this order."""
        event = simpy.Event(self)
        event._ok = True
        event._value = None
        heappush(self._queue, (moment_s, order, next(self._eid), event))
        return event
