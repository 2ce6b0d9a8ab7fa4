"""A small card platform over real HTTP: answers as docs/interfaces.md says, checks codes, order and
balances.

It is the other side of the load test until the platform itself is there, and stays because it can
stall when told. Its codes are written apart from `loadtests.tap_maker`, after the same page.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

TOKENS = {"operator": "operator-token", "clerk": "clerk-token", "production": "production-token"}
ISSUER = "50000001FFFFFFFF"
STATIONS = ("0201", "0205", "0207")
FARE_FEN = 300


class Refused(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass
class Card:
    card_id: str
    card_number: str
    name: str
    serial: str
    dlk: bytes
    dtk: bytes
    state: str = "applied"
    balance_fen: int = 0
    inside_at: str | None = None
    offline_sequence: int = -1
    pending_fen: int = 0
    asked: dict[str, Any] = field(default_factory=dict)


class World:
    """All state of the small platform; one lock, as rough as a test may be."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.cards: dict[str, Card] = {}
        self.by_serial: dict[str, Card] = {}
        self.by_number: dict[str, Card] = {}
        self.terminals: dict[str, dict[str, Any]] = {}
        self.taps: set[tuple[str, int]] = set()
        self.keys: set[str] = set()
        self.documents: set[str] = set()
        self.accepted = 0
        self.checks = 0
        self.refuse_every = 0
        self.gone = False
        self.overcharge_fen = 0
        self.stall_at: float | None = None
        self.stall_s = 1.0
        self.first_tap_at: float | None = None

    def answer(self, method: str, path: str, token: str, key: str, body: Any) -> tuple[int, Any]:
        if path == "/health":
            return 200, {"status": "ok", "region": "500000"}
        if path == "/v1/guide":
            return 200, {"region": "500000", "entitlements": ["household-registration"]}
        if method == "POST":
            if not key or key in self.keys:
                raise Refused(409, "client-id-reused")
            self.keys.add(key)
        parts = path.strip("/").split("/")
        if parts[:2] == ["v1", "cards"]:
            return 200, self.card_step(self.cards[parts[2]], parts[3], body)
        if parts[:3] == ["v1", "transit", "loads"] and len(parts) == 5:
            return 200, self.confirm(self.by_serial[parts[3]], self.terminals[token], body)
        step = getattr(self, "post_" + "_".join(parts[1:]).replace("-", "_"))
        return step(token, body)  # type: ignore[no-any-return]

    def post_terminals(self, token: str, body: Any) -> tuple[int, Any]:
        expect(token == TOKENS["operator"], 403, "forbidden")
        expect(set(body) == {"kind", "operator", "station", "site"}, 400, "request-malformed")
        number, own = f"50000000{len(self.terminals):04d}", secrets.token_hex(8)
        self.terminals[own] = {**body, "number": number}
        return 201, {"terminal_number": number, "token": own, "psam_image": {}}

    def post_transit_terminal_parameters(self, token: str, _body: Any) -> tuple[int, Any]:
        expect(token in self.terminals, 401, "unauthorised")
        fares = [
            {"from": a, "to": b, "fare_fen": FARE_FEN if a != b else 200}
            for a in STATIONS
            for b in STATIONS
        ]
        stations = [{"code": code, "name_zh": "站", "name_en": "Station"} for code in STATIONS]
        return 200, {"stations": stations, "fares": fares}

    def post_applications(self, token: str, body: Any) -> tuple[int, Any]:
        expect(token == TOKENS["clerk"], 403, "forbidden")
        number = body["document"]["number"]
        expect(number not in self.documents, 409, "person-already-holds-card")
        self.documents.add(number)
        place = len(self.cards)
        serial = f"0310500000{place:010d}"
        card = Card(
            f"card-{place}", f"A{place:08d}", body["form"]["name"], serial,
            secrets.token_bytes(16), secrets.token_bytes(16),
        )  # fmt: skip
        self.cards[card.card_id] = self.by_serial[serial] = card
        self.by_number[card.card_number] = card
        return 201, {"card_id": card.card_id, "card_number": card.card_number}

    def card_step(self, card: Card, step: str, body: Any) -> Any:
        steps = {
            "personalisation": ("applied", "in_production"),
            "production-report": ("in_production", "ready"),
            "activation": ("ready", "active"),
        }
        expect(card.state == steps[step][0], 409, "wrong-state")
        card.state = steps[step][1]
        if step == "production-report":
            expect(body["historical_bytes"] == "00814A4446866050000000002A", 409, "differ")
        if step != "personalisation":
            return {"card_id": card.card_id, "state": card.state}
        return {
            "card_number": card.card_number,
            "historical_bytes": "00814A4446866050000000002A",
            "transit": {
                "files": {"15": f"{ISSUER}0201{card.serial}20260101203601010000"},
                "keys": {"DLK": card.dlk.hex(), "DTK": card.dtk.hex(), "DPK": "00" * 16},
                "balance_fen": 0,
            },
        }

    def post_transit_loads(self, token: str, body: Any) -> tuple[int, Any]:
        card, terminal = self.by_serial[body["application_serial"]], self.terminals[token]
        expect(card.state == "active", 409, "card-is-not-active")
        expect((body["key_version"], body["algorithm"]) == (1, 0), 400, "request-malformed")
        expect(body["balance_before_fen"] == card.balance_fen, 409, "balance-differs")
        session = des3(card.dlk, f"{body['random']}{body['online_sequence']:04X}8000")
        head = f"{body['balance_before_fen']:08X}{body['amount_fen']:08X}02{terminal['number']}"
        expect(des_mac(session, head) == body["mac1"], 422, "mac-wrong")
        card.asked = body
        answer = {"date": "20261121", "time": "080000", "mac2": "00000000"}
        return 201, {"load_id": card.serial, **answer}

    def confirm(self, card: Card, terminal: dict[str, Any], body: Any) -> Any:
        asked = card.asked
        over = f"{body['balance_after_fen']:08X}{asked['online_sequence']:04X}"
        over += f"{asked['amount_fen']:08X}02{terminal['number']}20261121080000"
        expect(des_mac(tac_key_of(card), over) == body["tac"], 422, "tac-wrong")
        card.balance_fen += asked["amount_fen"]
        expect(card.balance_fen == body["balance_after_fen"], 422, "balance-differs")
        return {"load_id": card.serial, "posting_id": "p"}

    def post_identity_checks(self, token: str, body: Any) -> tuple[int, Any]:
        expect(token in self.terminals, 401, "unauthorised")
        right = self.by_number[body["card_number"]].name == body["name"]
        expect(right, 422, "name-wrong")
        self.checks += 1
        return 200, {"check_id": "c", "result": "valid", "reason": None, "card_state": "active"}

    def post_transit_taps(self, token: str, body: Any) -> tuple[int, Any]:
        card, terminal = self.by_serial[body["application_serial"]], self.terminals[token]
        if self.first_tap_at is None:
            self.first_tap_at = time.monotonic()
        if self.stall_at is not None and time.monotonic() - self.first_tap_at >= self.stall_at:
            self.stall_at = None
            time.sleep(self.stall_s)  # the lock is held: everyone waits
        over = f"{body['amount_fen']:08X}09{terminal['number']}{body['terminal_sequence']:08X}"
        over += body["date"] + body["time"]
        expect(des_mac(tac_key_of(card), over) == body["tac"], 422, "tac-wrong")
        tap = (token, body["terminal_sequence"])
        expect(tap not in self.taps, 409, "tap-replayed")
        self.taps.add(tap)
        expect(body["station"] == terminal["station"], 422, "wrong-station")
        expect(body["offline_sequence"] == card.offline_sequence + 1, 409, "out-of-order")
        expect(body["entry_station"] == card.inside_at, 409, "not-where-it-was")
        expect((body["kind"] == "entry") == (card.inside_at is None), 409, "kind-wrong")
        expect(body["amount_fen"] == (FARE_FEN if card.inside_at else 0), 422, "fare-wrong")
        card.offline_sequence += 1
        card.balance_fen -= body["amount_fen"]
        expect(card.balance_fen == body["balance_after_fen"] >= 0, 422, "balance-differs")
        card.inside_at = body["station"] if card.inside_at is None else None
        self.accepted += 1
        if self.refuse_every and self.accepted % self.refuse_every == 0:
            raise Refused(409, "tap-replayed")
        charged_fen = body["amount_fen"] + self.overcharge_fen
        ride = {"charged_fen": charged_fen} if body["kind"] == "exit" else None
        return 201, {"tap_id": "t", "tac": "right", "ride": ride}


def expect(holds: bool, status: int, code: str) -> None:
    if not holds:
        raise Refused(status, code)


def tac_key_of(card: Card) -> bytes:
    left, right = (int.from_bytes(half, "big") for half in (card.dtk[:8], card.dtk[8:]))
    return (left ^ right).to_bytes(8, "big")


def des3(key: bytes, block: str) -> bytes:
    encryptor = Cipher(TripleDES(key + key[:8]), modes.ECB()).encryptor()  # noqa: S305
    return encryptor.update(bytes.fromhex(block))


def des_mac(key: bytes, message: str) -> str:
    """Block by block, not by a CBC mode: another hand than the one under test."""
    data = bytes.fromhex(message) + b"\x80"
    data += bytes(-len(data) % 8)
    value = bytes(8)
    for at in range(0, len(data), 8):
        block = bytes(a ^ b for a, b in zip(value, data[at : at + 8], strict=True))
        value = des3(key * 2, block.hex())
    return value[:4].hex().upper()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def serve(self) -> None:
        world = cast("SmallPlatform", self.server).world
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"null")
        if world.gone:
            self.close_connection = True
            return
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        key = self.headers.get("Idempotency-Key", "")
        try:
            with world.lock:
                status, answer = world.answer(self.command, self.path, token, key, body)
        except Refused as refused:
            status = refused.status
            answer = {"type": f"urn:onecard:problem:{refused.code}", "code": refused.code}
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    do_GET = do_POST = serve  # noqa: N815

    def log_message(self, *_: Any) -> None:
        return


class SmallPlatform(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.world = World()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
