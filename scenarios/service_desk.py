"""The platform as its own people use it over HTTP.

The clerk, the production centre, the operator.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import httpx
import msgspec

from virtual_cards.terminals.platform_line import open_client

Role = Literal[
    "operator",
    "clerk",
    "supervisor",
    "production",
    "department",
    "auditor",
    "inspector",
    "trainer",
]
ANSWER_S_MAX = 30.0
PAGE_MAX = 200
"""Most entries the platform gives in one page of a list."""
SITE = "CQ-YZ-001"
DESIGNATED_SINCE = "2020-01-01"
OPERATOR = "CQ-RT"


class Access(msgspec.Struct, frozen=True):
    """What a running platform leaves for its people: DATA/access.json."""

    url: str
    tokens: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> Access:
        """Raises `OSError`, `msgspec.MsgspecError`."""
        return msgspec.json.decode(path.read_bytes(), type=cls)


class PlatformRefused(Exception):
    """The platform answered with a problem; `code` is stable, `zh` and `en` are its sentences.

    `faults` are the places at which a request differs from its documented shape.
    """

    def __init__(
        self, asked: str, status: int, code: str, zh: str, en: str, *, faults: Sequence[str] = ()
    ) -> None:
        super().__init__(f"{asked}: {status} {code}: {en}")
        self.asked = asked
        self.status = status
        self.code = code
        self.zh = zh
        self.en = en
        self.faults = faults


class ServiceDesk:
    """Calls of the platform's people; a context manager."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._http = open_client(access.url, {}, ANSWER_S_MAX)

    def tell_answers_to(self, listener: Callable[[httpx.Response], None]) -> None:
        """Show every answer to a listener before it is read."""
        self._http.event_hooks = {"response": [listener]}

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
        """What stands at a path. Raises `PlatformRefused`, `httpx.HTTPError`."""
        return self.ask("GET", path, self.access.tokens[role])

    def gather(self, role: Role, path: str, field: str) -> Iterator[dict[str, Any]]:
        """All of a list, page by page; `field` names it in the answer. Raises as `get`."""
        after = ""
        while True:
            page = self.get(role, f"{path}?limit={PAGE_MAX}{after}")
            yield from page[field]
            if page["next"] is None:
                return
            after = f"&after={page['next']}"

    def post(self, role: Role, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask for something to be done, once. Raises `PlatformRefused`, `httpx.HTTPError`."""
        return self.ask("POST", path, self.access.tokens[role], body)

    def partner_banks(self) -> list[dict[str, str]]:
        """The banks a holder may choose from."""
        found: list[dict[str, str]] = self.ask("GET", "/v1/banks", "")["banks"]
        return found

    def ask(
        self, method: str, path: str, token: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Ask in anybody's name, a terminal's too; without a token as the public.

        Raises `PlatformRefused`, `httpx.HTTPError`.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body is not None:
            headers["Idempotency-Key"] = secrets.token_hex(16)
        response = self._http.request(method, path, json=body, headers=headers)
        if response.is_success:
            return dict(response.json())
        try:
            problem = response.json()
            told = (problem["code"], problem["detail_zh"], problem["detail_en"])
            faults = tuple(
                f"{each['path']}: {each['found']} ({each['expected']})"
                for each in problem.get("faults", [])
            )
        except (ValueError, KeyError, TypeError):
            told = ("answer-not-understood", response.text[:200], response.text[:200])
            faults = ()
        raise PlatformRefused(f"{method} {path}", response.status_code, *told, faults=faults)

    def apply(
        self,
        form: dict[str, Any] | None,
        document: dict[str, Any] | None,
        entitlement: str | None = None,
    ) -> dict[str, Any]:
        """Apply for a card of the platform's region at a service site; by default on its first
        ground.
        """
        application = {
            "region": self.region,
            "site": SITE,
            "entitlement": entitlement or self.entitlements[0],
            "form": form,
            "document": document,
        }
        return self.post("clerk", "/v1/applications", application)

    @property
    def region(self) -> str:
        """The region this platform serves, GB/T 2260."""
        return str(self._guide["region"])

    @property
    def entitlements(self) -> list[str]:
        """The grounds on which a person may apply."""
        return list(self._guide["entitlements"])

    @cached_property
    def _guide(self) -> dict[str, Any]:
        """What the public reads: who may apply, in which region."""
        return self.ask("GET", "/v1/guide", "")

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

    def issue(self, form: dict[str, Any], document: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """From application to activation, as if the card had been made; card id and image."""
        card_id = self.apply(form, document)["card_id"]
        image = self.personalisation_image(card_id)
        self.report_production(card_id, bytes.fromhex(image["historical_bytes"]))
        self.activate(card_id, document)
        return card_id, image

    def enrol_terminal(
        self,
        kind: str,
        station: str | None,
        *,
        bus_line: str | None = None,
        public_key: str | None = None,
        operator: str = OPERATOR,
        site: str = SITE,
    ) -> dict[str, Any]:
        """Terminal number, token and PSAM image of a new terminal.

        With `public_key` (SM2, X || Y in hexadecimal) the terminal may send a signed journal.
        """
        body = {"kind": kind, "operator": operator, "station": station, "site": site}
        more = {"bus_line": bus_line, "public_key": public_key}
        body |= {name: value for name, value in more.items() if value is not None}
        return self.post("operator", "/v1/terminals", body)

    def open_site(self, name: str, kind: str) -> str:
        """Open a site that reads cards and scans codes; its id."""
        site = {
            "area": self.region,
            "kind": kind,
            "name_zh": name[:64],
            "address_zh": "测试路1号",
            "phone": "12333",
            "equipment": ["card-reader", "code-scanner", "wheelchair-access"],
            "hours": [{"weekday": day, "opens": "08:00", "closes": "20:00"} for day in range(1, 8)],
        }
        return str(self.post("operator", "/v1/sites", site)["site"]["site_id"])

    def designate(self, site_id: str, kind: str, level: int | None) -> str:
        """Designate a site as `hospital` or `pharmacy`; the id of the designation."""
        body = {"site_id": site_id, "kind": kind, "level": level, "from_day": DESIGNATED_SINCE}
        told = self.post("department", "/v1/medical/designations", body)
        return str(told["designation_id"])

    def grant_medical_credit(self, card_id: str, account: int, amount_fen: int) -> dict[str, Any]:
        """Money of the insurance fund the holder may load; account 1 is the current year's."""
        body = {"account": account, "amount_fen": amount_fen}
        return self.post("clerk", f"/v1/cards/{card_id}/medical-credits", body)

    def medical(self, card_id: str) -> dict[str, Any]:
        """Credit, balances, loads and payments of a card's medical accounts."""
        return self.get("clerk", f"/v1/cards/{card_id}/medical")

    def clock_ahead(self) -> timedelta:
        """How far the platform's clock is ahead of the machine's."""
        return timedelta(seconds=self.get("clerk", "/v1/clock")["ahead_s"])

    def advance_clock(self, duration: timedelta) -> timedelta:
        """Move the platform's virtual clock forward; how far it is ahead then."""
        body = {"advance_s": int(duration.total_seconds())}
        return timedelta(seconds=self.post("trainer", "/v1/clock", body)["ahead_s"])

    def serve_card(
        self, card_id: str, service: str, body: dict[str, Any], role: Role = "clerk"
    ) -> dict[str, Any]:
        """One of the services of a card, as `exchange` or `freeze`."""
        return self.post(role, f"/v1/cards/{card_id}/{service}", body)

    def record(self, card_id: str) -> dict[str, Any]:
        """What is on record of a card beside its state."""
        return self.get("clerk", f"/v1/cards/{card_id}/record")

    def check_identity(self, purpose: str, card_number: str, name: str) -> dict[str, Any]:
        """Whether this card proves that identity."""
        body = {"purpose": purpose, "card_number": card_number, "name": name}
        return self.post("clerk", "/v1/identity-checks", body)

    def check_books(self) -> dict[str, Any]:
        """The check over the whole ledger."""
        return self.get("operator", "/v1/ledger/check")
