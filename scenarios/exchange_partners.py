"""Who stands on the exchange beside the platform under test: other regions, departments and banks.

The system of a department or bank signs with a key of its own, its envelopes and its signing in
alike; both are written after docs/interfaces.md, apart from the platform's.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

import msgspec

from scenarios.service_desk import ServiceDesk
from virtual_cards.keys import sm2

DEPARTMENT_SUBJECTS = ("holder-query", "death", "holder-record")


def link_regions(desks: Sequence[ServiceDesk]) -> None:
    """Enrol every platform with every other, with all that regions send one another."""
    for desk in desks:
        for other in desks:
            if other is not desk:
                enrol_region(desk, other, other.access.url)


def enrol_region(desk: ServiceDesk, other: ServiceDesk, url: str) -> None:
    """Enrol one platform with another, to be reached at that address."""
    identity = other.ask("GET", "/v1/exchange/identity", "")
    body = {
        "participant_id": identity["participant_id"],
        "kind": "region",
        "name_zh": identity["name_zh"],
        "public_key": identity["public_key"],
        "subjects": identity["subjects"]["region"],
        "url": url,
    }
    desk.post("operator", "/v1/exchange/participants", body)


class DepartmentSystem:
    """The information system of one department or bank."""

    def __init__(self, desk: ServiceDesk, participant_id: str, name_zh: str) -> None:
        """Of the platform behind this desk; not yet enrolled."""
        self._desk = desk
        self._public, self._private = sm2.generate()
        self._sent = 0
        self._platform = desk.ask("GET", "/v1/exchange/identity", "")
        self.public_key = self._public.hex()
        self.participant_id = participant_id
        self.name_zh = name_zh

    def enrol(
        self, subjects: Sequence[str] = DEPARTMENT_SUBJECTS, kind: str = "department"
    ) -> None:
        """Have the platform's operator enrol it for these subjects, a bank as `bank`."""
        body = {
            "participant_id": self.participant_id,
            "kind": kind,
            "name_zh": self.name_zh,
            "public_key": self.public_key,
            "subjects": list(subjects),
        }
        self._desk.post("operator", "/v1/exchange/participants", body)

    def ask(self, subject: str, purpose: str, body: dict[str, Any], **content: Any) -> Any:
        """Ask; the answer `{result, answer, problem}`, once signature and request fit."""
        envelope = self.seal(self.content("query", subject, purpose, body) | content)
        return self._open([envelope], self._desk.ask("POST", "/v1/exchange/queries", "", envelope))

    def tell(self, subject: str, purpose: str, body: dict[str, Any]) -> Any:
        """Send the next message; what became of it."""
        content = self.content("message", subject, purpose, body)
        content["sequence"] = self._sent + 1
        letters = [self.seal(content)]
        batch = {"messages": letters}
        answers = self._open(letters, self._desk.ask("POST", "/v1/exchange/messages", "", batch))
        self._sent = answers["accepted_through"]
        return answers["answers"][0]

    def sign_in(self) -> str:
        """Sign in by its key; the token. Raises `ValueError` where the platform proves nothing."""
        own, platform = self.participant_id, self._platform["participant_id"]
        nonce = secrets.token_hex(32).upper()
        asked = {"system": {"participant_id": own, "nonce": nonce}}
        challenge = self._desk.ask("POST", "/v1/session-challenges", "", asked)
        theirs = challenge["system"]
        self._require_signed(
            _lines("platform", platform, own, theirs["nonce"], nonce), theirs["signature"]
        )
        signed = _lines("system", own, platform, nonce, theirs["nonce"])
        proof = {
            "challenge_id": challenge["challenge_id"],
            "participant_id": own,
            "signature": sm2.sign(self._private, self._public, signed).hex(),
        }
        granted = self._desk.ask("POST", "/v1/sessions", "", {"system": proof})
        return str(granted["token"])

    def content(
        self, kind: str, subject: str, purpose: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        """What is to be signed."""
        return {
            "id": secrets.token_hex(16),
            "kind": kind,
            "sender": self.participant_id,
            "recipient": self._platform["participant_id"],
            "subject": subject,
            "purpose": purpose,
            "sequence": 0,
            "sent_at": self._desk.get("clerk", "/v1/clock")["now"],
            "body": body,
        }

    def seal(self, content: dict[str, Any]) -> dict[str, str]:
        """The content as text, and its signature."""
        text = msgspec.json.encode(content)
        signature = sm2.sign(self._private, self._public, text)
        return {"content": text.decode(), "signature": signature.hex()}

    def _open(self, request: Sequence[dict[str, str]], envelope: dict[str, str]) -> Any:
        text = envelope["content"].encode()
        self._require_signed(text, envelope["signature"])
        content = msgspec.json.decode(text)
        asked = "".join(each["content"] for each in request)
        if content["answer_to"] != hashlib.sha256(asked.encode()).hexdigest():
            raise ValueError("the platform answers another request")
        return content["body"]

    def _require_signed(self, text: bytes, signature: str) -> None:
        key = bytes.fromhex(self._platform["public_key"])
        if not sm2.verify(key, text, bytes.fromhex(signature)):
            raise ValueError("the platform's signature is wrong")


def _lines(*told: str) -> bytes:
    """What is signed at signing in (docs/interfaces.md, section 4b)."""
    return "\n".join(("onecard-sign-in/1", *told)).encode()
