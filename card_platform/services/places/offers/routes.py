"""HTTP routes of offers: a department opens them, everybody reads them."""

from __future__ import annotations

from typing import Annotated

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from card_platform.services.places.offers import refusals, store
from card_platform.services.places.offers.service import Offers
from card_platform.services.places.offers.shapes import (
    OfferAnswer,
    OfferBody,
    OffersAnswer,
    OfferStepBody,
    offer_answer,
)
from card_platform.services.sites.refusals import SiteIsUnknown
from card_platform.settlement.ledger.refusals import AccountIsUnknown
from card_platform.storage import Transaction
from card_platform.web import ANYONE, LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("places")
_LIST = PagedList("offers", str)
AtSite = Annotated[
    str | None,
    QueryParameter(pattern=r"^[0-9a-z-]{1,64}$", description="网点编号 · Id of a site"),
]


def offer_routes(desk: Desk, offers: Offers) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.creates(
        "/v1/offers",
        ("department",),
        "开办服务项目 · Open an offer at a site",
        SiteIsUnknown,
        AccountIsUnknown,
        refusals.OfferItemIsNotServed,
    )
    async def open_offer(request: ApiRequest, data: JSONBody[OfferBody]) -> Response[OfferAnswer]:
        content, by = data.content(), request.user.name
        return await desk.perform(
            request, lambda tx: offer_answer(offers.open(tx, content, by)), 201
        )

    @_ROUTES.creates(
        "/v1/offers/{offer_id:str}/steps",
        ("department",),
        "暂停、恢复或者终止服务项目 · Suspend, resume or end an offer",
        refusals.OfferIsUnknown,
        refusals.OfferStateForbids,
        status=200,
    )
    async def change(
        request: ApiRequest, offer_id: FromPath[str], data: JSONBody[OfferStepBody]
    ) -> Response[OfferAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> OfferAnswer:
            return offer_answer(offers.change(tx, offer_id, data.action, data.reason, by))

        return await desk.perform(request, work)

    @_ROUTES.lists("/v1/offers", ANYONE, "服务项目 · What sites offer")
    async def read_offers(
        site: AtSite = None, limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[OffersAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> OffersAnswer:
            found = store.page_of_offers(tx, site, page).made(offer_answer)
            return OffersAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        "/v1/offers/{offer_id:str}", ANYONE, "一个服务项目 · An offer", refusals.OfferIsUnknown
    )
    async def read_offer(offer_id: FromPath[str]) -> Response[OfferAnswer]:
        return await desk.look_up(lambda tx: offer_answer(offers.look(tx, offer_id)))

    return [open_offer, change, read_offers, read_offer]
