"""Detection as it goes on beside a platform: where a piece is done, and in whose turn.

Rules:
- While little waits, the platform does it by itself, in small pieces. More, as after a start with a
  long history or when departments send by the hundred thousand, is for a process of its own, the
  desk: it reads and folds without the writer's turn, and borrows that to save only (decision 0029).
- A desk that is away is started again when it is needed; one that does not start leaves the work
  to the platform.
- One step at a time, whoever asks for it: due work, a moved clock, a run that was asked for.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Protocol

from card_platform.clockwork.due import DUE_EVERY_S, RESTS
from card_platform.oversight.risk.stream import store
from card_platform.oversight.risk.stream.watch import Watch
from card_platform.storage import Database, Transaction
from card_platform.vocabulary.moment import Clock

FOLD = "detection-fold"
"""Upkeep that reads and folds a piece, and changes nothing stored."""
SAVE = "detection-save"
"""Upkeep that saves what was folded; the writer's turn is lent meanwhile."""
FOLD_S_MAX = 300.0
"""Longest wait for a piece; the first reads a snapshot."""
STEPS_MAX = 1_000_000
"""Pieces of one run that was asked for: a hundred million events."""
_LOG = logging.getLogger(__name__)


class DetectionDesk(Protocol):
    """The process of its own."""

    @property
    def is_ready(self) -> bool:
        """Whether it takes work now."""
        ...

    async def get_ready(self) -> bool:
        """Start it where it is away; whether it takes work then."""
        ...

    async def keep_up(self, at: datetime, name: str, wait_s: float) -> bool | None:
        """Do the next piece; whether there is more, None where it was not done."""
        ...

    async def close(self) -> None:
        """End it, for good."""
        ...


class Detection:
    """Detection of one region.

    Args:
        watch: its memory in this process.
        desk: a process of its own, if there may be one.
    """

    def __init__(
        self, watch: Watch, database: Database, clock: Clock, desk: DetectionDesk | None = None
    ) -> None:
        self._watch = watch
        self._database = database
        self._clock = clock
        self._desk = desk
        self._one_step = asyncio.Lock()

    async def do_what_is_due(self, rests: float = 0.0) -> None:
        """Look at all that has come; after each step it rests so many times as long as that."""
        while True:
            began = time.monotonic()
            if not await self._step():
                return
            await asyncio.sleep(rests * (time.monotonic() - began))

    async def run(
        self, events_max: int | None = None
    ) -> AsyncIterator[Callable[[Transaction], tuple[int, bool]]]:
        """The same for a request, over about so many events: at its end a work that tells the place
        that was reached, and whether more wait.
        """
        first = await self._database.read(_position)
        for _ in range(STEPS_MAX):
            if not await self._step():
                break
            if events_max and await self._database.read(_position) - first >= events_max:
                break
        yield lambda tx: (_position(tx), bool(store.waiting_ids(tx, 1)))

    async def keep_going(self) -> None:
        """Do it again and again until cancelled; what fails is logged and tried again."""
        try:
            while True:
                await asyncio.sleep(DUE_EVERY_S)
                try:
                    await self.do_what_is_due(RESTS)
                except Exception:  # noqa: BLE001 - logged, and tried again
                    _LOG.exception("detection failed; it is tried again in %s s", DUE_EVERY_S)
        finally:
            if self._desk is not None:
                await self._desk.close()

    async def _step(self) -> bool:
        async with self._one_step:
            desk = self._desk
            if desk is not None and await self._is_for(desk):
                if self._watch.position:
                    self._watch.forget()
                return await self._do_at(desk)
            return await self._database.write(self._look)

    async def _is_for(self, desk: DetectionDesk) -> bool:
        if desk.is_ready:
            return True
        return await self._database.read(self._watch.is_behind) and await desk.get_ready()

    async def _do_at(self, desk: DetectionDesk) -> bool:
        is_folded = await desk.keep_up(self._clock.now(), FOLD, FOLD_S_MAX)
        if not is_folded:
            return is_folded is None  # it is away: the next step finds out who goes on
        async with self._database.lent():
            is_more = await desk.keep_up(self._clock.now(), SAVE, FOLD_S_MAX)
        return is_more is not False

    def _look(self, tx: Transaction) -> bool:
        return self._watch.look(tx, self._clock.now())


def _position(tx: Transaction) -> int:
    return store.look_at_watch(tx).position
