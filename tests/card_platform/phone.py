"""A holder's phone as the tests have it, written from docs/interfaces.md, section 7."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any

from gmssl_pyx import sm2_key_generate, sm2_sign

from tests.card_platform.city import City, document


@dataclass
class Phone:
    """A key pair and what the platform gave it."""

    city: City
    keys: tuple[bytes, bytes] = field(default_factory=sm2_key_generate)
    signing_id: str = ""

    @property
    def public_key(self) -> str:
        return bytes(self.keys[0]).hex().upper()

    def sign(self, *lines: str) -> str:
        public, private = self.keys
        der = bytes(sm2_sign(private, public, "\n".join(lines).encode()))
        r_end = 4 + der[3]
        halves = (der[4:r_end], der[r_end + 2 :])
        return "".join(each.lstrip(b"\0").rjust(32, b"\0").hex().upper() for each in halves)

    def enrolment(self, card_number: str, level: str, sequence: int = 1) -> dict[str, Any]:
        return {
            "document": document(sequence),
            "level": level,
            "public_key": self.public_key,
            "proof": self.sign("onecard-signing/1", card_number, level, self.public_key),
            "device": "甲的手机",
        }

    def enrol(self, card_id: str, level: str = "real-person", sequence: int = 1) -> Any:
        number = self.city.get(f"/v1/cards/{card_id}").json()["card_number"]
        body = self.enrolment(number, level, sequence)
        answer = self.city.post(f"/v1/cards/{card_id}/signings", body, "clerk")
        if answer.status_code == 201:
            self.signing_id = answer.json()["signing_id"]
        return answer

    def request(
        self, purpose: str = "identity", kind: str = "electronic-card", **changed: str
    ) -> dict[str, str]:
        asked = {
            "signing_id": self.signing_id,
            "kind": kind,
            "purpose": purpose,
            "at": self.city.get("/v1/clock").json()["now"],
            "nonce": secrets.token_hex(16),
        } | changed
        return asked | {"signature": self.sign("onecard-code-request/1", *asked.values())}

    def ask(self, body: dict[str, str]) -> Any:
        """Without a token: the signature is all a phone has."""
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        return self.city.client.post("/v1/electronic-codes", json=body, headers=headers)

    def code(self, purpose: str = "identity", kind: str = "electronic-card") -> str:
        answer = self.ask(self.request(purpose, kind))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["code"])


def bytes_of(code: str) -> bytes:
    letters = code.removeprefix("OC1:")
    return base64.b32decode(letters + "=" * (-len(letters) % 8))


def text_of(whole: bytes) -> str:
    return "OC1:" + base64.b32encode(whole).decode().rstrip("=")
