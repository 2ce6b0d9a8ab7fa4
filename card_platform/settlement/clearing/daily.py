"""Clearing by itself: each day after its end, and what was cut off."""

from __future__ import annotations

import asyncio
import logging
from datetime import date, timedelta
from functools import partial

from card_platform.settlement.clearing import store
from card_platform.settlement.clearing.model import WAIT_AFTER_END, DayState
from card_platform.settlement.clearing.service import Clearing, end_of
from card_platform.storage import Database, Transaction
from card_platform.vocabulary.moment import moment_of

LOOK_EVERY_S = 30.0
_BY_ITSELF = "clock"
_LOG = logging.getLogger(__name__)


async def keep_clearing(clearing: Clearing, database: Database) -> None:
    """Clear what is due, again and again until cancelled; what failed is tried again."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            day = await database.read(partial(due_day, clearing=clearing))
            if day is not None:
                await database.write(partial(clearing.begin, day=day, by=_BY_ITSELF))
                await clearing.finish(database, day.isoformat())
        except Exception:  # noqa: BLE001 - logged, and tried again
            _LOG.exception("clearing failed; it is tried again in %s s", LOOK_EVERY_S)


def due_day(tx: Transaction, clearing: Clearing) -> date | None:
    """The day to clear now: one that was cut off, or yesterday where taps came since."""
    now, last = clearing.clock.now(), store.last_day(tx)
    if last is not None and last.state is DayState.RUNNING:
        return date.fromisoformat(last.day)
    day = (now - WAIT_AFTER_END).date() - timedelta(days=1)
    if last is not None and day.isoformat() <= last.day:
        return None
    newest = clearing.source.mark_before(tx, moment_of(end_of(day, now)))
    return day if newest > (last.to_mark if last else "") else None
