"""What falls due: work that must be done when its moment has come, whoever calls or does not.

Rules: each context names its due work, a function of a transaction and the time; it does whatever
has fallen due by then, and does nothing the second time. It runs every `DUE_EVERY_S` seconds and
whenever the virtual clock was moved, before that move is answered. One piece at a time: what two
runs found due at once would be done twice on a database that writes side by side.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from card_platform.storage import Database, Transaction
from card_platform.vocabulary.moment import Clock

DUE_EVERY_S = 5.0
RESTS = 3.0
"""Of long due work a quarter of the time is work."""
DueWork = Callable[[Transaction, datetime], bool | None]
"""What is too much for one transaction answers that there is more, and is called again."""


class Helper(Protocol):
    """Another process that knows the upkeep by name."""

    @property
    def is_ready(self) -> bool:
        """Whether it takes work now."""
        ...

    async def keep_up(self, at: datetime, name: str) -> bool | None:
        """Do the next piece; whether there is more, None where it was not done."""
        ...


_LOG = logging.getLogger(__name__)


class Clockwork:
    """Runs the due work of one platform.

    Args:
        database: where it is done, one transaction for each work.
        clock: the platform's.
        works: in this order.
        upkeep: after them, and by the helper where there is one: work on many records that
            requests left behind.
        others: what goes on beside it by itself, and is only waited for when the clock was moved.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        works: Sequence[DueWork],
        upkeep: Mapping[str, DueWork] | None = None,
        helper: Helper | None = None,
        *,
        others: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        self._database = database
        self._clock = clock
        self._works = tuple(works)
        self._upkeep = upkeep or {}
        self._helper = helper
        self._others = tuple(others)
        self._one_piece = asyncio.Lock()

    async def catch_up(self) -> None:
        """Do everything that has fallen due by now, that of the others too."""
        await self.do_what_is_due()
        for do_others in self._others:
            await do_others()

    async def do_what_is_due(self, rests: float = 0.0) -> None:
        """Do everything that has fallen due by now.

        After each part of a long work it rests so many times as long as the part took, so that
        requests are not kept waiting by the whole of it.
        """
        async with self._one_piece:
            again = await self._database.write(self._do_all)
        for work in again:
            piece = partial(self._database.write, partial(self._do, work))
            await self._to_the_end(piece, rests)
        for name, work in self._upkeep.items():
            await self._to_the_end(partial(self._keep_up, name, work), rests)

    def _do_all(self, tx: Transaction) -> list[DueWork]:
        """Every work once. From the first that has more to do, or failed and is tried by itself,
        all are done again: what it still does may be what the later ones wait for.

        Mostly nothing is due: one turn and one commit for all, while requests wait for both.
        """
        again: list[DueWork] = []
        for work in self._works:
            try:
                with tx.part():
                    is_more = self._do(work, tx)
            except Exception:  # noqa: BLE001 - done again alone, where it may raise
                is_more = True
            if is_more or again:
                again.append(work)
        return again

    async def _keep_up(self, name: str, work: DueWork) -> bool:
        if self._helper is not None and self._helper.is_ready:
            async with self._database.lent():
                is_more = await self._helper.keep_up(self._clock.now(), name)
            if is_more is not None:
                return is_more
        return await self._database.write(partial(self._do, work))

    def _do(self, work: DueWork, tx: Transaction) -> bool:
        return bool(work(tx, self._clock.now()))

    async def keep_going(self) -> None:
        """Do it again and again until cancelled; a work that fails is logged and tried again."""
        while True:
            await asyncio.sleep(DUE_EVERY_S)
            try:
                await self.do_what_is_due(RESTS)
            except Exception:  # noqa: BLE001 - logged, and tried again
                _LOG.exception("due work failed; it is tried again in %s s", DUE_EVERY_S)

    async def _to_the_end(self, do_piece: Callable[[], Awaitable[bool]], rests: float) -> None:
        while True:
            async with self._one_piece:
                began = time.monotonic()
                is_more = await do_piece()
            if not is_more:
                return
            await asyncio.sleep(rests * (time.monotonic() - began))
