"""The line from a terminal to the card platform (docs/interfaces.md, section 4).

Rules: a refusal of the platform (problem+json) is raised as `PlatformRefuses` with its code and
both sentences. Every creating call carries an Idempotency-Key made from what it reports, so that
sending it again is safe.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

import httpx
import msgspec

from virtual_cards.terminals.messages import (
    CardAuthentication,
    CardAuthenticationRequest,
    IdentityCheck,
    IdentityCheckRequest,
    LoadAuthorisation,
    LoadConfirmation,
    LoadConfirmationRequest,
    LoadRequest,
    Refusal,
    RefusalReceipt,
    Tap,
    TapReceipt,
)
from virtual_cards.terminals.parameters import TerminalParameters

TIMEOUT_S: Final = 10.0
T = TypeVar("T")


class Problem(msgspec.Struct, frozen=True):
    """A problem+json body (RFC 9457) with the sentences in both languages."""

    code: str
    detail_zh: str = ""
    detail_en: str = ""
    title: str = ""
    faults: list[dict[str, Any]] = []


class PlatformRefuses(Exception):
    """The platform refuses; `code` is stable, such as `card-is-not-active`."""

    def __init__(self, status: int, problem: Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail_zh} {problem.detail_en}".strip())
        self.status = status
        self.code = problem.code
        self.detail_zh = problem.detail_zh
        self.detail_en = problem.detail_en
        self.faults = problem.faults


class PlatformIsUnreachable(Exception):
    """No answer came: no connection, or too late."""


class AnswerIsMalformed(Exception):
    """The platform answered something that docs/interfaces.md does not know."""


class PlatformLine:
    """An open line with the token of one terminal; close it, or use it with `with`."""

    def __init__(self, url: str, token: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._client = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=timeout_s
        )

    def __enter__(self) -> PlatformLine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def terminal_parameters(self) -> TerminalParameters:
        """Fares, stations and the revocation list."""
        return self._call("GET", "/v1/transit/terminal-parameters", TerminalParameters)

    def authenticate_card(self, body: CardAuthenticationRequest, key: str) -> CardAuthentication:
        """Both authentication values of the two-step reading flow."""
        return self._call(
            "POST", "/v1/card-authentications", CardAuthentication, body=body, key=key
        )

    def check_identity(self, body: IdentityCheckRequest, key: str) -> IdentityCheck:
        """Whether a card number and name are valid for a purpose."""
        return self._call("POST", "/v1/identity-checks", IdentityCheck, body=body, key=key)

    def authorise_load(self, body: LoadRequest, key: str) -> LoadAuthorisation:
        """MAC2 of the issuer for a load."""
        return self._call("POST", "/v1/transit/loads", LoadAuthorisation, body=body, key=key)

    def confirm_load(
        self, load_id: str, body: LoadConfirmationRequest, key: str
    ) -> LoadConfirmation:
        """Report the TAC of a load the card took."""
        path = f"/v1/transit/loads/{load_id}/confirmation"
        return self._call("POST", path, LoadConfirmation, body=body, key=key)

    def post_tap(self, tap: Tap) -> TapReceipt:
        """Report a tap with its TAC."""
        return self._call("POST", "/v1/transit/taps", TapReceipt, body=tap, key=tap.idempotency_key)

    def post_refusal(self, body: Refusal, key: str) -> RefusalReceipt:
        """Report that a card was turned away."""
        return self._call("POST", "/v1/transit/refusals", RefusalReceipt, body=body, key=key)

    def _call(
        self,
        method: str,
        path: str,
        answer: type[T],
        *,
        body: msgspec.Struct | None = None,
        key: str | None = None,
    ) -> T:
        """Raises `PlatformRefuses`, `PlatformIsUnreachable`, `AnswerIsMalformed`."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            content = None if body is None else msgspec.json.encode(body)
            response = self._client.request(method, path, content=content, headers=headers)
        except httpx.TransportError as error:
            raise PlatformIsUnreachable(f"{method} {path}: {error}") from error
        try:
            if response.is_success:
                return msgspec.json.decode(response.content, type=answer)
            problem = msgspec.json.decode(response.content, type=Problem)
        except msgspec.MsgspecError as error:
            message = f"{method} {path} answers {response.status_code}: {error}"
            raise AnswerIsMalformed(message) from error
        raise PlatformRefuses(response.status_code, problem)
