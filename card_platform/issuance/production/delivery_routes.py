"""HTTP routes of deliveries, and of cards made on the spot."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.production import refusals, store
from card_platform.issuance.production.deliveries import Deliveries
from card_platform.issuance.production.instant import InstantIssue
from card_platform.issuance.production.model import Delivery
from card_platform.issuance.production.shapes import (
    CountBody,
    DeliveredCard,
    DeliveredCardsAnswer,
    DeliveriesAnswer,
    DeliveryAnswer,
    DeliveryBody,
    FinishBody,
    OnTheSpotAnswer,
    OnTheSpotBody,
    delivery_answer,
)
from card_platform.issuance.refusals import (
    CardIsUnknown,
    CardStateForbids,
    DocumentIsNotTheHolders,
    HistoricalBytesDiffer,
    IdentityDocumentIsInvalid,
)
from card_platform.issuance.service import Issuance
from card_platform.issuance.shapes import CardAnswer, CardReference, card_answer
from card_platform.services.sites.refusals import SiteIsUnknown
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("production")
_LIST, _CARDS = PagedList("deliveries", str), PagedList("delivered-cards", str)
_SEEN_BY = ("production", "clerk", "supervisor")
_PATH = "/v1/deliveries"


def delivery_routes(desk: Desk, deliveries: Deliveries) -> list[HTTPRouteHandler]:
    """The routes of deliveries."""

    def tell_all(tx: Transaction, found: Sequence[Delivery]) -> list[DeliveryAnswer]:
        counted = store.counts_by_state(tx, [each.delivery_id for each in found])
        return [delivery_answer(each, counted[each.delivery_id]) for each in found]

    def tell(tx: Transaction, delivery: Delivery) -> DeliveryAnswer:
        return tell_all(tx, [delivery])[0]

    @_ROUTES.creates(
        _PATH,
        ("production",),
        "配送制成的卡 · Send finished cards to their site",
        CardIsUnknown,
        refusals.CardIsNotReadyToSend,
        refusals.CardGoesElsewhere,
        refusals.CardIsOnItsWay,
    )
    async def send(request: ApiRequest, data: JSONBody[DeliveryBody]) -> Response[DeliveryAnswer]:
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: tell(
                tx, deliveries.send(tx, data.site, data.consignment, data.card_ids, by)
            ),
            status=201,
        )

    @_ROUTES.creates(
        f"{_PATH}/{{delivery_id:str}}/count",
        ("clerk",),
        "领取网点清点 · The site counts what came",
        refusals.DeliveryIsUnknown,
        refusals.CardIsNotOfTheDelivery,
        status=200,
    )
    async def count(
        request: ApiRequest, delivery_id: FromPath[str], data: JSONBody[CountBody]
    ) -> Response[DeliveryAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: tell(tx, deliveries.count(tx, delivery_id, data.missing, by))
        )

    @_ROUTES.lists(_PATH, _SEEN_BY, "配送列表 · Deliveries")
    async def list_all(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[DeliveriesAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> DeliveriesAnswer:
            found = store.page_of_deliveries(tx, page)
            return DeliveriesAnswer(tell_all(tx, found.rows), _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        f"{_PATH}/{{delivery_id:str}}", _SEEN_BY, "一次配送 · One delivery",
        refusals.DeliveryIsUnknown,
    )  # fmt: skip
    async def look(delivery_id: FromPath[str]) -> Response[DeliveryAnswer]:
        return await desk.look_up(lambda tx: tell(tx, deliveries.look(tx, delivery_id)))

    @_ROUTES.lists(
        f"{_PATH}/{{delivery_id:str}}/cards",
        _SEEN_BY,
        "配送的卡 · Cards of a delivery",
        refusals.DeliveryIsUnknown,
    )
    async def cards(
        delivery_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[DeliveredCardsAnswer]:
        page = _CARDS.page(limit, after)

        def query(tx: Transaction) -> DeliveredCardsAnswer:
            deliveries.look(tx, delivery_id)
            found = store.page_of_delivered(tx, delivery_id, page)
            told = found.made(lambda row: DeliveredCard(**row))
            return DeliveredCardsAnswer(told.rows, _CARDS.cursor(found.last))

        return await desk.look_up(query)

    return [send, count, list_all, look, cards]


def instant_routes(desk: Desk, issuance: Issuance, instant: InstantIssue) -> list[HTTPRouteHandler]:
    """The routes of instant issue."""

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/instant-issue",
        ("clerk",),
        "即时制卡 · Make a card on the spot: its image",
        CardIsUnknown,
        SiteIsUnknown,
        refusals.SiteMakesNoCards,
        refusals.CardIsMadeElsewhere,
        status=200,
    )
    async def begin(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[OnTheSpotBody]
    ) -> Response[OnTheSpotAnswer]:
        # The image holds keys: the answer kept for replays is the card's id only.
        return await desk.perform_and_reveal(
            request,
            lambda tx: CardReference(
                instant.begin(tx, card_id, data.site_id, request.user.name).card_id
            ),
            lambda tx, kept: OnTheSpotAnswer(kept.card_id, issuance.image_of(tx, kept.card_id)),
            CardReference,
        )

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/instant-issue/completion",
        ("clerk",),
        "即时制卡交付 · The card made on the spot is handed over",
        CardStateForbids,
        IdentityDocumentIsInvalid,
        DocumentIsNotTheHolders,
        HistoricalBytesDiffer,
        refusals.CardIsNotMadeOnTheSpot,
        status=200,
    )
    async def finish(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[FinishBody]
    ) -> Response[CardAnswer]:
        def work(tx: Transaction) -> CardAnswer:
            chip, by = data.historical_bytes.upper(), request.user.name
            return card_answer(instant.finish(tx, card_id, chip, data.document, by))

        return await desk.perform(request, work)

    return [begin, finish]
