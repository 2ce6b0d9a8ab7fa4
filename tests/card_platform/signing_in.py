"""People, cards and systems that sign in, as docs/interfaces.md has it, apart from the platform."""

from __future__ import annotations

import secrets
from typing import Any

from tests.card_platform.chip import Chip
from tests.card_platform.city import City, document
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.keys import sm2
from virtual_cards.personalisation import load_card
from virtual_cards.readers import InProcessReader
from virtual_cards.terminals import CardDialogue
from virtual_cards.terminals.pin import pin_octets

SSSE = bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF")


def ask(city: City, path: str, body: Any) -> Any:
    """Ask without a token and without an Idempotency-Key."""
    return city.client.request("POST", path, json=body)


def open_account(city: City, name: str = "wang.fang", role: str = "clerk", **more: Any) -> Any:
    """The answer with the account and its first password."""
    body = {"name": name, "role": role, "site": "渝中区服务网点"} | more
    answer = city.post("/v1/accounts", body, "operator")
    assert answer.status_code == 201, answer.text
    return answer.json()


def try_password(city: City, name: str, password: str) -> Any:
    return ask(city, "/v1/sessions", {"password": {"name": name, "password": password}})


def sign_in(city: City, name: str, password: str) -> dict[str, Any]:
    return _granted(try_password(city, name, password))


def card_proof(city: City, chip: Chip) -> dict[str, Any]:
    """A challenge, answered by the emulated card after its holder's PIN."""
    challenge = ask(city, "/v1/session-challenges", {}).json()
    reader = InProcessReader()
    reader.insert(load_card(chip.image).card)
    dialogue = CardDialogue(reader)
    dialogue.connect()
    dialogue.select_name(SSSE)
    dialogue.ask(CommandApdu(0x00, 0x20, 0x00, 0x00, pin_octets(chip.image["pin"])))
    asked = bytes.fromhex(challenge["process"] + challenge["original"])
    return {
        "challenge_id": challenge["challenge_id"],
        "historical_bytes": chip.image["historical_bytes"],
        "internal_auth": dialogue.ask(CommandApdu(0x00, 0x88, 0x00, 0x00, asked, 8)).hex(),
    }


def try_card(city: City, chip: Chip, **more: Any) -> Any:
    return ask(city, "/v1/sessions", {"card": card_proof(city, chip) | more})


def sign_in_by_card(city: City, chip: Chip, **more: Any) -> dict[str, Any]:
    return _granted(try_card(city, chip, **more))


def mandate(sequence: int, **changed: Any) -> dict[str, Any]:
    return {
        "document": document(sequence),
        "mandate_number": "WT-2026-1",
        "valid_until": "2099-12-31",
    } | changed


def name_agent(city: City, card_id: str, agent: int, caller: str = "holder") -> dict[str, Any]:
    answer = city.post(f"/v1/cards/{card_id}/agents", {"agent": mandate(agent)}, caller)
    assert answer.status_code == 201, answer.text
    named: dict[str, Any] = answer.json()
    return named


class System:
    """A participant of the exchange that signs in by its key."""

    def __init__(
        self, city: City, participant_id: str, kind: str, name_zh: str = "测试系统"
    ) -> None:
        self._city = city
        self._kind, self._name_zh = kind, name_zh
        self.participant_id = participant_id
        self.platform = city.client.get("/v1/exchange/identity").json()
        self.enrol()

    def enrol(self) -> None:
        """Have it enrolled, with a new key."""
        self._public, self._private = sm2.generate()
        body = {
            "participant_id": self.participant_id,
            "kind": self._kind,
            "name_zh": self._name_zh,
            "public_key": self._public.hex(),
            "subjects": [],
        }
        answer = self._city.post("/v1/exchange/participants", body, "operator")
        assert answer.status_code == 201, answer.text

    def proof(self) -> dict[str, Any]:
        """The platform's proof checked, and this system's own."""
        nonce = secrets.token_hex(32).upper()
        asked = {"system": {"participant_id": self.participant_id, "nonce": nonce}}
        answer = ask(self._city, "/v1/session-challenges", asked)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        proof, own = told["system"], self.platform["participant_id"]
        text = ("onecard-sign-in/1", "platform", own, self.participant_id, proof["nonce"], nonce)
        key = bytes.fromhex(self.platform["public_key"])
        assert sm2.verify(key, "\n".join(text).encode(), bytes.fromhex(proof["signature"]))
        text = ("onecard-sign-in/1", "system", self.participant_id, own, nonce, proof["nonce"])
        signature = sm2.sign(self._private, self._public, "\n".join(text).encode())
        return {
            "challenge_id": told["challenge_id"],
            "participant_id": self.participant_id,
            "signature": signature.hex(),
        }

    def sign_in(self) -> dict[str, Any]:
        return _granted(ask(self._city, "/v1/sessions", {"system": self.proof()}))


def _granted(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    granted: dict[str, Any] = answer.json()
    return granted
