"""A receiver of webhooks: a real HTTP server on loopback that can be killed and started again."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What came, in order; `answers` is the status it gives."""

    secret: str = ""
    answers: int = 204
    port: int = 0
    came: list[dict[str, Any]] = field(default_factory=list)
    forged: int = 0
    _server: ThreadingHTTPServer | None = None
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/outcomes"

    def start(self) -> Receiver:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(receiver.take(dict(self.headers), body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        ThreadingHTTPServer.allow_reuse_address = True
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def kill(self) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()
        self._server = None

    def take(self, headers: dict[str, str], body: bytes) -> int:
        told = {name.lower(): value for name, value in headers.items()}
        signed = told["onecard-timestamp"].encode() + b"." + body
        right = "v1=" + hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        with self._changed:
            if told["onecard-signature"] != right:
                self.forged += 1
            delivery = json.loads(body)
            assert delivery["delivery_id"] == told["onecard-delivery"]
            if self.answers < 300:
                self.came.append(delivery)
            self._changed.notify_all()
        return self.answers

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """What came, once there are so many different ones."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.distinct()) >= count, timeout=90)
            assert arrived, f"{len(self.distinct())} of {count} came"
            return self.distinct()

    def distinct(self) -> list[dict[str, Any]]:
        """Without what came twice."""
        return list({each["delivery_id"]: each for each in self.came}.values())
