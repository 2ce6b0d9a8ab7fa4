"""HTTP routes of terminals: enrolment, withdrawal, and with them those of their certificates."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.services.terminals import certificate_store
from card_platform.services.terminals.certificate_routes import (
    CertificateAnswer,
    certificate_answer,
    certificate_routes,
)
from card_platform.services.terminals.certificates import TerminalIsUnknown
from card_platform.services.terminals.model import (
    BusLineIsUnknown,
    PsamImage,
    StationIsUnknown,
    TerminalIsWithdrawnAlready,
    TerminalKind,
)
from card_platform.services.terminals.public_key import PublicKeyText, read_public_key
from card_platform.services.terminals.service import Terminals
from card_platform.storage import Transaction
from card_platform.web import Desk, Doorkeeper, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody

_ROUTES = Routes("terminals")

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Enrolment(RequestBody, frozen=True):
    """The machine to enrol; a gate names its station, a bus validator its line.

    `public_key` is SM2, X || Y: with it the terminal may send a signed journal.
    """

    kind: TerminalKind
    operator: Short
    site: Short
    station: Short | None = None
    bus_line: Short | None = None
    public_key: PublicKeyText | None = None


class EnrolmentAnswer(msgspec.Struct, frozen=True):
    """The terminal's number, its token (shown here and stored only as a hash), its PSAM, and the
    certificate of its key where it has one.
    """

    terminal_number: str
    token: str
    psam_image: PsamImage
    certificate: CertificateAnswer | None


class Withdrawal(RequestBody, frozen=True):
    """Why: lost, stolen, given up."""

    reason: Short


class WithdrawalAnswer(msgspec.Struct, frozen=True):
    """The terminal is let in no longer; one in its place is enrolled anew."""

    terminal_number: str
    withdrawn_at: str


class _TerminalReference(msgspec.Struct, frozen=True):
    terminal_number: str


def terminal_routes(desk: Desk, terminals: Terminals) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.creates(
        "/v1/terminals",
        ("operator",),
        "终端入网 · Enrol a terminal",
        StationIsUnknown,
        BusLineIsUnknown,
    )
    async def enrol(request: ApiRequest, data: JSONBody[Enrolment]) -> Response[EnrolmentAnswer]:
        public_key = read_public_key(data.public_key) if data.public_key else None

        def work(tx: Transaction) -> _TerminalReference:
            terminal = terminals.enrol(
                tx,
                kind=data.kind,
                operator=data.operator,
                station=data.station,
                bus_line=data.bus_line,
                site=data.site,
                public_key=public_key,
                by=request.user.name,
            )
            return _TerminalReference(terminal.terminal_number)

        def reveal(tx: Transaction, kept: _TerminalReference) -> EnrolmentAnswer:
            number = kept.terminal_number
            certified = certificate_store.newest(tx, number)
            return EnrolmentAnswer(
                number,
                terminals.token_of(number),
                terminals.psam_image_of(tx, number),
                certificate_answer(certified) if certified else None,
            )

        return await desk.perform_and_reveal(request, work, reveal, _TerminalReference, status=201)

    @_ROUTES.creates(
        "/v1/terminals/{terminal_number:str}/withdrawal",
        ("supervisor",),
        "停用遗失、被盗终端 · Withdraw a terminal that was lost or stolen",
        TerminalIsUnknown,
        TerminalIsWithdrawnAlready,
        status=200,
    )
    async def withdraw(
        request: ApiRequest, terminal_number: FromPath[str], data: JSONBody[Withdrawal]
    ) -> Response[WithdrawalAnswer]:
        def work(tx: Transaction) -> WithdrawalAnswer:
            by = request.user.name
            withdrawn = terminals.withdraw(tx, terminal_number, data.reason, by)
            return WithdrawalAnswer(terminal_number, withdrawn.withdrawn_at or "")

        answer = await desk.perform(request, work)
        doorkeeper: Doorkeeper = request.app.state.doorkeeper
        doorkeeper.forget_terminals()
        return answer

    return [enrol, withdraw, *certificate_routes(desk, terminals.certificates)]
