"""HTTP route of terminals: enrolment."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from card_platform.services.terminals.model import PsamImage, StationIsUnknown, TerminalKind
from card_platform.services.terminals.service import Terminals
from card_platform.storage import Transaction
from card_platform.web import Desk, StrictBody, allow, refusals_of
from card_platform.web.desk import ApiRequest
from card_platform.web.documentation import CreatingOperation
from card_platform.web.request_body import RequestBody

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Enrolment(RequestBody, frozen=True):
    """The machine to enrol; a gate names its station."""

    kind: TerminalKind
    operator: Short
    site: Short
    station: Short | None = None


class EnrolmentAnswer(msgspec.Struct, frozen=True):
    """The terminal's number, its token (shown here and stored only as a hash) and its PSAM."""

    terminal_number: str
    token: str
    psam_image: PsamImage


class _TerminalReference(msgspec.Struct, frozen=True):
    terminal_number: str


def terminal_routes(desk: Desk, terminals: Terminals) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @post(
        "/v1/terminals",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        guards=[allow("operator")],
        responses=refusals_of(StationIsUnknown, creates=True),
        summary="终端入网 · Enrol a terminal",
        tags=["terminals"],
    )
    async def enrol(request: ApiRequest, data: JSONBody[Enrolment]) -> Response[EnrolmentAnswer]:
        def work(tx: Transaction) -> _TerminalReference:
            terminal = terminals.enrol(
                tx,
                kind=data.kind,
                operator=data.operator,
                station=data.station,
                site=data.site,
                by=request.user.name,
            )
            return _TerminalReference(terminal.terminal_number)

        def reveal(tx: Transaction, kept: _TerminalReference) -> EnrolmentAnswer:
            number = kept.terminal_number
            return EnrolmentAnswer(
                number, terminals.token_of(number), terminals.psam_image_of(tx, number)
            )

        return await desk.perform_and_reveal(request, work, reveal, _TerminalReference, status=201)

    return [enrol]
