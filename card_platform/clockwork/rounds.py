"""Rounds: work that goes on beside the app for many others at once, one round at a time for each.

Rules: who is away holds up nobody else; what failed is tried again after a pause that grows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class Rounds:
    """The rounds that run, by whom they are for."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}

    def begin(self, to: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin a round, unless one for the same runs."""
        running = self._running.get(to)
        if running is None or running.done():
            self._running[to] = asyncio.create_task(work())

    def end(self) -> None:
        """Cancel all."""
        for task in self._running.values():
            task.cancel()
        self._running.clear()


class Pause:
    """How long to wait before the next try: twice as long each time, up to a limit, in seconds."""

    def __init__(self, first_s: float, most_s: float) -> None:
        self._first_s, self._most_s = first_s, most_s
        self._next_s = first_s

    async def wait(self) -> None:
        """Wait, the next time longer."""
        await asyncio.sleep(self._next_s)
        self._next_s = min(self._next_s * 2, self._most_s)

    def reset(self) -> None:
        """It worked: begin with the first pause again."""
        self._next_s = self._first_s
