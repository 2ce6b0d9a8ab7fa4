"""What was seen at one station, written down while the run goes on."""

from __future__ import annotations

import math

import numpy as np

from sim.histogram import times_of
from sim.observation import ClassSeen, Series, StationSeen, Steps


class Book:
    """The record of one station."""

    def __init__(self, classes: int, steps: Steps, measured_from_s: float) -> None:
        self._from_s = measured_from_s
        self._steps = steps
        self._seen_s = measured_from_s
        self._step = min(int(measured_from_s / steps.step_s), steps.length - 1)
        self._step_end_s = self._end_of(self._step)
        self.visits = [0] * classes
        self.refused = [0] * classes
        self.abandoned = [0] * classes
        self.waits_s: list[list[float]] = [[] for _ in range(classes)]
        self.queue_max = 0
        self._arrivals = [0] * steps.length
        self._served = [0] * steps.length
        self._wait_s = [0.0] * steps.length
        self._queue = [0] * steps.length
        self._busy_s = [0.0] * steps.length
        self._available_s = [0.0] * steps.length

    def arrives(self, customer_class: int, now_s: float) -> None:
        """Somebody arrives."""
        if now_s >= self._from_s:
            self.visits[customer_class] += 1
            self._arrivals[self._step] += 1

    def is_refused(self, customer_class: int, arrival_s: float) -> None:
        """Who arrived then is refused."""
        if arrival_s >= self._from_s:
            self.refused[customer_class] += 1

    def gives_up(self, customer_class: int, arrival_s: float) -> None:
        """Who arrived then leaves unserved."""
        if arrival_s >= self._from_s:
            self.abandoned[customer_class] += 1

    def begins(self, customer_class: int, arrival_s: float, now_s: float) -> None:
        """The service of who arrived then begins."""
        if arrival_s >= self._from_s:
            self.waits_s[customer_class].append(now_s - arrival_s)
            self._served[self._step] += 1
            self._wait_s[self._step] += now_s - arrival_s

    def waits(self, waiting: int, now_s: float) -> None:
        """One more waits, so many now."""
        if now_s >= self._from_s:
            self.queue_max = max(self.queue_max, waiting)
            self._queue[self._step] = max(self._queue[self._step], waiting)

    def look(self, now_s: float, waiting: int, busy: int, servers: int) -> None:
        """From the last look until now so many waited, were busy, and were there to work.

        Whoever writes down what happens now looks first.
        """
        while self._seen_s < now_s:
            step, end_s = self._step, min(now_s, self._step_end_s)
            elapsed_s = end_s - self._seen_s
            self._queue[step] = max(self._queue[step], waiting)
            self._busy_s[step] += busy * elapsed_s
            self._available_s[step] += servers * elapsed_s
            self._seen_s = end_s
            if end_s >= self._step_end_s:
                self._step = step + 1
                self._step_end_s = self._end_of(step + 1)

    def closed(self) -> StationSeen:
        """All of it."""
        series = Series(
            self._steps.step_s,
            np.array(self._arrivals, dtype=np.int64),
            np.array(self._served, dtype=np.int64),
            np.array(self._wait_s),
            np.array(self._queue, dtype=np.int64),
            np.array(self._busy_s),
            np.array(self._available_s),
        )
        by_class = tuple(
            ClassSeen(visits, refused, abandoned, times_of(np.array(waits_s, dtype=np.float64)))
            for visits, refused, abandoned, waits_s in zip(
                self.visits, self.refused, self.abandoned, self.waits_s, strict=True
            )
        )
        busy_s, available_s = float(series.busy_s.sum()), float(series.available_s.sum())
        return StationSeen(by_class, busy_s, available_s, self.queue_max, series)

    def _end_of(self, step: int) -> float:
        return (step + 1) * self._steps.step_s if step + 1 < self._steps.length else math.inf
