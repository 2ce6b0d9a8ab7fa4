"""The line from a terminal to the card platform (docs/interfaces.md, section 4).

Rules: a refusal of the platform (problem+json) is raised as `PlatformRefuses` with its code and
both sentences. Every creating call carries an Idempotency-Key made from what it reports, so that
sending it again is safe.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeVar

import httpx
import msgspec

from virtual_cards.terminals.codes.code_keys import CodeKeys
from virtual_cards.terminals.holder_checks import (
    ForeignCardCheck,
    ForeignCardRequest,
    Verification,
    VerificationRequest,
)
from virtual_cards.terminals.messages import (
    CardAuthentication,
    CardAuthenticationRequest,
    CertificateWriting,
    CertificateWritingRequest,
    CodeCheckRequest,
    CodeSettlement,
    CodeSettlementRequest,
    EnrolledTerminal,
    EnrolmentRequest,
    FunctionCheck,
    FunctionCheckRequest,
    FunctionReport,
    FunctionStands,
    FunctionWriting,
    FunctionWritingRequest,
    IdentityCheck,
    IdentityCheckRequest,
    LicenceCheck,
    LicenceCheckRequest,
    LoadAuthorisation,
    LoadConfirmation,
    LoadConfirmationRequest,
    LoadRequest,
    MedicalLoadRequest,
    PinReport,
    PinReset,
    PinResetRequest,
    PinStands,
    PlatformClock,
)
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.revocation_changes import (
    RevocationChanges,
    followed,
    with_own_digest,
)

TIMEOUT_S: Final = 10.0
T = TypeVar("T")
_MAY_BE_TAKEN_LATER: Final = frozenset({401, 403, 408, 425, 429})
_SERVER_FAILED: Final = 500
_PARAMETERS: Final = "/v1/transit/terminal-parameters"
_NO_LIST: Final = {"version": 0, "issued_at": "", "application_serials": ()}


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

    @property
    def is_final(self) -> bool:
        """Whether sending the same again would be refused again: not so when only the caller was
        (a token that was withdrawn), or the moment.
        """
        return self.status not in _MAY_BE_TAKEN_LATER


class PlatformIsUnreachable(Exception):
    """No answer came: no connection, too late, or the platform could not do its work (5xx)."""


class AnswerIsMalformed(Exception):
    """The platform answered something that docs/interfaces.md does not know."""


def open_client(url: str, headers: Mapping[str, str], timeout_s: float) -> httpx.Client:
    """A client of a platform. All share what they trust: reading that takes tens of ms."""
    return httpx.Client(base_url=url, headers=headers, timeout=timeout_s, verify=_trusted())


def _read(path: str, told: object, wanted: type[T]) -> T:
    try:
        return msgspec.convert(told, wanted)
    except msgspec.ValidationError as error:
        raise AnswerIsMalformed(f"GET {path}: {error}") from error


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class PlatformLine:
    """An open line with the token of one terminal; close it, or use it with `with`.

    A phone has no token.
    """

    def __init__(self, url: str, token: str = "", *, timeout_s: float = TIMEOUT_S) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = open_client(url, headers, timeout_s)

    def __enter__(self) -> PlatformLine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def tell_answers_to(self, listener: Callable[[httpx.Response], None]) -> None:
        """Show every answer to a listener before it is read."""
        self._client.event_hooks = {"response": [listener]}

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def terminal_parameters(self, known: TerminalParameters | None = None) -> TerminalParameters:
        """Fares, stations and the revocation list.

        Whoever knows a list already is told what changed of it; all of it where it is too old, or
        where the changes do not make the list that is meant.
        """
        if known is not None and known.revocation_list.digest:
            path = f"{_PARAMETERS}?since={known.revocation_list.version}"
            fields = self._call("GET", path, dict[str, Any])
            changes = fields.pop("revocation_changes", None)
            if changes is not None:
                listed = followed(known.revocation_list, _read(path, changes, RevocationChanges))
                if listed is not None:
                    fields["revocation_list"] = _NO_LIST
                    told = _read(path, fields, TerminalParameters)
                    return msgspec.structs.replace(told, revocation_list=listed)
        whole = self._call("GET", _PARAMETERS, TerminalParameters)
        return msgspec.structs.replace(
            whole, revocation_list=with_own_digest(whole.revocation_list)
        )

    def enrol_terminal(self, body: EnrolmentRequest, key: str) -> EnrolledTerminal:
        """Make a machine a terminal; the line is the operator's."""
        return self._call("POST", "/v1/terminals", EnrolledTerminal, body=body, key=key)

    def clock(self) -> PlatformClock:
        """The time as the platform lives it."""
        return self._call("GET", "/v1/clock", PlatformClock)

    def authenticate_card(self, body: CardAuthenticationRequest, key: str) -> CardAuthentication:
        """Both authentication values of the two-step reading flow."""
        return self._call(
            "POST", "/v1/card-authentications", CardAuthentication, body=body, key=key
        )

    def check_identity(self, body: IdentityCheckRequest, key: str) -> IdentityCheck:
        """Whether a card number and name are valid for a purpose."""
        return self._call("POST", "/v1/identity-checks", IdentityCheck, body=body, key=key)

    def verify_identity(self, body: VerificationRequest, key: str) -> Verification:
        """Whether the holder of a card is who they say, for an activity at a place."""
        return self._call("POST", "/v1/identity-verifications", Verification, body=body, key=key)

    def check_foreign_card(self, body: ForeignCardRequest, key: str) -> ForeignCardCheck:
        """Whether a card of another region is valid here in a field of use."""
        return self._call("POST", "/v1/foreign-card-checks", ForeignCardCheck, body=body, key=key)

    def check_code(self, body: CodeCheckRequest, key: str) -> IdentityCheck:
        """Whether a code is valid for a purpose, and whose it is."""
        return self._call("POST", "/v1/identity-checks", IdentityCheck, body=body, key=key)

    def code_keys(self) -> CodeKeys:
        """Public keys and rules for checking codes without a line."""
        return self._call("GET", "/v1/code-keys", CodeKeys)

    def settle_by_code(self, body: CodeSettlementRequest, key: str) -> CodeSettlement:
        """Pay a bill from the personal accounts behind a code."""
        path = "/v1/medical/code-settlements"
        return self._call("POST", path, CodeSettlement, body=body, key=key)

    def check_licence(self, body: LicenceCheckRequest, key: str) -> LicenceCheck:
        """Whether a holder's linked licence answers, and what it takes off."""
        return self._call("POST", "/v1/licence-checks", LicenceCheck, body=body, key=key)

    def certificate_command(
        self, licence_id: str, body: CertificateWritingRequest, key: str
    ) -> CertificateWriting:
        """The command that writes a licence on one card, or ends it there."""
        path = f"/v1/licences/{licence_id}/card-commands"
        return self._call("POST", path, CertificateWriting, body=body, key=key)

    def function_command(
        self, scheme_id: str, body: FunctionWritingRequest, key: str
    ) -> FunctionWriting:
        """The command that writes the function of a merged scheme on one card, or erases it."""
        path = f"/v1/card-schemes/{scheme_id}/card-commands"
        return self._call("POST", path, FunctionWriting, body=body, key=key)

    def report_function(
        self, scheme_id: str, writing_id: str, body: FunctionReport, key: str
    ) -> FunctionStands:
        """Tell what the card answered to such a command."""
        path = f"/v1/card-schemes/{scheme_id}/card-commands/{writing_id}/report"
        return self._call("POST", path, FunctionStands, body=body, key=key)

    def check_function(self, scheme_id: str, body: FunctionCheckRequest, key: str) -> FunctionCheck:
        """Whether the function of a merged scheme works from a card."""
        path = f"/v1/card-schemes/{scheme_id}/checks"
        return self._call("POST", path, FunctionCheck, body=body, key=key)

    def pin_reset_command(self, card_id: str, body: PinResetRequest, key: str) -> PinReset:
        """The command that gives a card its PIN tries back; the line is a clerk's."""
        return self._call("POST", f"/v1/cards/{card_id}/pin-reset", PinReset, body=body, key=key)

    def report_pin(self, card_id: str, body: PinReport, key: str) -> PinStands:
        """Tell what became of a PIN; the line is a clerk's."""
        return self._call("POST", f"/v1/cards/{card_id}/pin-reports", PinStands, body=body, key=key)

    def authorise_load(self, body: LoadRequest, key: str) -> LoadAuthorisation:
        """MAC2 of the issuer for a load."""
        return self._call("POST", "/v1/transit/loads", LoadAuthorisation, body=body, key=key)

    def confirm_load(
        self, load_id: str, body: LoadConfirmationRequest, key: str
    ) -> LoadConfirmation:
        """Report the TAC of a load the card took."""
        path = f"/v1/transit/loads/{load_id}/confirmation"
        return self._call("POST", path, LoadConfirmation, body=body, key=key)

    def authorise_medical_load(self, body: MedicalLoadRequest, key: str) -> LoadAuthorisation:
        """MAC2 of the issuer for a load of the medical purse."""
        return self._call("POST", "/v1/medical/loads", LoadAuthorisation, body=body, key=key)

    def confirm_medical_load(
        self, load_id: str, body: LoadConfirmationRequest, key: str
    ) -> LoadConfirmation:
        """Report the TAC of a load the medical purse took."""
        path = f"/v1/medical/loads/{load_id}/confirmation"
        return self._call("POST", path, LoadConfirmation, body=body, key=key)

    def post(self, path: str, body: bytes, key: str) -> bytes:
        """Report something as it was written down; the answer as it came.

        Raises `PlatformRefuses`, `PlatformIsUnreachable`, `AnswerIsMalformed`.
        """
        return self._ask("POST", path, body, key)

    def read(self, path: str) -> bytes:
        """What stands at a path, as it came. Raises as `post`."""
        return self._ask("GET", path, None, None)

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
        content = None if body is None else msgspec.json.encode(body)
        told = self._ask(method, path, content, key)
        try:
            return msgspec.json.decode(told, type=answer)
        except msgspec.MsgspecError as error:
            raise AnswerIsMalformed(f"{method} {path}: {error}") from error

    def _ask(self, method: str, path: str, content: bytes | None, key: str | None) -> bytes:
        headers = {} if content is None else {"Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            response = self._client.request(method, path, content=content, headers=headers)
        except httpx.TransportError as error:
            raise PlatformIsUnreachable(f"{method} {path}: {error}") from error
        if response.is_success:
            return response.content
        if response.status_code >= _SERVER_FAILED:
            raise PlatformIsUnreachable(f"{method} {path} answers {response.status_code}")
        try:
            problem = msgspec.json.decode(response.content, type=Problem)
        except msgspec.MsgspecError as error:
            message = f"{method} {path} answers {response.status_code}: {error}"
            raise AnswerIsMalformed(message) from error
        raise PlatformRefuses(response.status_code, problem)
