"""Somebody on the line between two platforms: a real HTTP server that passes on, holds back, and
plays an old answer again.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import httpx

AWAY = 503


class Does(Enum):
    """What the one in between does with a request."""

    PASSES_ON = "passes on"
    LOSES_ANSWERS = "passes on, and loses the answer"
    IS_AWAY = "is away"
    REPLAYS = "plays the first answer again"


class InBetween:
    """Stands before the platform at `url`; a context manager.

    Attributes:
        does: what it does from now on.
        asked: the bodies that came while it did that, by path.
    """

    def __init__(self, url: str) -> None:
        self._there = url
        self._kept: dict[str, bytes] = {}
        self._changed = threading.Condition()
        self.does = Does.PASSES_ON
        self.asked: list[tuple[str, dict[str, Any]]] = []
        between = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = between.take(self.path, body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def begin(self, does: Does) -> None:
        """Do that from now on."""
        with self._changed:
            self.does, self.asked = does, []

    def take(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and answer to what came."""
        with self._changed:
            does = self.does
        status, answer = AWAY, b"{}"
        if does is Does.REPLAYS:
            status, answer = 200, self._kept[path]
        elif does is not Does.IS_AWAY:
            headers = {"content-type": "application/json"}
            told = httpx.post(self._there + path, content=body, headers=headers, timeout=20)
            if told.is_success:
                self._kept.setdefault(path, told.content)
            if does is Does.PASSES_ON:
                status, answer = told.status_code, told.content
        with self._changed:
            if does is self.does:
                self.asked.append((path, json.loads(body)))
                self._changed.notify_all()
        return status, answer

    def wait_for(self, fits: Callable[[str, dict[str, Any]], bool], count: int = 1) -> None:
        """Until so many requests like that came."""
        with self._changed:
            came = self._changed.wait_for(
                lambda: sum(fits(*each) for each in self.asked) >= count, timeout=90
            )
            if not came:
                raise AssertionError(f"{self.does.value}: {self.asked}")
