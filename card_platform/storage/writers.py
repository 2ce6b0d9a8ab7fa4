"""Who runs the work: one writer thread on SQLite, a bounded pool of threads on PostgreSQL.

SQLite allows one writer, and a durable commit costs an fsync. The writer thread therefore takes
every request that waits (up to GROUP_MAX) into one commit. It never waits for more requests: what
arrives during one commit is the next group. Every queue is bounded; a full one refuses.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Engine

from card_platform.errors import PlatformIsBusy
from card_platform.storage.turns import LentTurn, Turn
from card_platform.storage.unit_of_work import Handler, Outcome, Work, run_alone, run_group

GROUP_MAX = 256
"""Most requests that share one commit."""
WAITING_MAX = 8192
"""Most requests that wait for the database."""
POOL_THREADS_MAX = 8
"""Most transactions at once on PostgreSQL."""


class Writer(Protocol):
    """Runs work durably."""

    async def write(self, work: Work) -> Any:
        """The answer of the work, once it is durable; or what the work raised."""
        ...

    def lent(self) -> AbstractAsyncContextManager[None]:
        """While this lasts another process may write; on SQLite nobody here does meanwhile."""
        ...

    def write_now(self, work: Work) -> Any:
        """The same for a caller without an event loop."""
        ...

    def close(self) -> None:
        """Finish what waits and end."""
        ...


class _Waiting(NamedTuple):
    work: Work | None
    """None asks for the turn itself."""
    future: asyncio.Future[Any] | Future[Any]
    loop: asyncio.AbstractEventLoop | None


class GroupCommitWriter:
    """One thread, one connection, many requests a commit (SQLite)."""

    def __init__(self, engine: Engine, handlers: Sequence[Handler]) -> None:
        self._engine = engine
        self._handlers = handlers
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._turn = Turn()
        self._lent = LentTurn(self._turn, self._queue.empty, self._reach_turn)
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
        self._thread.start()

    async def write(self, work: Work) -> Any:
        """Queue the work and wait for the commit that holds it."""
        return await self._queued(work)

    def lent(self) -> AbstractAsyncContextManager[None]:
        """The writer's turn, lent (see `turns`)."""
        return self._lent.shared()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The writer's turn, for another thread: nobody writes while it lasts."""
        future: Future[Any] = Future()
        self._put(_Waiting(None, future, None))
        future.result()
        try:
            yield
        finally:
            self._turn.give_back()

    async def _reach_turn(self) -> None:
        future = self._queued(None)
        try:
            await future
        except asyncio.CancelledError:
            if not future.cancelled():
                self._turn.give_back()
            raise

    def _grant(self, future: asyncio.Future[Any] | Future[Any]) -> None:
        if future.done():  # who asked for it hung up
            self._turn.give_back()
        else:
            future.set_result(None)

    def _queued(self, work: Work | None) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._put(_Waiting(work, future, loop))
        return future

    def write_now(self, work: Work) -> Any:
        """Queue the work and block until the commit that holds it."""
        future: Future[Any] = Future()
        self._put(_Waiting(work, future, None))
        return future.result()

    def close(self) -> None:
        """Let the thread finish the queue, then end it."""
        self._queue.put(None)
        self._thread.join()

    def _put(self, waiting: _Waiting) -> None:
        # A SimpleQueue costs a tenth of a bounded Queue. Two threads that look at once may overfill
        # it by one request each, which does no harm.
        if self._queue.qsize() >= WAITING_MAX:
            raise PlatformIsBusy
        self._queue.put(waiting)

    def _serve(self) -> None:
        with self._engine.connect() as connection:
            open_for_work = True
            while open_for_work:
                group, open_for_work = self._next_group()
                works = [each.work for each in group if each.work is not None]
                if works:
                    with self._turn.held():
                        outcomes = run_group(connection, works, self._handlers)
                    _deliver([each for each in group if each.work is not None], outcomes)
                for each in group:
                    if each.work is None:
                        self._lend_to(each)

    def _lend_to(self, waiting: _Waiting) -> None:
        if waiting.loop is None:
            self._turn.take()
            self._grant(waiting.future)
        elif not waiting.loop.is_closed():
            self._turn.take()
            waiting.loop.call_soon_threadsafe(self._grant, waiting.future)

    def _next_group(self) -> tuple[list[_Waiting], bool]:
        first = self._queue.get()
        if first is None:
            return [], False
        group = [first]
        while len(group) < GROUP_MAX:
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                break
            if waiting is None:
                return group, False
            group.append(waiting)
        return group, True


def _deliver(group: Sequence[_Waiting], outcomes: Sequence[Outcome]) -> None:
    """Answer every request of a group; an event loop is woken once, not once a request."""
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[tuple[Any, Outcome]]] = defaultdict(list)
    for waiting, outcome in zip(group, outcomes, strict=True):
        if waiting.loop is None:
            _resolve([(waiting.future, outcome)])
        else:
            by_loop[waiting.loop].append((waiting.future, outcome))
    for loop, answered in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, answered)


def _resolve(answered: Sequence[tuple[Any, Outcome]]) -> None:
    for future, outcome in answered:
        if future.done():  # the caller hung up; the work is done all the same
            continue
        if outcome.error is None:
            future.set_result(outcome.answer)
        else:
            future.set_exception(outcome.error)


class PooledWriter:
    """A transaction a request, a bounded number at once (PostgreSQL)."""

    def __init__(self, engine: Engine, handlers: Sequence[Handler]) -> None:
        self._engine = engine
        self._handlers = handlers
        self._pool = ThreadPoolExecutor(POOL_THREADS_MAX, thread_name_prefix="writer")
        self._waiting = threading.BoundedSemaphore(WAITING_MAX)

    async def write(self, work: Work) -> Any:
        """Run the work on a thread of the pool."""
        return await asyncio.wrap_future(self._submit(work))

    def lent(self) -> AbstractAsyncContextManager[None]:
        """Nothing to lend: PostgreSQL lets many write."""
        return nullcontext()

    def write_now(self, work: Work) -> Any:
        """Run the work on a thread of the pool and block until it is done."""
        return self._submit(work).result()

    def close(self) -> None:
        """Finish what waits."""
        self._pool.shutdown(wait=True)

    def _submit(self, work: Work) -> Future[Any]:
        if not self._waiting.acquire(blocking=False):
            raise PlatformIsBusy
        future = self._pool.submit(self._run, work)
        future.add_done_callback(lambda _: self._waiting.release())
        return future

    def _run(self, work: Work) -> Any:
        with self._engine.connect() as connection:
            return run_alone(connection, work, self._handlers)
