"""HTTP routes of services other regions passed on: what waits here, and its decision."""

from __future__ import annotations

from typing import Annotated

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from card_platform.exchange.from_regions import store
from card_platform.exchange.from_regions.model import DecisionState
from card_platform.exchange.from_regions.refusals import (
    ServiceFromRegionIsUnknown,
    ServiceFromRegionStateForbids,
)
from card_platform.exchange.from_regions.service import ServicesFromRegions
from card_platform.exchange.from_regions.shapes import (
    ServiceDecisionBody,
    ServiceFromRegionAnswer,
    ServiceFromRegionRecord,
    ServicesFromRegionsAnswer,
    service_answer,
)
from card_platform.issuance.refusals import (
    CancellationReasonIsRefused,
    CardIsUnknown,
    CardStateForbids,
)
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("exchange")
_LIST = PagedList("services-from-regions", str)
_PATH = "/v1/services-from-regions"


def from_region_routes(desk: Desk, passed: ServicesFromRegions) -> list[HTTPRouteHandler]:
    """The routes of what waits here."""

    @_ROUTES.lists(
        _PATH,
        ("supervisor", "auditor"),
        "其他地区受理、由本地决定的业务 · Services passed on by other regions for a decision here",
    )
    async def list_all(
        in_state: Annotated[DecisionState | None, QueryParameter(name="state")] = None,
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[ServicesFromRegionsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> ServicesFromRegionsAnswer:
            found = store.listed(tx, in_state, page).made(service_answer)
            return ServicesFromRegionsAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        f"{_PATH}/{{number:str}}",
        ("supervisor",),
        "一项业务及其证明材料（查询留痕）· One with its evidence; the reading is on record",
        ServiceFromRegionIsUnknown,
    )
    async def look(request: ApiRequest, number: FromPath[str]) -> Response[ServiceFromRegionRecord]:
        def work(tx: Transaction) -> ServiceFromRegionRecord:
            found, sent = passed.read(tx, number, request.user.name)
            return ServiceFromRegionRecord(service_answer(found), sent)

        return await desk.record(work)

    @_ROUTES.creates(
        f"{_PATH}/{{number:str}}/decision",
        ("supervisor",),
        "决定其他地区受理的业务 · Decide a service another region passed on",
        ServiceFromRegionIsUnknown,
        ServiceFromRegionStateForbids,
        CardIsUnknown,
        CardStateForbids,
        CancellationReasonIsRefused,
        status=200,
    )
    async def decide(
        request: ApiRequest, number: FromPath[str], data: JSONBody[ServiceDecisionBody]
    ) -> Response[ServiceFromRegionAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> ServiceFromRegionAnswer:
            if data.decision == "grant":
                return service_answer(passed.grant(tx, number, data.reason, by))
            return service_answer(passed.refuse(tx, number, data.why_not, by))

        return await desk.perform(request, work)

    return [list_all, look, decide]
