"""The platform as its own people use it over HTTP.

The clerk, the production centre, the operator.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import httpx
import msgspec

Role = Literal["operator", "clerk", "production"]
ANSWER_S_MAX = 30.0


class Access(msgspec.Struct, frozen=True):
    """What a running platform leaves for its people: DATA/access.json."""

    url: str
    tokens: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> Access:
        """Raises `OSError`, `msgspec.MsgspecError`."""
        return msgspec.json.decode(path.read_bytes(), type=cls)


class PlatformRefused(Exception):
    """The platform answered with a problem; `code` is stable, `zh` and `en` are its sentences."""

    def __init__(self, status: int, code: str, zh: str, en: str) -> None:
        super().__init__(f"{status} {code}: {en}")
        self.status = status
        self.code = code
        self.zh = zh
        self.en = en


class ServiceDesk:
    """Calls of the platform's people; a context manager."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._http = httpx.Client(base_url=access.url, timeout=ANSWER_S_MAX)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, role: Role, path: str) -> dict[str, Any]:
        """What stands at a path. Raises `PlatformRefused`."""
        return self._answer(self._http.get(path, headers=self._headers(role)))

    def post(
        self, role: Role, path: str, body: dict[str, Any], client_id: str | None = None
    ) -> dict[str, Any]:
        """Ask for something to be done, once for each client id. Raises `PlatformRefused`."""
        headers = self._headers(role) | {"Idempotency-Key": client_id or secrets.token_hex(16)}
        return self._answer(self._http.post(path, json=body, headers=headers))

    def apply(self, form: dict[str, Any] | None, document: dict[str, Any] | None) -> dict[str, Any]:
        """Apply for a card of Chongqing at a service site."""
        application = {
            "region": "500000",
            "site": "CQ-YZ-001",
            "entitlement": "household-registration",
            "form": form,
            "document": document,
        }
        return self.post("clerk", "/v1/applications", application)

    def personalisation_image(self, card_id: str) -> dict[str, Any]:
        """The image from which the card is made."""
        return self.post("production", f"/v1/cards/{card_id}/personalisation", {})

    def report_production(self, card_id: str, historical_bytes: bytes) -> dict[str, Any]:
        """The card was made on the chip that answers these historical bytes."""
        body = {"historical_bytes": historical_bytes.hex().upper()}
        return self.post("production", f"/v1/cards/{card_id}/production-report", body)

    def activate(self, card_id: str, document: dict[str, Any]) -> dict[str, Any]:
        """Activate at the counter, the holder's document shown."""
        return self.post("clerk", f"/v1/cards/{card_id}/activation", {"document": document})

    def report_loss(self, card_id: str) -> dict[str, Any]:
        """Formal report of loss."""
        return self.post("clerk", f"/v1/cards/{card_id}/loss-report", {"kind": "formal"})

    def card(self, card_id: str) -> dict[str, Any]:
        """State of a card."""
        return self.get("clerk", f"/v1/cards/{card_id}")

    def transit(self, card_id: str) -> dict[str, Any]:
        """Rides, refusals and loads of a card."""
        return self.get("clerk", f"/v1/cards/{card_id}/transit")

    def enrol_terminal(self, kind: str, station: str | None, site: str) -> dict[str, Any]:
        """Terminal number, token and PSAM image of a new terminal."""
        body = {"kind": kind, "operator": "CQ-RT", "station": station, "site": site}
        return self.post("operator", "/v1/terminals", body)

    def check_books(self) -> dict[str, Any]:
        """The check over the whole ledger."""
        return self.get("operator", "/v1/ledger/check")

    def _headers(self, role: Role) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access.tokens[role]}"}

    @staticmethod
    def _answer(response: httpx.Response) -> dict[str, Any]:
        if response.is_success:
            return dict(response.json())
        try:
            problem = response.json()
            told = (problem["code"], problem["detail_zh"], problem["detail_en"])
        except (ValueError, KeyError, TypeError):
            told = ("answer-not-understood", response.text[:200], response.text[:200])
        raise PlatformRefused(response.status_code, *told)
