"""Several processes that answer at one port, on PostgreSQL (`--workers N`).

Rules: the starter holds the port and the workers listen on it together; the kernel deals the
connections out. The first worker also does what falls due and brings messages to other regions, so
that this is done once. A worker that dies is started again; its clients ask again with the same
Idempotency-Key. The workers end with their starter, however that ends.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import FrameType

import msgspec

from card_platform.errors import PlatformCannotStart
from card_platform.installation import open_installation
from card_platform.server import Ready, print_ready, reserve_port, serve
from card_platform.settings import ACCESS_FILE, Settings, of_regions
from card_platform.web.authentication import write_access

WORKERS_MAX = 64
_STOP_WAIT_S = 8.0
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Worker:
    number: int
    process: subprocess.Popen[bytes]


class Workers:
    """The workers of one platform.

    Args:
        settings: of each region.
        arguments: those a worker is started with, but for port and number.
        count: how many.
    """

    def __init__(self, settings: Sequence[Settings], arguments: Sequence[str], count: int) -> None:
        self._settings = tuple(settings)
        self._arguments = tuple(arguments)
        self._count = count
        self._workers: list[_Worker] = []
        self._is_ending = threading.Event()
        self._wake, self._woken = os.pipe()

    def serve(self, on_ready: Callable[[Ready], None], lifeline: int | None = None) -> None:
        """Serve until SIGTERM or SIGINT, or until the lifeline closes.

        Raises:
            PlatformCannotStart: nothing is left running.
        """
        require_shared_state(self._settings, self._count)
        with ExitStack() as held:
            held.callback(os.close, self._wake)
            held.callback(os.close, self._woken)
            reserved = held.enter_context(
                reserve_port(self._settings[0].host, self._settings[0].port)
            )
            for each in self._settings:
                _prepare(each)
            held.callback(self._end)
            for number in range(self._count):
                self._workers.append(self._start(number, reserved))
            ready_lines = [_ready_of(each.process, len(self._settings)) for each in self._workers]
            for ready in ready_lines[0]:
                on_ready(msgspec.structs.replace(ready, pid=os.getpid()))
            self._attend(reserved, lifeline)

    def _attend(self, reserved: socket.socket, lifeline: int | None) -> None:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self._is_ending.set()
            os.write(self._woken, b"x")

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake, selectors.EVENT_READ)
            if lifeline is not None:
                selector.register(lifeline, selectors.EVENT_READ)
            for each in self._workers:
                selector.register(_output(each), selectors.EVENT_READ, each)
            while not self._is_ending.is_set():
                for key, _ in selector.select():
                    if not isinstance(key.data, _Worker):
                        return
                    if os.read(key.fd, 4096):
                        continue
                    selector.unregister(key.fileobj)
                    selector.register(
                        _output(self._restart(key.data, reserved)), selectors.EVENT_READ, key.data
                    )

    def _restart(self, worker: _Worker, reserved: socket.socket) -> _Worker:
        code = worker.process.wait()
        _close(worker)
        _LOG.warning("worker %s ended (%s); it is started again", worker.number, code)
        worker.process = self._start(worker.number, reserved).process
        return worker

    def _start(self, number: int, reserved: socket.socket) -> _Worker:
        port = str(reserved.getsockname()[1])
        command = [sys.executable, "-m", "card_platform", *self._arguments]
        command += ["--port", port, "--worker", str(number), "--end-with-stdin"]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,  # its lifeline
            stdout=subprocess.PIPE,
            start_new_session=True,  # out of the terminal's Ctrl-C: the starter ends it
        )
        return _Worker(number, process)

    def _end(self) -> None:
        for each in self._workers:
            each.process.terminate()
        for each in self._workers:
            try:
                each.process.wait(_STOP_WAIT_S)
            except subprocess.TimeoutExpired:
                each.process.kill()
                each.process.wait()
            _close(each)


def serve_all(
    base: Settings, regions: Sequence[str], workers: int = 1, lifeline: int | None = None
) -> None:
    """Serve regions with so many processes until SIGTERM or SIGINT; call it from the main thread.

    Raises:
        PlatformCannotStart: before it listens; nothing is left running.
    """
    settings = of_regions(base, regions)
    if workers == 1:
        serve(settings, lifeline=lifeline)
        return
    arguments = ["--data", str(base.data), "--regions", ",".join(regions)]
    arguments += ["--limits-times", str(base.limits_times)]
    arguments += ["--database", base.database_url] if base.database_url else []
    Workers(settings, arguments, workers).serve(print_ready, lifeline)


def require_shared_state(settings: Sequence[Settings], count: int) -> None:
    """What several processes can share: PostgreSQL, and the machine's own clock.

    Raises:
        PlatformCannotStart: with what to change.
    """
    if not 1 <= count <= WORKERS_MAX:
        raise PlatformCannotStart(
            f"--workers 为 {count}；应为 1 到 {WORKERS_MAX}。",
            f"--workers is {count}; it must be 1 to {WORKERS_MAX}.",
        )
    for each in settings:
        if not each.sqlalchemy_url.startswith("postgresql"):
            raise PlatformCannotStart(
                "多个工作进程需要 PostgreSQL：请用 --database postgresql://...，或用 --workers 1。",
                "Several workers need PostgreSQL: give --database postgresql://... or --workers 1.",
            )
        if each.clock != "real":
            raise PlatformCannotStart(
                "可拨动的时钟只能有一个工作进程：请用 --clock real，或用 --workers 1。",
                "A virtual clock has one worker: give --clock real, or --workers 1.",
            )


def _prepare(settings: Settings) -> None:
    """Make schema, keys and tokens, so that all workers find the same."""
    installation = open_installation(settings)
    installation.database.close()
    write_access(settings.data / ACCESS_FILE, installation.access)


def _ready_of(process: subprocess.Popen[bytes], regions: int) -> list[Ready]:
    """The lines in which a worker says that it answers; what it could not do is on its stderr."""
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    lines = [process.stdout.readline() for _ in range(regions)]
    if not all(lines):
        raise PlatformCannotStart(
            "工作进程未能启动；原因见上。", "A worker did not start; the reason stands above."
        )
    return [msgspec.json.decode(line, type=Ready) for line in lines]


def _output(worker: _Worker) -> int:
    assert worker.process.stdout is not None  # noqa: S101 - it is a pipe
    return worker.process.stdout.fileno()


def _close(worker: _Worker) -> None:
    for pipe in (worker.process.stdin, worker.process.stdout):
        if pipe is not None:
            pipe.close()
