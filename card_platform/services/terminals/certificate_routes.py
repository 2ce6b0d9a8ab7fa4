"""HTTP routes of terminals' certificates."""

from __future__ import annotations

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.services.terminals import certificate_store as store
from card_platform.services.terminals.certificate_store import Certificate
from card_platform.services.terminals.certificates import (
    Certificates,
    TerminalHasNoCertificate,
    TerminalIsUnknown,
)
from card_platform.services.terminals.model import TerminalIsWithdrawnAlready
from card_platform.services.terminals.public_key import PublicKeyText, read_public_key
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody

_ROUTES = Routes("terminals")
_LIST = PagedList("terminal-certificates", str)
_PATH = "/v1/terminals/{terminal_number:str}"


class CertificateRenewal(RequestBody, frozen=True):
    """The key from now on: SM2, X || Y."""

    public_key: PublicKeyText


class CertificateWithdrawal(RequestBody, frozen=True):
    """The terminal says all there is to say."""


class CertificateAnswer(msgspec.Struct, frozen=True):
    """A certificate: the text as it was signed, and the region's signature r || s in hex."""

    certificate_id: str
    terminal_number: str
    valid_from: str
    valid_until: str
    withdrawn_at: str | None
    text: str
    signature: str


class CertificatesAnswer(msgspec.Struct, frozen=True):
    """Certificates, the newest first: the one that counts."""

    certificates: list[CertificateAnswer]
    next: str | None


def certificate_answer(certificate: Certificate) -> CertificateAnswer:
    """The certificate as answered."""
    names = CertificateAnswer.__struct_fields__
    return CertificateAnswer(**{name: getattr(certificate, name) for name in names})


def certificate_routes(desk: Desk, certificates: Certificates) -> list[HTTPRouteHandler]:
    """The routes of certificates."""

    @_ROUTES.creates(
        f"{_PATH}/certificates",
        ("operator",),
        "换发终端证书 · A new certificate of a terminal",
        TerminalIsUnknown,
        TerminalIsWithdrawnAlready,
    )
    async def renew(
        request: ApiRequest, terminal_number: FromPath[str], data: JSONBody[CertificateRenewal]
    ) -> Response[CertificateAnswer]:
        key, by = read_public_key(data.public_key), request.user.name
        return await desk.perform(
            request,
            lambda tx: certificate_answer(certificates.renew(tx, terminal_number, key, by)),
            status=201,
        )

    @_ROUTES.creates(
        f"{_PATH}/certificate-withdrawal",
        ("operator",),
        "吊销终端证书 · Withdraw the certificate of a terminal",
        TerminalIsUnknown,
        TerminalHasNoCertificate,
        status=200,
    )
    async def withdraw(
        request: ApiRequest,
        terminal_number: FromPath[str],
        data: JSONBody[CertificateWithdrawal],  # noqa: ARG001 - checked to be empty
    ) -> Response[CertificateAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: certificate_answer(certificates.withdraw(tx, terminal_number, by))
        )

    @_ROUTES.lists(
        f"{_PATH}/certificates",
        ("operator", "inspector"),
        "终端证书 · Certificates of a terminal",
    )
    async def list_all(
        terminal_number: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[CertificatesAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> CertificatesAnswer:
            found = store.page_of_terminal(tx, terminal_number, page).made(certificate_answer)
            return CertificatesAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    return [renew, withdraw, list_all]
