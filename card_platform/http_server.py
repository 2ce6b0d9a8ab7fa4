"""Speaks HTTP/1.1 for an ASGI app: uvicorn's protocol on llhttp, in the platform's event loop.

uvicorn's own runner is not used: signals, workers and the end belong to the platform
(`server`, `workers`). What its protocol leaves open is closed here: a head without end, and a
connection that stays silent before or in the middle of one.

A plain POST at one of the `doors` goes there without ASGI: to be a task, a scope and messages costs
more than the rest of a request (decision 0001). What is not plain to the server (another version
of HTTP, a body that waits for `100 Continue` or is long, a request before the last one's answer) or
to the door goes on to the app, as it came.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from card_platform.web.express import Door
from card_platform.web.request_body import BODY_MAX_BYTES

ASGIApp = Any
"""As ASGI's specification has it; each framework has a type of its own for it."""

HEAD_BYTES_MAX: Final = 64 * 1024
"""Longest request line and headers."""
SILENT_S_MAX: Final = 120
_CONNECTIONS_WAITING_MAX: Final = 2048
_TOO_LONG: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)
_LOOK_S: Final = 0.01


class HttpServer:
    """Serves an app at a socket that is bound already.

    Args:
        app: what answers.
        listening: where; closed with the server.
        doors: what takes the plain POSTs of some paths.
        silent_s_max: how long a connection may say nothing between two requests, or before the
            head of one is whole.
    """

    def __init__(
        self,
        app: ASGIApp,
        listening: socket.socket,
        doors: Mapping[str, Door] | None = None,
        silent_s_max: int = SILENT_S_MAX,
    ) -> None:
        self._socket = listening
        self._doors = {path.encode("ascii"): door for path, door in (doors or {}).items()}
        self._state = ServerState()
        self._config = Config(
            app,
            http=_Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=silent_s_max,
        )
        self._config.load()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Take connections from now on. Raises OSError."""
        self._server = await asyncio.get_running_loop().create_server(
            self._connect, sock=self._socket, backlog=_CONNECTIONS_WAITING_MAX
        )

    def _connect(self) -> asyncio.Protocol:
        return _Connection(self._config, self._state, self._doors)

    async def close(self, wait_s: float) -> None:
        """Take no more; requests under way have so long to be answered, then are broken off."""
        if self._server is not None:
            self._server.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        deadline = asyncio.get_running_loop().time() + wait_s
        while self._is_busy() and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(_LOOK_S)
        for task in list(self._state.tasks):
            task.cancel()

    def _is_busy(self) -> bool:
        return bool(self._state.tasks or self._state.connections)


class _Plain:
    """A plain request under way, with what the protocol looks for in its own."""

    __slots__ = ("disconnected", "keep_alive", "message_event", "response_complete")

    def __init__(self) -> None:
        self.response_complete = False
        self.disconnected = False
        self.keep_alive = True
        self.message_event = _NOBODY


class _Nobody:
    """Waits for no message."""

    def set(self) -> None:
        """Nobody is told."""


_NOBODY: Final = _Nobody()


class _Connection(HttpToolsProtocol):
    """One connection."""

    def __init__(self, config: Config, state: ServerState, doors: Mapping[bytes, Door]) -> None:
        super().__init__(config, state, {})
        self._doors = doors
        self._is_in_head = False
        self._head_bytes = 0
        self._door: Door | None = None
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._expect_more()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_in_head and not self.transport.is_closing():  # it comes in pieces
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self.transport.write(_TOO_LONG)
                self.transport.close()
            else:
                self._expect_more()
        elif self._door is not None:
            self._expect_more()

    def on_message_begin(self) -> None:
        self.url, self.headers, self.expect_100_continue = b"", [], False
        self._is_in_head, self._head_bytes = True, 0

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        door = self._doors.get(self.url)
        if door is not None and self._is_plain():
            self._door, self._body = door, b""
        else:
            self._open_scope()

    def _open_scope(self) -> None:
        """What the app is told of a head: only it needs that."""
        url, headers, waits = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, waits
        self.headers += headers
        super().on_headers_complete()

    def _is_plain(self) -> bool:
        parser = self.parser
        return (
            parser.get_method() == b"POST"
            and (self.cycle is None or self.cycle.response_complete)
            and not self.expect_100_continue
            and not parser.should_upgrade()
            and parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
        )

    def on_body(self, body: bytes) -> None:
        if self._door is None:
            super().on_body(body)
            return
        self._body = self._body + body if self._body else body
        if len(self._body) > BODY_MAX_BYTES:
            self._hand_on()

    def on_message_complete(self) -> None:
        door = self._door
        if door is None:
            super().on_message_complete()
            return
        under_way = _Plain()
        before, self.cycle = self.cycle, under_way  # type: ignore[assignment]
        if door(self.headers, self._body, partial(self._reply, under_way)):
            self._door = None
        else:
            self.cycle = before
            self._hand_on()
            super().on_message_complete()

    def _hand_on(self) -> None:
        """To the app, as it would have come."""
        body, self._door, self._body = self._body, None, b""
        self._open_scope()
        if body:
            super().on_body(body)

    def _reply(self, request: _Plain, status: int, media_type: bytes, body: bytes) -> None:
        request.response_complete = True
        if request.disconnected or self.transport.is_closing():
            return
        end = b"" if request.keep_alive else b"connection: close\r\n"
        self.transport.write(
            b"%bcontent-type: %b\r\ncontent-length: %d\r\n%b\r\n%b"
            % (STATUS_LINE[status], media_type, len(body), end, body)
        )
        if not request.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _expect_more(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )
