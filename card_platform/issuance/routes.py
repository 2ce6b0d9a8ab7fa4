"""HTTP routes of issuance: applications, cards, their production and activation, loss reports."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.application import Application
from card_platform.issuance.losses import Losses
from card_platform.issuance.personalisation import PersonalisationImage
from card_platform.issuance.production.refusals import CardHasNotArrived
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
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ISSUANCE = Routes("issuance")
_PRODUCTION = Routes("production")
_CARD_LIFE = Routes("card life")
_HISTORY = PagedList("card-history", int)


def issuance_routes(desk: Desk, issuance: Issuance, losses: Losses) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        *_application_routes(desk, issuance),
        *_production_routes(desk, issuance),
        *_loss_routes(desk, losses),
    ]


def _application_routes(desk: Desk, issuance: Issuance) -> list[HTTPRouteHandler]:
    @_ISSUANCE.creates(
        "/v1/applications",
        ("clerk",),
        "申领社会保障卡 · Apply for a card",
        RegionIsNotServed,
        ApplicationFormIsMissing,
        IdentityDocumentIsMissing,
        IdentityDocumentIsInvalid,
        NotEntitled,
        CollectionSiteIsMissing,
        MandateIsMissing,
        MandateIsInvalid,
        PersonAlreadyHoldsCard,
    )
    async def apply(
        request: ApiRequest, data: JSONBody[Application]
    ) -> Response[ApplicationAnswer]:
        def work(tx: Transaction) -> ApplicationAnswer:
            return application_answer(*issuance.apply(tx, data, request.user.name))

        return await desk.perform(request, work, status=201)

    @_ISSUANCE.reads(
        "/v1/cards/{card_id:str}",
        ("clerk", "operator", "holder", "agent"),
        "查询卡片 · Look at a card",
        CardIsUnknown,
    )
    async def look_at_card(card_id: FromPath[str]) -> Response[CardAnswer]:
        return await desk.look_up(lambda tx: card_answer(issuance.get_card(tx, card_id)))

    @_ISSUANCE.lists(
        "/v1/cards/{card_id:str}/history",
        ("clerk", "operator", "holder", "agent"),
        "卡片变更记录 · A card's history",
        CardIsUnknown,
    )
    async def look_at_history(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[HistoryAnswer]:
        page = _HISTORY.page(limit, after)

        def query(tx: Transaction) -> HistoryAnswer:
            steps = issuance.history(tx, card_id, page)
            told = [
                ChangeAnswer(each.action, each.before, each.after, each.at, each.by)
                for each in steps.rows
            ]
            return HistoryAnswer(told, _HISTORY.cursor(steps.last))

        return await desk.look_up(query)

    return [apply, look_at_card, look_at_history]


def _production_routes(desk: Desk, issuance: Issuance) -> list[HTTPRouteHandler]:
    @_PRODUCTION.creates(
        "/v1/cards/{card_id:str}/personalisation",
        ("production",),
        "取制卡数据 · Order the card: its personalisation image",
        CardIsUnknown,
        CardStateForbids,
        status=200,
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

    @_PRODUCTION.creates(
        "/v1/cards/{card_id:str}/production-report",
        ("production",),
        "制卡回盘 · Report the finished card",
        CardIsUnknown,
        CardStateForbids,
        HistoricalBytesDiffer,
        status=200,
    )
    async def report_production(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[ProductionReport]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            read = data.historical_bytes.upper()
            return card_answer(issuance.report_production(tx, card_id, read, request.user.name))

        return await desk.perform(request, work)

    @_CARD_LIFE.creates(
        "/v1/cards/{card_id:str}/activation",
        ("clerk",),
        "激活 · Activate a card",
        CardIsUnknown,
        CardStateForbids,
        IdentityDocumentIsInvalid,
        DocumentIsNotTheHolders,
        CardWaitsElsewhere,
        CardHasNotArrived,
        status=200,
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
    @_CARD_LIFE.creates(
        "/v1/cards/{card_id:str}/loss-report",
        ("clerk", "holder", "agent"),
        "挂失 · Report a card lost",
        CardIsUnknown,
        CardStateForbids,
        status=200,
    )
    async def report_loss(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[LossReport]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            return card_answer(losses.report(tx, card_id, data.kind, request.user.name))

        return await desk.perform(request, work)

    @_CARD_LIFE.creates(
        "/v1/cards/{card_id:str}/restoration",
        ("clerk",),
        "解挂 · Restore a card reported lost",
        CardIsUnknown,
        CardStateForbids,
        IdentityDocumentIsInvalid,
        DocumentIsNotTheHolders,
        status=200,
    )
    async def restore(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[Restoration]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            by = request.user.name
            return card_answer(losses.restore(tx, card_id, data.document, data.reason, by))

        return await desk.perform(request, work)

    return [report_loss, restore]
