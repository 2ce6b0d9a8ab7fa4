"""What the HTTP side does with those who do not speak HTTP as they should, and at its end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from card_platform.http_server import HEAD_BYTES_MAX, SILENT_S_MAX, HttpServer
from card_platform.web.express import Door, Headers, Reply
from card_platform.web.request_body import BODY_MAX_BYTES

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
    app: _Echo, doors: Mapping[str, Door] | None = None, silent_s_max: int = SILENT_S_MAX
) -> AsyncIterator[tuple[HttpServer, asyncio.StreamReader, asyncio.StreamWriter]]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = HttpServer(app, listening, doors, silent_s_max)
        await server.open()
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        try:
            yield server, reader, writer
        finally:
            writer.close()
            await server.close(5)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100 "):
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


class _Desk:
    """A door that answers once it may, and takes only what is asked in lower case."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.replies: list[Reply] = []
        self.waits = False

    def take(self, _headers: Headers, body: bytes, reply: Reply) -> bool:
        if body != body.lower():
            return False
        self.taken.append(body)
        self.replies.append(reply)
        if not self.waits:
            asyncio.get_running_loop().call_soon(self.answer_first)
        return True

    def answer_first(self) -> None:
        self.replies.pop(0)(201, b"text/plain", b"taken " + self.taken[-1])


def _post(body: bytes, version: bytes = b"1.1", headers: bytes = b"") -> bytes:
    return b"POST /door HTTP/%b\r\nHost: here\r\n%bContent-Length: %d\r\n\r\n%b" % (
        version,
        headers,
        len(body),
        body,
    )


def test_a_plain_request_goes_to_its_door_and_what_is_not_plain_to_the_app() -> None:
    async def talk() -> list[bytes]:
        desk = _Desk()
        async with _connected(_Echo(), {"/door": desk.take}) as (_, reader, writer):
            told = []
            for said in (
                _post(b"plain"),
                _post(b"Refused"),
                _post(b"asks first", headers=b"Expect: 100-continue\r\n"),
                _post(b"x" * (BODY_MAX_BYTES + 1)),
                _post(b"again"),
                _post(b"old", version=b"1.0", headers=b"Connection: keep-alive\r\n"),
            ):
                writer.write(said)
                told.append((await _answer(reader))[:48])
            assert desk.taken == [b"plain", b"again"]
            return told

    plain, refused, first, large, again, old = asyncio.run(talk())
    assert plain == b"HTTP/1.1 201 Created | taken plain"
    assert refused == b"HTTP/1.1 200 OK | /door Refused"
    assert first == b"HTTP/1.1 200 OK | /door asks first"
    assert large.startswith(b"HTTP/1.1 200 OK | /door xxx")
    assert again == b"HTTP/1.1 201 Created | taken again"
    assert old.endswith(b"| /door old")


def test_requests_before_the_answer_to_a_plain_one_are_answered_after_it_in_order() -> None:
    async def talk() -> list[bytes]:
        desk = _Desk()
        desk.waits = True
        async with _connected(_Echo(), {"/door": desk.take}) as (_, reader, writer):
            writer.write(_post(b"first") + _HEAD + b"next" + _post(b"last"))
            while not desk.replies:
                await asyncio.sleep(0.001)
            desk.answer_first()
            return [await _answer(reader) for _ in range(3)]

    first, following, last = asyncio.run(talk())
    assert first == b"HTTP/1.1 201 Created | taken first"
    assert following == b"HTTP/1.1 200 OK | /where next"
    assert last == b"HTTP/1.1 200 OK | /door last"


def test_a_plain_request_is_answered_at_the_end_and_forgotten_where_its_caller_hung_up() -> None:
    async def talk() -> bytes:
        desk = _Desk()
        desk.waits = True
        async with _connected(_Echo(), {"/door": desk.take}) as (server, reader, writer):
            _, leaver = await asyncio.open_connection(*writer.get_extra_info("peername"))
            leaver.write(_post(b"gone"))
            writer.write(_post(b"stays"))
            while len(desk.replies) < 2:
                await asyncio.sleep(0.001)
            leaver.close()
            await asyncio.sleep(0.01)
            closing = asyncio.create_task(server.close(20))
            await asyncio.sleep(0.05)
            desk.answer_first()
            desk.answer_first()
            told = await reader.read()
            await asyncio.wait_for(closing, 20)
            return told

    told = asyncio.run(talk())
    assert told.startswith(b"HTTP/1.1 201 Created\r\n")
    assert b"connection: close\r\n" in told
    assert told.endswith(b"taken stays")


def test_a_plain_request_whose_body_never_comes_is_closed() -> None:
    async def talk() -> bytes:
        doors = {"/door": _Desk().take}
        async with _connected(_Echo(), doors, silent_s_max=1) as (_, reader, writer):
            writer.write(_post(b"whole")[:-2])
            return await asyncio.wait_for(reader.read(), 20)

    assert asyncio.run(talk()) == b""
