"""HTTP routes of applications made online; filing, status and withdrawal are open to the public."""

from __future__ import annotations

from typing import Annotated

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from card_platform.issuance import refusals
from card_platform.issuance.online import store
from card_platform.issuance.online.model import OnlineApplication, OnlineState
from card_platform.issuance.online.refusals import (
    OnlineApplicationIsUnknown,
    OnlineApplicationStateForbids,
)
from card_platform.issuance.online.service import OnlineApplications
from card_platform.issuance.online.shapes import (
    OnlineApplicationAnswer,
    OnlineApplicationBody,
    OnlineApplicationsAnswer,
    OnlineDecision,
    OnlineFiledAnswer,
    OnlineReference,
    OnlineSecret,
    OnlineStatusAnswer,
)
from card_platform.issuance.production.store import delivery_of
from card_platform.issuance.store import find_card
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.authorisation import allow_public
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("issuance")
_LIST = PagedList("online-applications", str)
_PATH = "/v1/online-applications"
_CHECKS = (
    refusals.RegionIsNotServed,
    refusals.ApplicationFormIsMissing,
    refusals.IdentityDocumentIsMissing,
    refusals.IdentityDocumentIsInvalid,
    refusals.NotEntitled,
    refusals.MandateIsMissing,
    refusals.MandateIsInvalid,
)
_STEPS = (OnlineApplicationIsUnknown, OnlineApplicationStateForbids)


def online_routes(desk: Desk, online: OnlineApplications) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    def tell(tx: Transaction, found: OnlineApplication) -> OnlineStatusAnswer:
        card = find_card(tx, found.card_id) if found.card_id else None
        sent = delivery_of(tx, found.card_id) if found.card_id else None
        return OnlineStatusAnswer(
            found.number,
            found.state,
            found.state_since,
            found.filed_at,
            found.due_at,
            online.is_late(found),
            found.reason,
            found.collection_site,
            found.card_id,
            card.state.value if card else None,
            sent[1] if sent else None,
        )

    @_ROUTES.creates(
        _PATH, allow_public("clerk"), "网上申领社会保障卡 · Apply for a card online", *_CHECKS
    )
    async def file(
        request: ApiRequest, data: JSONBody[OnlineApplicationBody]
    ) -> Response[OnlineFiledAnswer]:
        def reveal(tx: Transaction, kept: OnlineReference) -> OnlineFiledAnswer:
            secret = online.secret_of(kept.number)
            found = online.status(tx, kept.number, secret)
            return OnlineFiledAnswer(found.number, secret, found.state, found.due_at)

        return await desk.perform_and_reveal(
            request,
            lambda tx: OnlineReference(
                online.file(tx, data.application(), request.user.name).number
            ),
            reveal,
            OnlineReference,
            status=201,
        )

    @_ROUTES.creates(
        f"{_PATH}/{{number:str}}/status",
        allow_public("clerk"),
        "网上申领进度 · How far an online application is",
        OnlineApplicationIsUnknown,
        status=200,
    )
    async def status(
        number: FromPath[str], data: JSONBody[OnlineSecret]
    ) -> Response[OnlineStatusAnswer]:
        return await desk.look_up(lambda tx: tell(tx, online.status(tx, number, data.secret)))

    @_ROUTES.creates(
        f"{_PATH}/{{number:str}}/withdrawal",
        allow_public("clerk"),
        "撤回网上申领 · The applicant takes it back",
        *_STEPS,
        status=200,
    )
    async def withdraw(
        request: ApiRequest, number: FromPath[str], data: JSONBody[OnlineSecret]
    ) -> Response[OnlineStatusAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: tell(tx, online.withdraw(tx, number, data.secret, by))
        )

    @_ROUTES.creates(
        f"{_PATH}/{{number:str}}/decision",
        ("clerk",),
        "审核网上申领 · Decide on an online application",
        *_STEPS,
        *_CHECKS,
        refusals.PersonAlreadyHoldsCard,
        status=200,
    )
    async def decide(
        request: ApiRequest, number: FromPath[str], data: JSONBody[OnlineDecision]
    ) -> Response[OnlineStatusAnswer]:
        by, grants = request.user.name, data.decision == "grant"
        return await desk.perform(
            request,
            lambda tx: tell(tx, online.decide(tx, number, data.reason, by, grants=grants)),
        )

    @_ROUTES.lists(_PATH, ("clerk", "supervisor"), "网上申领列表 · Online applications")
    async def list_all(
        in_state: Annotated[OnlineState | None, QueryParameter(name="state")] = None,
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[OnlineApplicationsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> OnlineApplicationsAnswer:
            found = store.listed(tx, in_state, page)
            told = [tell(tx, each) for each in found.rows]
            return OnlineApplicationsAnswer(told, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        f"{_PATH}/{{number:str}}",
        ("clerk",),
        "网上申领表（查询留痕）· One with its form; the reading is on record",
        OnlineApplicationIsUnknown,
    )
    async def look(request: ApiRequest, number: FromPath[str]) -> Response[OnlineApplicationAnswer]:
        def work(tx: Transaction) -> OnlineApplicationAnswer:
            found, sent = online.read(tx, number, request.user.name)
            return OnlineApplicationAnswer(tell(tx, found), sent)

        return await desk.record(work)

    return [file, status, withdraw, decide, list_all, look]
