"""HTTP routes of the agency's decisions: freeze, lift, cancel, destroy."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.agency_decisions import AgencyDecisions
from card_platform.issuance.card_service_shapes import Cancellation, Destruction, Freeze, FreezeLift
from card_platform.issuance.refusals import (
    CancellationReasonIsRefused,
    CardIsDestroyedAlready,
    CardIsStillInUse,
    CardIsUnknown,
    CardStateForbids,
    FreezeGroundIsRefused,
)
from card_platform.issuance.shapes import CardAnswer, card_answer
from card_platform.storage import Transaction
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("agency decisions")


def agency_routes(desk: Desk, decisions: AgencyDecisions) -> list[HTTPRouteHandler]:
    """The routes of the agency's decisions."""

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/freeze",
        ("supervisor",),
        "临时冻结 · Freeze a card",
        CardIsUnknown,
        CardStateForbids,
        FreezeGroundIsRefused,
        status=200,
    )
    async def freeze(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[Freeze]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            by = request.user.name
            return card_answer(decisions.freeze(tx, card_id, data.ground, by))

        return await desk.perform(request, work)

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/freeze-lift",
        ("supervisor",),
        "解除冻结 · Lift a freeze after a decision",
        CardIsUnknown,
        CardStateForbids,
        status=200,
    )
    async def lift_freeze(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[FreezeLift]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            by = request.user.name
            return card_answer(decisions.lift_freeze(tx, card_id, data.decision, by))

        return await desk.perform(request, work)

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/cancellation",
        ("supervisor",),
        "注销 · Cancel a card",
        CardIsUnknown,
        CardStateForbids,
        CancellationReasonIsRefused,
        status=200,
    )
    async def cancel(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[Cancellation]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            by = request.user.name
            card = decisions.cancel(tx, card_id, data.reason, data.evidence, by)
            return card_answer(card)

        return await desk.perform(request, work)

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/destruction",
        ("clerk", "supervisor"),
        "销毁记录 · Put a card's destruction on record",
        CardIsUnknown,
        CardIsStillInUse,
        CardIsDestroyedAlready,
        status=200,
    )
    async def destroy(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[Destruction]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            by = request.user.name
            card = decisions.record_destruction(tx, card_id, data.method, data.witness, by)
            return card_answer(card)

        return await desk.perform(request, work)

    return [freeze, lift_freeze, cancel, destroy]
