"""Whose turn it is to write to SQLite: the writer's thread, or another process in its place.

SQLite lets one write, and gives its lock to whoever asks at the right moment: two that write all
the time would sleep and ask again. So the writer lends its turn and asks no more until it is back.

Rules:
- The turn is lent at once while the writer has nothing to do; else it comes when its place in the
  writer's queue is reached.
- What comes while the turn is lent shares it, unless the writer waits for it: then nobody else
  does, and the writer is next.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager


class Turn:
    """The turn itself, between the writer's thread and everybody else."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.is_wanted = False
        """Whether the writer waits for it."""

    @contextmanager
    def held(self) -> Iterator[None]:
        """The writer's own turn; its thread waits until what was lent is back."""
        self.take()
        try:
            yield
        finally:
            self.give_back()

    def take_at_once(self) -> bool:
        """Whether it could be had without waiting."""
        return not self.is_wanted and self._lock.acquire(blocking=False)

    def take(self) -> None:
        """The writer's thread takes it, for itself or for somebody else, who gives it back."""
        self.is_wanted = True
        self._lock.acquire()
        self.is_wanted = False

    def give_back(self) -> None:
        """It may be taken again."""
        self._lock.release()


class LentTurn:
    """The turn in the hands of one event loop, shared by its tasks.

    Args:
        turn: that of the writer.
        is_idle: whether nothing waits for the writer.
        queue: waits for the place in its queue; the turn is taken then.
    """

    def __init__(
        self, turn: Turn, is_idle: Callable[[], bool], queue: Callable[[], Awaitable[None]]
    ) -> None:
        self._turn = turn
        self._is_idle = is_idle
        self._queue = queue
        self._holders = 0
        self._entering = asyncio.Lock()
        self._is_back = asyncio.Event()

    @asynccontextmanager
    async def shared(self) -> AsyncIterator[None]:
        """The turn, for as long as this lasts."""
        async with self._entering:
            if self._holders and self._is_needed():
                self._is_back.clear()
                await self._is_back.wait()
            if not self._holders and not (self._is_idle() and self._turn.take_at_once()):
                await self._queue()
            self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            if not self._holders:
                self._turn.give_back()
                self._is_back.set()

    def _is_needed(self) -> bool:
        return self._turn.is_wanted or not self._is_idle()
