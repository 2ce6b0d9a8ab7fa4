"""HTTP routes of batch issue: lists of people, orders to the card maker, finished cards."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.production import store
from card_platform.issuance.production.application_lists import apply_for_all
from card_platform.issuance.production.orders import ProductionOrders
from card_platform.issuance.production.refusals import NothingToOrder, OrderIsUnknown
from card_platform.issuance.production.shapes import (
    ApplicationList,
    ApplicationListAnswer,
    ChipRefused,
    ChipReports,
    ChipReportsAnswer,
    ImagesAnswer,
    OrderAnswer,
    OrderedImage,
    OrdersAnswer,
    ProductionOrderBody,
    list_answer,
    order_answer,
    problem_of,
)
from card_platform.issuance.service import Issuance
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ISSUANCE = Routes("issuance")
_ROUTES = Routes("production")
_ORDERS, _IMAGES = PagedList("production-orders", str), PagedList("ordered-images", str)
_SEEN_BY = ("production", "clerk", "supervisor")
_PATH = "/v1/production-orders"
LIST_MAX_BYTES = 131_072
"""A list of a hundred people with long addresses."""


def order_routes(
    desk: Desk, issuance: Issuance, orders: ProductionOrders
) -> list[HTTPRouteHandler]:
    """The routes of batch issue."""

    @_ISSUANCE.creates(
        "/v1/application-lists",
        ("clerk",),
        "单位批量申领 · Apply for many people at once",
        status=200,
        body_max=LIST_MAX_BYTES,
    )
    async def apply(
        request: ApiRequest, data: JSONBody[ApplicationList]
    ) -> Response[ApplicationListAnswer]:
        def work(tx: Transaction) -> ApplicationListAnswer:
            people, by = data.applications(), request.user.name
            return list_answer(data.unit, apply_for_all(issuance, tx, people, by))

        return await desk.perform(request, work)

    @_ROUTES.creates(
        _PATH, ("production",), "批量下达制卡 · Order many cards at once", NothingToOrder
    )
    async def order(
        request: ApiRequest, data: JSONBody[ProductionOrderBody]
    ) -> Response[OrderAnswer]:
        def work(tx: Transaction) -> OrderAnswer:
            by = request.user.name
            made = orders.order(tx, data.collection_site, data.cards_max, by)
            return order_answer(made, store.states_of_order(tx, made.order_id))

        return await desk.perform(request, work, status=201)

    @_ROUTES.creates(
        f"{_PATH}/{{order_id:str}}/reports",
        ("production",),
        "批量制卡回盘 · Report finished cards",
        OrderIsUnknown,
        status=200,
    )
    async def report(
        request: ApiRequest, order_id: FromPath[str], data: JSONBody[ChipReports]
    ) -> Response[ChipReportsAnswer]:
        def work(tx: Transaction) -> ChipReportsAnswer:
            chips = [(each.card_id, each.historical_bytes.upper()) for each in data.reports]
            found = orders.report(tx, order_id, chips, request.user.name)
            refused = [
                ChipRefused(card_id, problem_of(refusal))
                for (card_id, _), refusal in zip(chips, found, strict=True)
                if refusal is not None
            ]
            return ChipReportsAnswer(len(chips) - len(refused), refused)

        return await desk.perform(request, work)

    return [apply, order, report, *_reading_routes(desk, issuance, orders)]


def _reading_routes(
    desk: Desk, issuance: Issuance, orders: ProductionOrders
) -> list[HTTPRouteHandler]:
    @_ROUTES.lists(_PATH, _SEEN_BY, "制卡批次及进度 · Orders and their progress")
    async def list_all(limit: Limit = LIMIT_DEFAULT, after: After = None) -> Response[OrdersAnswer]:
        page = _ORDERS.page(limit, after)

        def query(tx: Transaction) -> OrdersAnswer:
            found = store.page_of_orders(tx, page)
            told = [order_answer(each, store.states_of_order(tx, each.order_id))
                    for each in found.rows]  # fmt: skip
            return OrdersAnswer(told, _ORDERS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        f"{_PATH}/{{order_id:str}}", _SEEN_BY, "一个制卡批次 · One order", OrderIsUnknown
    )
    async def look(order_id: FromPath[str]) -> Response[OrderAnswer]:
        def query(tx: Transaction) -> OrderAnswer:
            return order_answer(orders.look(tx, order_id), store.states_of_order(tx, order_id))

        return await desk.look_up(query)

    @_ROUTES.lists(
        f"{_PATH}/{{order_id:str}}/images",
        ("production",),
        "批次的制卡数据 · Images of an order's cards",
        OrderIsUnknown,
    )
    async def images(
        order_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[ImagesAnswer]:
        page = _IMAGES.page(limit, after)

        def query(tx: Transaction) -> ImagesAnswer:
            orders.look(tx, order_id)
            found = store.page_of_cards_in_production(tx, order_id, page)
            told = [OrderedImage(each, issuance.image_of(tx, each)) for each in found.rows]
            return ImagesAnswer(told, _IMAGES.cursor(found.last))

        return await desk.look_up(query)

    return [list_all, look, images]
