"""HTTP routes of exchange and replacement."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.card_service_shapes import Exchange, Replacement
from card_platform.issuance.refusals import (
    CardIsUnknown,
    CardStateForbids,
    DocumentIsNotTheHolders,
    ExchangeReasonIsRefused,
    IdentityDocumentIsInvalid,
    NameHasNotChanged,
)
from card_platform.issuance.renewals import Renewals
from card_platform.issuance.shapes import ApplicationAnswer, application_answer
from card_platform.storage import Transaction
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("card life")


def renewal_routes(desk: Desk, renewals: Renewals) -> list[HTTPRouteHandler]:
    """The routes of renewals."""

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/exchange",
        ("clerk",),
        "换领 · Exchange a card handed in",
        CardIsUnknown,
        CardStateForbids,
        IdentityDocumentIsInvalid,
        DocumentIsNotTheHolders,
        ExchangeReasonIsRefused,
        NameHasNotChanged,
    )
    async def exchange(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[Exchange]
    ) -> Response[ApplicationAnswer]:
        def work(tx: Transaction) -> ApplicationAnswer:
            application_id, card = renewals.exchange(
                tx,
                card_id,
                reason=data.reason,
                document=data.document,
                new_name=data.new_name,
                site=data.site,
                collection_site=data.collection_site,
                by=request.user.name,
            )
            return application_answer(application_id, card)

        return await desk.perform(request, work, status=201)

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/replacement",
        ("clerk",),
        "补领 · Replace a card reported lost",
        CardIsUnknown,
        CardStateForbids,
        IdentityDocumentIsInvalid,
        DocumentIsNotTheHolders,
    )
    async def replace(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[Replacement]
    ) -> Response[ApplicationAnswer]:
        def work(tx: Transaction) -> ApplicationAnswer:
            application_id, card = renewals.replace(
                tx,
                card_id,
                document=data.document,
                site=data.site,
                collection_site=data.collection_site,
                by=request.user.name,
            )
            return application_answer(application_id, card)

        return await desk.perform(request, work, status=201)

    return [exchange, replace]
