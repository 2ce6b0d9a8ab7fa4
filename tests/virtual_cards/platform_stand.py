"""A tiny platform on a real HTTP port: just enough arithmetic for terminals to work.

Rules: it derives keys with the tests' own derivation; it keeps every request, so that a test can
look at it.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from gmssl_pyx import gmsslext

from tests.virtual_cards import people
from virtual_cards.keys import authentication_value, des_mac, load_session


@dataclass
class Stand:
    url: str = ""
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    problem: dict[str, Any] | None = None
    """When set, every POST is refused with it."""
    false_internal: bool = False
    mac2: str | None = None
    """When set, it stands in place of the right MAC2 of a load."""
    public_key: bytes = b""
    """Of the terminal whose journal is taken."""
    records: list[dict[str, Any]] = field(default_factory=list)
    """What came by the journal."""
    refused_kinds: set[str] = field(default_factory=set)
    """Records of these kinds are refused, one by one."""

    def taken(self, path: str) -> list[Any]:
        """The bodies that came for a route, directly or by the journal."""
        direct = [body for asked, _, body in self.requests if asked == path]
        kinds = {kind for kind, route in PATHS.items() if route == path}
        return direct + [json.loads(r["body"]) for r in self.records if r["kind"] in kinds]

    def answer(self, path: str, body: Any) -> Any:
        if path == "/v1/card-authentications":
            return self._authenticate(body)
        if path == "/v1/transit/loads":
            answer = _load(body)
            return answer if self.mac2 is None else answer | {"mac2": self.mac2}
        if path == "/v1/terminal-journal":
            return self._take_journal(body["records"])
        if path.endswith("/confirmation"):
            return {"load_id": path.split("/")[-2], "posting_id": "posting-1"}
        return {
            "/v1/identity-checks": {"check_id": "check-1", "result": "valid", "reason": None},
            "/v1/transit/taps": {"tap_id": "tap-1", "tac": "right", "ride": None},
            "/v1/transit/refusals": {"refusal_id": "refusal-1"},
            "/v1/transit/purchases": {"purchase_id": "purchase-1", "posting_id": "posting-1"},
            "/v1/medical/payments": {"payment_id": "payment-1", "posting_id": "posting-1"},
        }[path]

    def _take_journal(self, records: list[dict[str, Any]]) -> Any:
        """Checks the chain and every signature as docs/interfaces.md, section 4 tells."""
        answers = []
        for record in records:
            sequence = record["sequence"]
            if sequence > len(self.records):
                assert sequence == len(self.records) + 1, "a gap"
                last = self.records[-1] if self.records else None
                expected = "0" * 64 if last is None else hashlib.sha256(_signed(last)).hexdigest()
                assert record["previous"] == expected
                signature = _der(bytes.fromhex(record["signature"]))
                assert gmsslext.sm2_verify(self.public_key, _signed(record), signature)
                self.records.append(record)
            answers.append(self._answer_record(record))
        return {"answers": answers, "accepted_through": len(self.records)}

    def _answer_record(self, record: dict[str, Any]) -> dict[str, Any]:
        answer = {"sequence": record["sequence"]}
        if record["kind"] in self.refused_kinds:
            problem = {
                "code": "tac-wrong",
                "detail_zh": "TAC 错误",
                "detail_en": "the TAC is wrong",
            }
            return answer | {"result": "refused", "answer": None, "problem": problem}
        taken = self.answer(PATHS[record["kind"]], json.loads(record["body"]))
        return answer | {"result": "taken", "answer": taken, "problem": None}

    def _authenticate(self, body: Any) -> dict[str, str]:
        def value(key: str, pair: dict[str, str]) -> str:
            process, original = bytes.fromhex(pair["process"]), bytes.fromhex(pair["original"])
            card_key = people.social_security_key(key)
            return authentication_value(card_key, process, original).hex().upper()

        internal = value("IRK", body["internal"])
        return {
            "internal_auth": "00" * 8 if self.false_internal else internal,
            "external_auth": value("RKSSSE", body["external"]),
            "external_original": body["external"]["original"],
        }


PATHS = {
    "tap": "/v1/transit/taps",
    "purchase": "/v1/transit/purchases",
    "refusal": "/v1/transit/refusals",
    "medical-payment": "/v1/medical/payments",
}


def _signed(record: dict[str, Any]) -> bytes:
    names = ("sequence", "kind", "key", "at", "previous", "body")
    lines = ["onecard-journal/1", people.TERMINAL.hex().upper()]
    return "\n".join(lines + [str(record[name]) for name in names]).encode()


def _der(signature: bytes) -> bytes:
    def integer(number: bytes) -> bytes:
        value = number.lstrip(b"\0")
        value = b"\0" + value if value[0] > 0x7F else value
        return bytes((0x02, len(value))) + value

    body = integer(signature[:32]) + integer(signature[32:])
    return bytes((0x30, len(body))) + body


def _load(body: Any) -> dict[str, str]:
    random, sequence = bytes.fromhex(body["random"]), body["online_sequence"].to_bytes(2, "big")
    session = load_session(people.transit_key("GMLK"), random, sequence)
    signed = body["amount_fen"].to_bytes(4, "big") + b"\x02" + people.TERMINAL
    mac1 = des_mac(session, body["balance_before_fen"].to_bytes(4, "big") + signed)
    assert mac1.hex().upper() == body["mac1"]
    moment = bytes.fromhex("20260504093000")
    mac2 = des_mac(session, signed + moment).hex().upper()
    return {"load_id": "load-1", "date": "20260504", "time": "093000", "mac2": mac2}


@contextmanager
def running() -> Iterator[Stand]:
    stand = Stand()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            stand.requests.append((self.path, dict(self.headers), body))
            if stand.problem is not None:
                self._send(stand.problem["status"], stand.problem)
            else:
                self._send(201, stand.answer(self.path, body))

        def do_GET(self) -> None:
            self._send(200, {"issued_at": 3})

        def _send(self, status: int, body: Any) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in the library
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    stand.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield stand
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
