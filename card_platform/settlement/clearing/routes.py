"""HTTP routes of clearing."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.settlement.clearing import store
from card_platform.settlement.clearing.model import SheetAction
from card_platform.settlement.clearing.refusals import (
    ClearingDayHasNotEnded,
    ClearingDayIsClosed,
    ClearingDayIsUnknown,
    ClearingIsUnderWay,
    SheetIsUnknown,
    SheetStateForbids,
)
from card_platform.settlement.clearing.service import Clearing
from card_platform.settlement.clearing.shapes import (
    ClearingDayAnswer,
    ClearingDaysAnswer,
    RunRequest,
    SheetAnswer,
    SheetsAnswer,
    WorkingOff,
    day_answer,
    sheet_answer,
)
from card_platform.settlement.clearing.statements import (
    DayStatement,
    OperatorStatement,
    PairStatement,
    day_statement,
    operator_statement,
    pair_statement,
)
from card_platform.storage import Database, Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("clearing")
_DAYS = PagedList("clearing-days", str)
_DIFFERENCES = PagedList("clearing-differences", str)
_SEEN_BY = ("operator", "supervisor", "auditor")


def clearing_routes(desk: Desk, database: Database, clearing: Clearing) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        *_run_routes(desk, database, clearing),
        *_statement_routes(desk, clearing),
        *_difference_routes(desk, clearing),
    ]


def _run_routes(desk: Desk, database: Database, clearing: Clearing) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/clearing/days",
        ("operator",),
        "清算一日 · Clear a day",
        ClearingDayHasNotEnded,
        ClearingDayIsClosed,
        ClearingIsUnderWay,
        ClearingDayIsUnknown,
    )
    async def run(request: ApiRequest, data: JSONBody[RunRequest]) -> Response[ClearingDayAnswer]:
        by, day = request.user.name, data.day.isoformat()
        await desk.settle(
            request, lambda tx: day_answer(clearing.begin(tx, data.day, by)), ClearingDayAnswer
        )
        await clearing.finish(database, day)
        answer = await desk.look_up(lambda tx: day_answer(clearing.look(tx, day)))
        answer.status_code = 201
        return answer

    @_ROUTES.lists("/v1/clearing/days", _SEEN_BY, "清算日 · Days that were cleared")
    async def days(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[ClearingDaysAnswer]:
        page = _DAYS.page(limit, after)

        def query(tx: Transaction) -> ClearingDaysAnswer:
            found = store.page_of_days(tx, page).made(day_answer)
            return ClearingDaysAnswer(found.rows, _DAYS.cursor(found.last))

        return await desk.look_up(query)

    return [run, days]


def _statement_routes(desk: Desk, clearing: Clearing) -> list[HTTPRouteHandler]:
    @_ROUTES.reads(
        "/v1/clearing/days/{day:str}",
        _SEEN_BY,
        "清算日报 · The statement of a day",
        ClearingDayIsUnknown,
    )
    async def of_day(day: FromPath[str]) -> Response[DayStatement]:
        return await desk.look_up(lambda tx: day_statement(tx, clearing, day))

    @_ROUTES.reads(
        "/v1/clearing/days/{day:str}/operators/{operator:str}",
        _SEEN_BY,
        "运营单位清算单 · The statement of an operator",
        ClearingDayIsUnknown,
    )
    async def of_operator(
        day: FromPath[str], operator: FromPath[str]
    ) -> Response[OperatorStatement]:
        return await desk.look_up(lambda tx: operator_statement(tx, clearing, day, operator))

    @_ROUTES.reads(
        "/v1/clearing/days/{day:str}/regions/{region:str}",
        _SEEN_BY,
        "地区间清算单 · The statement with another region",
        ClearingDayIsUnknown,
    )
    async def of_pair(day: FromPath[str], region: FromPath[str]) -> Response[PairStatement]:
        return await desk.look_up(lambda tx: pair_statement(tx, clearing, day, region))

    return [of_day, of_operator, of_pair]


def _difference_routes(desk: Desk, clearing: Clearing) -> list[HTTPRouteHandler]:
    @_ROUTES.lists("/v1/clearing/differences", _SEEN_BY, "清算差异 · Sheets another region refused")
    async def differences(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[SheetsAnswer]:
        page = _DIFFERENCES.page(limit, after)

        def query(tx: Transaction) -> SheetsAnswer:
            found = store.page_of_disputed(tx, page).made(sheet_answer)
            return SheetsAnswer(found.rows, _DIFFERENCES.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.creates(
        "/v1/clearing/differences/{sheet_id:str}/working-off",
        ("operator",),
        "处理清算差异 · Send a refused sheet again, or give the claim up",
        SheetIsUnknown,
        SheetStateForbids,
        status=200,
    )
    async def work_off(
        request: ApiRequest, sheet_id: FromPath[str], data: JSONBody[WorkingOff]
    ) -> Response[SheetAnswer]:
        action, by = SheetAction(data.action), request.user.name

        def work(tx: Transaction) -> SheetAnswer:
            return sheet_answer(clearing.change(tx, sheet_id, action, by=by, reason=data.reason))

        return await desk.perform(request, work)

    return [differences, work_off]
