"""The back office, seen from the platform: a process beside it that does batches (decision 0018).

While it is there it also does the upkeep: what is filed and sealed after requests.

Rules:
- It is started when a batch is large for the first time; until it is ready, and whenever it is
  away, the platform does the work itself.
- A batch is done while the writer's turn is lent (`storage/turns`), so that the two processes never
  wait for each other's lock on SQLite. Batches are done in the order in which they were sent.
- What it did not answer is done alone, and may have been done: the Idempotency-Key tells.
- It ends with the platform, however that ends: its line is closed then.

A frame on the line is a number, 4 bytes, its length, 4 bytes, and so many bytes of MessagePack; the
answer to it has the same number.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import Any, cast

import msgspec

from card_platform.settings import Settings
from card_platform.web.authentication import Caller
from card_platform.web.idempotency import ClientId

PROCESS = "card_platform.back_office_process"
"""The module that is run."""
HEAD_BYTES = 8
THERE_IS_MORE = b"more"
"""Answer to a piece of upkeep that was not the last one."""
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
    """A batch or a piece of upkeep, by its name, and the moment in which it is done."""

    at: datetime
    calls: Sequence[Call] = ()
    upkeep: str = ""


class OfficeIsAway(Exception):
    """It is not there, or broke off: the batch is not answered."""


_HEAD = struct.Struct(">II")


def frame_of(number: int, content: bytes) -> bytes:
    """A frame, ready to be sent."""
    return _HEAD.pack(number, len(content)) + content


def head_of(frame: bytes | bytearray) -> tuple[int, int]:
    """Number and length of the content of the frame that begins here."""
    number, length = _HEAD.unpack_from(frame)
    return number, length


class _Line(asyncio.Protocol):
    """Our end: each frame sent is answered by one of the same number."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._got = bytearray()
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._numbers = count()
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's own is no subclass
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        got = self._got
        got += data
        while len(got) >= HEAD_BYTES:
            number, length = head_of(got)
            end = HEAD_BYTES + length
            if len(got) < end:
                return
            answer = self._waiting.pop(number)
            if not answer.done():
                answer.set_result(bytes(got[HEAD_BYTES:end]))
            del got[:end]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.is_open = False
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(OfficeIsAway())
        self._waiting.clear()

    async def ask(self, content: bytes, wait_s: float) -> bytes:
        """The frame that answers this one. Raises OfficeIsAway."""
        if not self.is_open or self._transport is None:
            raise OfficeIsAway
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        number = next(self._numbers) & 0xFFFFFFFF
        self._waiting[number] = answer
        self._transport.write(frame_of(number, content))
        try:
            async with asyncio.timeout(wait_s):
                return await answer
        except TimeoutError:
            raise OfficeIsAway from None

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class BackOffice:
    """The process, and the line to it; belongs to one event loop.

    Args:
        settings: of the platform whose data it works on.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._line: _Line | None = None
        self._changing: asyncio.Task[None] | None = None
        self._not_before = 0.0

    @property
    def is_ready(self) -> bool:
        """Whether it takes batches now."""
        return self._line is not None and self._line.is_open and self._changing is None

    def begin(self) -> None:
        """Start it, unless it is there, on its way, or ended a moment ago; returns at once."""
        if not self.is_ready and self._changing is None and time.monotonic() >= self._not_before:
            self._change(self._start())

    async def do(self, at: datetime, calls: Sequence[Call]) -> list[bytes | None]:
        """The answer to each call, durable; None for one that must be done alone.

        Raises:
            OfficeIsAway: nobody knows what became of them.
        """
        return await self._ask(Order(at, calls))

    async def get_ready(self) -> bool:
        """Start it where it is away, as `begin`, and wait; whether it takes work then."""
        self.begin()
        if self._changing is not None:
            await asyncio.wait({self._changing})
        return self.is_ready

    async def keep_up(self, at: datetime, name: str, wait_s: float = ANSWER_S_MAX) -> bool | None:
        """Do the next piece of that upkeep; whether there is more, None where it was not done."""
        try:
            (told,) = await self._ask(Order(at, upkeep=name), wait_s)
        except OfficeIsAway:
            return None
        return None if told is None else told == THERE_IS_MORE

    async def _ask(self, order: Order, wait_s: float = ANSWER_S_MAX) -> list[bytes | None]:
        line = self._line
        if line is None:
            raise OfficeIsAway
        try:
            told = await line.ask(msgspec.msgpack.encode(order), wait_s)
            answers: list[bytes | None] = msgspec.msgpack.decode(told, type=list[bytes | None])
        except (OfficeIsAway, msgspec.MsgspecError):
            if self._changing is None and line is self._line:
                _LOG.warning("the back office is away; it is started again when needed")
                self._change(self._end())
            raise OfficeIsAway from None
        return answers

    async def keep_open(self) -> None:
        """Until cancelled; it is closed then."""
        try:
            await asyncio.Event().wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """End it, for good."""
        if self._changing is not None:
            self._changing.cancel()
            if self._process is not None and self._line is None:
                self._process.kill()  # it has not begun, or is away
            with suppress(asyncio.CancelledError):
                await self._changing
        await self._end()
        self._not_before = float("inf")

    async def _start(self) -> None:
        await self._end()
        ours, theirs = socket.socketpair()
        line = _Line()
        try:
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", PROCESS, str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # out of the terminal's Ctrl-C: its line ends it
                )
            await asyncio.get_running_loop().create_unix_connection(lambda: line, sock=ours)
            await line.ask(msgspec.msgpack.encode(self._settings, enc_hook=str), _READY_S_MAX)
            self._line = line
        except (OSError, OfficeIsAway):
            _LOG.warning("the back office did not start; the platform goes on without it")
            line.close()
            await self._end()
        except asyncio.CancelledError:
            line.close()
            raise

    async def _end(self) -> None:
        """Close the line and wait for the process: it ends a batch it has begun."""
        line, self._line = self._line, None
        self._not_before = time.monotonic() + _AGAIN_AFTER_S
        if line is not None:
            line.close()
        if self._process is not None:
            await asyncio.to_thread(_wait_for, self._process)
            self._process = None

    def _change(self, change: Coroutine[Any, Any, None]) -> None:
        self._changing = asyncio.get_running_loop().create_task(change)
        self._changing.add_done_callback(self._has_changed)

    def _has_changed(self, _change: asyncio.Task[None]) -> None:
        self._changing = None


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_END_S_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
