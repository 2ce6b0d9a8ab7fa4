"""HTTP route of journals."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from card_platform.services.journal import store
from card_platform.services.journal.refusals import (
    JournalHasGap,
    JournalSignatureIsWrong,
    TerminalHasNoKey,
)
from card_platform.services.journal.service import Journal, JournalReference
from card_platform.services.journal.shapes import (
    JOURNAL_MAX_BYTES,
    JournalAnswer,
    JournalBody,
    journal_answer,
)
from card_platform.services.terminals.certificates import CertificateIsNotInForce
from card_platform.storage import Transaction
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("terminals")


def journal_routes(desk: Desk, journal: Journal) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.creates(
        "/v1/terminal-journal",
        ("terminal",),
        "终端离线流水上送 · Send a terminal's journal",
        JournalHasGap,
        JournalSignatureIsWrong,
        TerminalHasNoKey,
        CertificateIsNotInForce,
        status=200,
        body_max=JOURNAL_MAX_BYTES,
    )
    async def send_journal(
        request: ApiRequest, data: JSONBody[JournalBody]
    ) -> Response[JournalAnswer]:
        caller = request.user
        records = [each.read() for each in data.records]
        verified = await desk.consult(lambda tx: journal.verify(tx, records, caller))

        def reveal(tx: Transaction, kept: JournalReference) -> JournalAnswer:
            told = store.answers(tx, caller.terminal_number, kept.first, kept.last)
            return journal_answer(told, kept.accepted_through)

        # The records keep their answers themselves: of the whole only the reference is kept.
        return await desk.perform_and_reveal(
            request, lambda tx: journal.take(tx, verified, caller), reveal, JournalReference
        )

    return [send_journal]
