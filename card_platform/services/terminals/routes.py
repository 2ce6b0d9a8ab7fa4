"""HTTP route of terminals: enrolment."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from card_platform.keys.sm2 import is_point
from card_platform.services.terminals.model import (
    BusLineIsUnknown,
    PsamImage,
    StationIsUnknown,
    TerminalKind,
)
from card_platform.services.terminals.service import Terminals
from card_platform.storage import Transaction
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody, RequestIsMalformed

_ROUTES = Routes("terminals")

PublicKeyText = Annotated[str, exactly(r"[0-9A-Fa-f]{128}")]
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

    def read_public_key(self) -> str | None:
        """The public key in upper case.

        Raises:
            RequestIsMalformed: it is no point of the curve.
        """
        if self.public_key is None:
            return None
        if not is_point(bytes.fromhex(self.public_key)):
            expected = "a point of the SM2 curve, X || Y"
            raise RequestIsMalformed([Fault("public_key", self.public_key[:32] + "...", expected)])
        return self.public_key.upper()


class EnrolmentAnswer(msgspec.Struct, frozen=True):
    """The terminal's number, its token (shown here and stored only as a hash) and its PSAM."""

    terminal_number: str
    token: str
    psam_image: PsamImage


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
        public_key = data.read_public_key()

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
            return EnrolmentAnswer(
                number, terminals.token_of(number), terminals.psam_image_of(tx, number)
            )

        return await desk.perform_and_reveal(request, work, reveal, _TerminalReference, status=201)

    return [enrol]
