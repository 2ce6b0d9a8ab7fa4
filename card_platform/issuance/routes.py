"""HTTP routes of issuance: applications, cards, their production and activation, loss reports."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.application import Application
from card_platform.issuance.losses import Losses
from card_platform.issuance.personalisation import PersonalisationImage
from card_platform.issuance.refusals import (
    ApplicationFormIsMissing,
    CardIsUnknown,
    CardStateForbids,
    CardWaitsElsewhere,
    CollectionSiteIsMissing,
    DocumentIsNotTheHolders,
    HistoricalBytesDiffer,
    IdentityDocumentIsInvalid,
    IdentityDocumentIsMissing,
    MandateIsInvalid,
    MandateIsMissing,
    NotEntitled,
    PersonAlreadyHoldsCard,
    RegionIsNotServed,
)
from card_platform.issuance.service import Issuance
from card_platform.issuance.shapes import (
    Activation,
    ApplicationAnswer,
    CardAnswer,
    CardReference,
    ChangeAnswer,
    HistoryAnswer,
    LossReport,
    PersonalisationRequest,
    ProductionReport,
    Restoration,
    application_answer,
    card_answer,
)
from card_platform.storage import Transaction
from card_platform.web import Desk, StrictBody, allow, refusals_of
from card_platform.web.desk import ApiRequest
from card_platform.web.documentation import CreatingOperation


def issuance_routes(desk: Desk, issuance: Issuance, losses: Losses) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        *_application_routes(desk, issuance),
        *_production_routes(desk, issuance),
        *_loss_routes(desk, losses),
    ]


def _application_routes(desk: Desk, issuance: Issuance) -> list[HTTPRouteHandler]:
    @post(
        "/v1/applications",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        guards=[allow("clerk")],
        responses=refusals_of(
            RegionIsNotServed,
            ApplicationFormIsMissing,
            IdentityDocumentIsMissing,
            IdentityDocumentIsInvalid,
            NotEntitled,
            CollectionSiteIsMissing,
            MandateIsMissing,
            MandateIsInvalid,
            PersonAlreadyHoldsCard,
            creates=True,
        ),
        summary="申领社会保障卡 · Apply for a card",
        tags=["issuance"],
    )
    async def apply(
        request: ApiRequest, data: JSONBody[Application]
    ) -> Response[ApplicationAnswer]:
        def work(tx: Transaction) -> ApplicationAnswer:
            return application_answer(*issuance.apply(tx, data, request.user.name))

        return await desk.perform(request, work, status=201)

    @get(
        "/v1/cards/{card_id:str}",
        guards=[allow("clerk", "operator")],
        responses=refusals_of(CardIsUnknown),
        summary="查询卡片 · Look at a card",
        tags=["issuance"],
    )
    async def look_at_card(card_id: FromPath[str]) -> Response[CardAnswer]:
        return await desk.look_up(lambda tx: card_answer(issuance.get_card(tx, card_id)))

    @get(
        "/v1/cards/{card_id:str}/history",
        guards=[allow("clerk", "operator")],
        responses=refusals_of(CardIsUnknown),
        summary="卡片变更记录 · A card's history",
        tags=["issuance"],
    )
    async def look_at_history(card_id: FromPath[str]) -> Response[HistoryAnswer]:
        def query(tx: Transaction) -> HistoryAnswer:
            steps = issuance.history(tx, card_id)
            return HistoryAnswer(
                [
                    ChangeAnswer(each.action, each.before, each.after, each.at, each.by)
                    for each in steps
                ]
            )

        return await desk.look_up(query)

    return [apply, look_at_card, look_at_history]


def _production_routes(desk: Desk, issuance: Issuance) -> list[HTTPRouteHandler]:
    @post(
        "/v1/cards/{card_id:str}/personalisation",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        status_code=200,
        guards=[allow("production")],
        responses=refusals_of(CardIsUnknown, CardStateForbids, creates=True),
        summary="取制卡数据 · Order the card: its personalisation image",
        tags=["production"],
    )
    async def personalise(
        request: ApiRequest,
        card_id: FromPath[str],
        data: JSONBody[PersonalisationRequest],  # noqa: ARG001 - checked to be empty
    ) -> Response[PersonalisationImage]:
        # The image holds keys: the answer kept for replays is the card's id only.
        return await desk.perform_and_reveal(
            request,
            lambda tx: CardReference(issuance.personalise(tx, card_id, request.user.name).card_id),
            lambda tx, kept: issuance.image_of(tx, kept.card_id),
            CardReference,
        )

    @post(
        "/v1/cards/{card_id:str}/production-report",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        status_code=200,
        guards=[allow("production")],
        responses=refusals_of(CardIsUnknown, CardStateForbids, HistoricalBytesDiffer, creates=True),
        summary="制卡回盘 · Report the finished card",
        tags=["production"],
    )
    async def report_production(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[ProductionReport]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            read = data.historical_bytes.upper()
            return card_answer(issuance.report_production(tx, card_id, read, request.user.name))

        return await desk.perform(request, work)

    @post(
        "/v1/cards/{card_id:str}/activation",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        status_code=200,
        guards=[allow("clerk")],
        responses=refusals_of(
            CardIsUnknown,
            CardStateForbids,
            IdentityDocumentIsInvalid,
            DocumentIsNotTheHolders,
            CardWaitsElsewhere,
            creates=True,
        ),
        summary="激活 · Activate a card",
        tags=["card life"],
    )
    async def activate(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[Activation]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            by = request.user.name
            return card_answer(issuance.activate(tx, card_id, data.document, by, data.site))

        return await desk.perform(request, work)

    return [personalise, report_production, activate]


def _loss_routes(desk: Desk, losses: Losses) -> list[HTTPRouteHandler]:
    @post(
        "/v1/cards/{card_id:str}/loss-report",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        status_code=200,
        guards=[allow("clerk")],
        responses=refusals_of(CardIsUnknown, CardStateForbids, creates=True),
        summary="挂失 · Report a card lost",
        tags=["card life"],
    )
    async def report_loss(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[LossReport]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            return card_answer(losses.report(tx, card_id, data.kind, request.user.name))

        return await desk.perform(request, work)

    @post(
        "/v1/cards/{card_id:str}/restoration",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        status_code=200,
        guards=[allow("clerk")],
        responses=refusals_of(
            CardIsUnknown,
            CardStateForbids,
            IdentityDocumentIsInvalid,
            DocumentIsNotTheHolders,
            creates=True,
        ),
        summary="解挂 · Restore a card reported lost",
        tags=["card life"],
    )
    async def restore(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[Restoration]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            by = request.user.name
            return card_answer(losses.restore(tx, card_id, data.document, data.reason, by))

        return await desk.perform(request, work)

    return [report_loss, restore]
