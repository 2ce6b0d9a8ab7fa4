"""What the HTTP side does with those who do not speak HTTP as they should, and at its end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from card_platform.http_server import HEAD_BYTES_MAX, HttpServer

_HEAD = b"POST /where HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\n"


class _Echo:
    """Answers with the path and the body, once it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.came = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        self.came.set()
        await self.may_answer.wait()
        told = scope["path"].encode() + b" " + body
        headers = [(b"content-length", b"%d" % len(told))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told})


@asynccontextmanager
async def _connected(
    app: _Echo, **settings: int
) -> AsyncIterator[tuple[HttpServer, asyncio.StreamReader, asyncio.StreamWriter]]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = HttpServer(app, listening, **settings)
        await server.open()
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        try:
            yield server, reader, writer
        finally:
            writer.close()
            await server.close(5)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return head.split(b"\r\n")[0] + b" | " + await reader.readexactly(length)


def test_a_request_that_comes_in_pieces_is_answered_and_so_is_the_next_of_its_connection() -> None:
    async def talk() -> list[bytes]:
        async with _connected(_Echo()) as (_, reader, writer):
            for piece in (_HEAD[:9], _HEAD[9:40], _HEAD[40:], b"bo", b"dy"):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01)
            first = await _answer(reader)
            writer.write(_HEAD + b"next")
            return [first, await _answer(reader)]

    first, second = asyncio.run(talk())
    assert first.startswith(b"HTTP/1.1 200 OK | /where ")
    assert second == b"HTTP/1.1 200 OK | /where next"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"GET / HTTP/1.1\r\nX-Long: " + b"x" * HEAD_BYTES_MAX, b"HTTP/1.1 431 "),
        (b"\x16\x03\x01 this is not HTTP\r\n\r\n", b"HTTP/1.1 400 "),
    ],
    ids=["a head without end", "another protocol"],
)
def test_who_speaks_no_proper_http_is_told_so_and_hung_up_on(said: bytes, told: bytes) -> None:
    async def talk() -> bytes:
        async with _connected(_Echo()) as (_, reader, writer):
            writer.write(said)
            return await asyncio.wait_for(reader.read(), 20)

    assert asyncio.run(talk()).startswith(told)


@pytest.mark.parametrize("said", [b"", _HEAD[:20]], ids=["nothing", "half a head"])
def test_a_connection_that_falls_silent_is_closed(said: bytes) -> None:
    async def talk() -> bytes:
        async with _connected(_Echo(), silent_s_max=1) as (_, reader, writer):
            writer.write(said)
            return await asyncio.wait_for(reader.read(), 20)

    assert asyncio.run(talk()) == b""


def test_at_the_end_a_request_under_way_is_answered_and_nobody_else_comes_in() -> None:
    async def talk() -> bytes:
        app = _Echo()
        app.may_answer.clear()
        async with _connected(app) as (server, reader, writer):
            writer.write(_HEAD + b"last")
            await app.came.wait()
            closing = asyncio.create_task(server.close(20))
            await asyncio.sleep(0.05)
            with pytest.raises(OSError):
                await asyncio.open_connection(*writer.get_extra_info("peername"))
            app.may_answer.set()
            told = await _answer(reader)
            await asyncio.wait_for(closing, 20)
            return told

    assert asyncio.run(talk()) == b"HTTP/1.1 200 OK | /where last"


def test_at_the_end_a_request_that_takes_too_long_is_broken_off() -> None:
    async def talk() -> bytes:
        app = _Echo()
        app.may_answer.clear()
        async with _connected(app) as (server, reader, writer):
            writer.write(_HEAD + b"last")
            await app.came.wait()
            await server.close(0.1)
            return await asyncio.wait_for(reader.read(), 20)

    assert not asyncio.run(talk()).startswith(b"HTTP/1.1 200")
