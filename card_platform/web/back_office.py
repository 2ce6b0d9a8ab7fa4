"""The back office, seen from the platform: a process beside it that does batches (decision 0018).

Rules:
- It is started when a batch is large for the first time; until it is ready, and whenever it is
  away, the platform does the work itself.
- A batch is done in the writer's turn, so that the two processes never wait for each other's lock
  on SQLite.
- What it did not answer is done alone, and may have been done: the Idempotency-Key tells.
- It ends with the platform, however that ends: its line is closed then.
"""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection

import msgspec

from card_platform.settings import Settings
from card_platform.web.authentication import Caller
from card_platform.web.idempotency import ClientId

PROCESS = "card_platform.back_office_process"
"""The module that is run."""
ANSWER_S_MAX = 20.0
"""Longest wait for a batch; it is taken for dead then."""
_READY_S_MAX = 60.0
_END_S_MAX = 5.0
_AGAIN_AFTER_S = 5.0
"""How long after its end it may be started again."""
_LOG = logging.getLogger(__name__)


class Call(msgspec.Struct, frozen=True, array_like=True):
    """One request of an express route, as it came."""

    path: str
    body: bytes
    caller: Caller
    client: ClientId


class Order(msgspec.Struct, frozen=True, array_like=True):
    """A batch, and the moment in which it is done."""

    at: datetime
    calls: Sequence[Call]


class OfficeIsAway(Exception):
    """It is not there, or broke off: the batch is not answered."""


class BackOffice:
    """The process, and the line to it.

    Args:
        settings: of the platform whose data it works on.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._starting: threading.Thread | None = None
        self._not_before = 0.0
        self._is_closed = False

    @property
    def is_ready(self) -> bool:
        """Whether it takes batches now."""
        return self._line is not None

    def begin(self) -> None:
        """Start it, unless it is there, on its way, or ended a moment ago; returns at once."""
        if self._line is not None or self._starting is not None or self._is_closed:
            return
        if time.monotonic() >= self._not_before:
            self._starting = threading.Thread(target=self._start, name="back office", daemon=True)
            self._starting.start()

    def do(self, at: datetime, calls: Sequence[Call]) -> list[bytes | None]:
        """The answer to each call, durable; None for one that must be done alone. Blocks.

        Raises:
            OfficeIsAway: nobody knows what became of them.
        """
        line = self._line
        if line is None:
            raise OfficeIsAway
        try:
            line.send_bytes(msgspec.msgpack.encode(Order(at, calls)))
            if not line.poll(ANSWER_S_MAX):
                raise TimeoutError("the back office does not answer")
            answers = msgspec.msgpack.decode(line.recv_bytes(), type=list[bytes | None])
        except (OSError, EOFError, msgspec.MsgspecError) as fault:
            _LOG.warning("the back office is away (%r); it is started again when needed", fault)
            self._end()
            raise OfficeIsAway from fault
        return answers

    def close(self) -> None:
        """End it; nobody may call `do` any more."""
        self._is_closed = True
        if self._starting is not None:
            if self._process is not None:
                self._process.kill()  # it has done nothing yet
            self._starting.join()
        self._end()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        line = Connection(ours.detach())
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", PROCESS, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # out of the terminal's Ctrl-C: its line ends it
            )
        if self._is_closed:
            self._process.kill()
        try:
            line.send_bytes(msgspec.msgpack.encode(self._settings, enc_hook=str))
            if not line.poll(_READY_S_MAX):
                raise TimeoutError("no answer in time")
            line.recv_bytes()
            self._line = line
        except (OSError, EOFError) as fault:
            line.close()
            self._end()
            if not self._is_closed:
                _LOG.warning("the back office did not start (%r)", fault)
        self._starting = None

    def _end(self) -> None:
        line, self._line = self._line, None
        process, self._process = self._process, None
        self._not_before = time.monotonic() + _AGAIN_AFTER_S
        if line is not None:
            with suppress(OSError):
                line.close()
        if process is not None:
            try:
                process.wait(_END_S_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
