"""Where replications are played: here, in processes of this machine, or on a Dask cluster.

Rules: workers take tasks and give results in whatever order they end; who asked puts them in order.
Short work stays in this process: starting others takes longer than it saves. Every process that was
started here ends here, however the work ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from distributed import Client

WORTH_PROCESSES_S = 3.0
"""Processes are started when the rest of a round would take longer than this in one."""
CONNECT_S = 10.0

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


class NoScheduler(Exception):
    """No Dask scheduler answers at that address."""


class Workers(Protocol):
    """Play tasks; a context manager."""

    def map(self, work: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]) -> Iterator[ResultT]:
        """The result of every task, in any order."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None: ...


class Here:
    """One after the other, in this process."""

    def map(self, work: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]) -> Iterator[ResultT]:
        """In order."""
        return map(work, tasks)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        pass


class LocalProcesses:
    """Processes of this machine, started when there is enough to do for them.

    `worth_s` is how much work, in seconds of one process, is enough.
    """

    def __init__(self, processes: int = 0, *, worth_s: float = WORTH_PROCESSES_S) -> None:
        self._processes = processes or len(os.sched_getaffinity(0))
        self._worth_s = worth_s
        self._pool: ProcessPoolExecutor | None = None
        self._others: set[Any] = set()

    def map(self, work: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]) -> Iterator[ResultT]:
        """The first ones here, until it shows that others are needed."""
        rest = list(reversed(tasks))
        while rest and self._pool is None:
            began_s = time.perf_counter()
            yield work(rest.pop())
            left_s = (time.perf_counter() - began_s) * len(rest)
            if self._processes > 1 and left_s > self._worth_s:
                self._start()
        if self._pool is not None:
            futures = [self._pool.submit(work, task) for task in reversed(rest)]
            for future in as_completed(futures):
                yield future.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        broken_off: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._pool is None:
            return
        if broken_off is not None:
            for process in set(multiprocessing.active_children()) - self._others:
                process.terminate()
        self._pool.shutdown(cancel_futures=True)
        self._pool = None

    def _start(self) -> None:
        self._others = set(multiprocessing.active_children())
        # Not forked: the compiled engine's library must not be copied in the middle of its work.
        spawned = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(self._processes, spawned, _leave_interrupts_to_the_caller)


class DaskCluster:
    """The workers of a Dask scheduler, which must have this project installed.

    Raises `NoScheduler` on entering, when none answers within `connect_s`.
    """

    def __init__(self, address: str, *, connect_s: float = CONNECT_S) -> None:
        self._address, self._connect_s = address, connect_s
        self._client: Client | None = None

    def map(self, work: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]) -> Iterator[ResultT]:
        """As they end. What a task raises is raised here."""
        from distributed import as_completed as as_ended  # noqa: PLC0415 - slow to import

        if self._client is None:
            raise NoScheduler(self._address)
        futures = self._client.map(work, list(tasks), pure=False)
        ended = as_ended(  # type: ignore[no-untyped-call]
            futures, loop=self._client.loop, with_results=True
        )
        for _, result in ended:
            yield result

    def __enter__(self) -> Self:
        from distributed import Client  # noqa: PLC0415 - slow to import

        try:
            self._client = Client(  # type: ignore[no-untyped-call]
                self._address, timeout=self._connect_s, set_as_default=False
            )
        except (OSError, ValueError) as fault:
            raise NoScheduler(f"{self._address}: {fault}") from None
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._client is not None:
            self._client.close()  # type: ignore[no-untyped-call]
            self._client = None


def workers_of(scheduler: str = "", processes: int = 0) -> Workers:
    """The Dask cluster at an address; without one, so many local processes (0: one a core)."""
    if scheduler:
        return DaskCluster(scheduler)
    return LocalProcesses(processes) if processes != 1 else Here()


def _leave_interrupts_to_the_caller() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
