"""HTTP routes of lending, at a library's terminals."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.exchange.refusals import NoAgreementCovers, ParticipantIsUnknown
from card_platform.services.places.acts.routes import COMING, FROM_ELSEWHERE, Reception
from card_platform.services.places.acts.shapes import ActAnswer, ShownBody, act_answer
from card_platform.services.places.lending import refusals
from card_platform.services.places.lending.returns import Returns
from card_platform.services.places.lending.service import Lending
from card_platform.services.places.lending.shapes import (
    LoanBody,
    ReaderAnswer,
    ReturnAnswer,
    ReturnBody,
    return_answer,
)
from card_platform.storage import Transaction
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("places")
_TERMINAL = ("terminal",)
_OFFER = "/v1/offers/{offer_id:str}"


def lending_routes(
    desk: Desk, lending: Lending, returns: Returns, reception: Reception
) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    offers = lending.acts.offers

    @_ROUTES.creates(
        f"{_OFFER}/readers", _TERMINAL, "凭卡注册读者 · Register a reader by card",
        *COMING, *FROM_ELSEWHERE, refusals.ReaderIsRegistered,
    )  # fmt: skip
    async def register(
        request: ApiRequest, offer_id: FromPath[str], data: JSONBody[ShownBody]
    ) -> Response[ReaderAnswer]:
        caller = request.user
        data.shown()
        found = await reception.from_elsewhere(offer_id, data, caller)

        def work(tx: Transaction) -> ReaderAnswer:
            offer = offers.at(tx, offer_id, caller)
            visitor = reception.here(tx, found, data, caller)
            at = lending.register(tx, offer, visitor)
            return ReaderAnswer(offer_id, visitor.card_number, at)

        return await desk.perform(request, work, 201)

    @_ROUTES.creates(
        f"{_OFFER}/loans", _TERMINAL, "外借 · Lend a copy", *COMING, *FROM_ELSEWHERE,
        refusals.ReaderIsNotRegistered, refusals.LoanIsOverdue, refusals.LoansAreAtTheirLimit,
        refusals.CopyIsLent,
    )  # fmt: skip
    async def lend(
        request: ApiRequest, offer_id: FromPath[str], data: JSONBody[LoanBody]
    ) -> Response[ActAnswer]:
        caller = request.user
        data.shown()
        found = await reception.from_elsewhere(offer_id, data, caller)

        def work(tx: Transaction) -> ActAnswer:
            offer = offers.at(tx, offer_id, caller)
            visitor = reception.here(tx, found, data, caller)
            return act_answer(lending.lend(tx, offer, visitor, data.copy, caller.name))

        return await desk.perform(request, work, 201)

    @_ROUTES.creates(
        f"{_OFFER}/renewals", _TERMINAL, "续借 · Renew a loan", *COMING, *FROM_ELSEWHERE,
        refusals.CopyIsNotLent, refusals.LoanIsOverdue, refusals.RenewalsAreUsedUp, status=200,
    )  # fmt: skip
    async def renew(
        request: ApiRequest, offer_id: FromPath[str], data: JSONBody[LoanBody]
    ) -> Response[ActAnswer]:
        caller = request.user
        data.shown()
        found = await reception.from_elsewhere(offer_id, data, caller)

        def work(tx: Transaction) -> ActAnswer:
            offer = offers.at(tx, offer_id, caller)
            visitor = reception.here(tx, found, data, caller)
            return act_answer(lending.renew(tx, offer, visitor, data.copy, caller.name))

        return await desk.perform(request, work)

    @_ROUTES.creates(
        "/v1/loan-returns", _TERMINAL, "还书，本地或者外地的 · Take a copy back",
        refusals.SiteLendsNothing, refusals.CopyIsNotLent, NoAgreementCovers, ParticipantIsUnknown,
    )  # fmt: skip
    async def take(request: ApiRequest, data: JSONBody[ReturnBody]) -> Response[ReturnAnswer]:
        caller = request.user

        def work(tx: Transaction) -> ReturnAnswer:
            return return_answer(returns.take(tx, data.copy, data.region, caller))

        return await desk.perform(request, work, 201)

    @_ROUTES.reads(
        "/v1/loan-returns/{return_id:str}", _TERMINAL, "还书记录 · A return",
        refusals.ReturnIsUnknown,
    )  # fmt: skip
    async def look(request: ApiRequest, return_id: FromPath[str]) -> Response[ReturnAnswer]:
        caller = request.user
        return await desk.look_up(lambda tx: return_answer(returns.look(tx, return_id, caller)))

    return [register, lend, renew, take, look]
