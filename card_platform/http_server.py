"""Speaks HTTP/1.1 for an ASGI app: uvicorn's protocol on llhttp, in the platform's event loop.

uvicorn's own runner is not used: signals, workers and the end belong to the platform
(`server`, `workers`). What its protocol leaves open is closed here: a head without end, and a
connection that stays silent before or in the middle of one.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

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
        silent_s_max: how long a connection may say nothing between two requests, or before the
            head of one is whole.
    """

    def __init__(
        self, app: ASGIApp, listening: socket.socket, silent_s_max: int = SILENT_S_MAX
    ) -> None:
        self._socket = listening
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
        return _Connection(self._config, self._state, {})

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


class _Connection(HttpToolsProtocol):
    """One connection."""

    def __init__(self, config: Config, state: ServerState, app_state: dict[str, Any]) -> None:
        super().__init__(config, state, app_state)
        self._is_in_head = False
        self._head_bytes = 0

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

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._head_bytes = True, 0

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        super().on_headers_complete()

    def _expect_more(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )
