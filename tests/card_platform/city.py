"""The people and machines of the tests: applications, terminals and cards through the HTTP API."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from card_platform.vocabulary.resident_id import check_character
from tests.card_platform.chip import Chip

_keys = count(1)


def resident(sequence: int) -> str:
    """A made-up resident identity number of a man born 1990-01-01; `sequence` below 500."""
    seventeen = f"50010119900101{2 * sequence + 1:03d}"
    return seventeen + check_character(seventeen)


def application(sequence: int = 1, **changed: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "region": "500000",
        "site": "渝中区服务网点",
        "entitlement": "household-registration",
        "form": {
            "name": "测试甲",
            "sex": "1",
            "ethnicity": "01",
            "birth_date": "1990-01-01",
            "birth_place": "500101",
            "phone": "02312333",
            "address": "重庆市渝中区测试路1号",
        },
        "document": document(sequence),
    }
    return whole | changed


def document(sequence: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "resident-id",
        "number": resident(sequence),
        "valid_until": "2099-12-31",
    } | changed


@dataclass
class Terminal:
    number: str
    token: str


@dataclass
class City:
    """Callers of one platform."""

    client: httpx.Client
    tokens: dict[str, str]

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        caller: str = "operator",
        key: str | None = None,
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens.get(caller, caller)}"}
        if method == "POST":
            headers["Idempotency-Key"] = key or f"test-{next(_keys)}"
            return self.client.request(method, path, json=body, headers=headers)
        return self.client.request(method, path, headers=headers)

    def post(self, path: str, body: Any, caller: str, key: str | None = None) -> Any:
        return self.call("POST", path, body, caller, key)

    def get(self, path: str, caller: str = "operator") -> Any:
        return self.call("GET", path, caller=caller)

    def apply(self, sequence: int = 1) -> dict[str, Any]:
        answer = self.post("/v1/applications", application(sequence), "clerk")
        assert answer.status_code == 201, answer.text
        granted: dict[str, Any] = answer.json()
        return granted

    def produce(self, card_id: str) -> Chip:
        image = self.post(f"/v1/cards/{card_id}/personalisation", {}, "production").json()
        report = {"historical_bytes": image["historical_bytes"]}
        answer = self.post(f"/v1/cards/{card_id}/production-report", report, "production")
        assert answer.json()["state"] == "ready", answer.text
        return Chip(image)

    def active_card(self, sequence: int = 1) -> tuple[str, Chip]:
        card_id = self.apply(sequence)["card_id"]
        chip = self.produce(card_id)
        answer = self.post(
            f"/v1/cards/{card_id}/activation", {"document": document(sequence)}, "clerk"
        )
        assert answer.json()["state"] == "active", answer.text
        return card_id, chip

    def enrol(
        self, kind: str = "metro_gate", station: str | None = "0201", **more: str
    ) -> Terminal:
        body = {"kind": kind, "operator": "metro", "station": station, "site": "较场口"} | more
        answer = self.post("/v1/terminals", body, "operator")
        assert answer.status_code == 201, answer.text
        return Terminal(answer.json()["terminal_number"], answer.json()["token"])

    def balances(self) -> dict[str, int]:
        accounts = self.get("/v1/ledger/accounts").json()["accounts"]
        return {each["name"]: each["balance_fen"] for each in accounts}

    def load(self, chip: Chip, counter: Terminal, amount_fen: int) -> dict[str, Any]:
        asked = chip.ask_load(amount_fen, counter.number)
        permit = self.post("/v1/transit/loads", asked, counter.token)
        assert permit.status_code == 201, permit.text
        told = permit.json()
        receipt = chip.confirm_load(amount_fen, counter.number, told["date"], told["time"])
        answer = self.post(
            f"/v1/transit/loads/{told['load_id']}/confirmation", receipt, counter.token
        )
        assert answer.status_code == 200, answer.text
        confirmed: dict[str, Any] = answer.json()
        return confirmed
