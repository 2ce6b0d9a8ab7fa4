"""The writer's turn on SQLite: lent to another process, and back as soon as the writer wants it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from card_platform.installation import Installation
from card_platform.storage import Database, Statement

ONE = Statement("SELECT 1")


async def write(database: Database) -> int:
    return await database.write(lambda tx: int(tx.rows(ONE, {})[0][0]))


async def borrow(database: Database, stays_s: float = 0.0) -> None:
    async with database.lent():
        await asyncio.sleep(stays_s)


def test_nobody_writes_here_while_the_turn_is_lent(sqlite_installation: Installation) -> None:
    database = sqlite_installation.database

    async def play() -> None:
        async with database.lent(), database.lent():  # what comes meanwhile shares it
            writing = asyncio.create_task(write(database))
            await asyncio.sleep(0.2)
            assert not writing.done()
        assert await asyncio.wait_for(writing, 30) == 1

    asyncio.run(play())


def test_the_writer_has_its_turn_among_borrowers_without_end(
    sqlite_installation: Installation,
) -> None:
    database = sqlite_installation.database

    async def play() -> None:
        is_over = asyncio.Event()

        async def borrow_again_and_again() -> None:
            while not is_over.is_set():
                await borrow(database, 0.002)

        borrowers = [asyncio.create_task(borrow_again_and_again()) for _ in range(4)]
        for _ in range(50):
            assert await asyncio.wait_for(write(database), 30) == 1
        is_over.set()
        await asyncio.gather(*borrowers)

    asyncio.run(play())


def test_who_hangs_up_while_waiting_for_the_turn_does_not_keep_it(
    sqlite_installation: Installation,
) -> None:
    database = sqlite_installation.database

    async def play() -> None:
        for moment in range(40):
            writes = [asyncio.create_task(write(database)) for _ in range(3)]
            await asyncio.sleep(0)
            waiting = asyncio.create_task(borrow(database))
            await asyncio.sleep(moment / 10_000)
            waiting.cancel()
            with suppress(asyncio.CancelledError):
                await waiting
            await asyncio.gather(*writes)
        assert await asyncio.wait_for(write(database), 30) == 1
        await asyncio.wait_for(borrow(database), 30)

    asyncio.run(play())
