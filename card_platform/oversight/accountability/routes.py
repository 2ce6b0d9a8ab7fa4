"""HTTP routes and shapes of cases; the inspector's."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from card_platform.oversight.accountability import store
from card_platform.oversight.accountability.model import Case, CaseAction, CaseKind, CaseState
from card_platform.oversight.accountability.refusals import (
    CaseIsUnknown,
    CaseKindIsUnknown,
    CaseStateForbids,
    ReportIsUnknown,
)
from card_platform.oversight.accountability.service import Accountability
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody

_ROUTES = Routes("oversight")
_LIST = PagedList("accountability-cases", str)

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Long = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
DAYS_MAX = 365


class CaseRequest(RequestBody, frozen=True):
    """Against whom, for what; `report_number` is that of a report filed."""

    kind: Short
    against: Literal["institution", "staff"]
    respondent: Short
    facts: Long
    report_number: Short | None = None


class Order(RequestBody, frozen=True):
    """What to correct, within how many days."""

    text: Long
    days: Annotated[int, msgspec.Meta(ge=1, le=DAYS_MAX)]


class Decision(RequestBody, frozen=True):
    """A step that ends or goes on: what was mended, or why."""

    action: Literal["mend", "confirm", "dismiss", "refer"]
    text: Long


class CaseAnswer(msgspec.Struct, frozen=True):
    """A case."""

    case_id: str
    kind: str
    against: str
    respondent: str
    facts: str
    report_number: str | None
    state: str
    state_since: str
    opened_at: str
    order_text: str | None
    due_at: str | None
    overdue_since: str | None
    outcome: str | None
    mending: str | None


class CasesAnswer(msgspec.Struct, frozen=True):
    """Cases, the latest first."""

    cases: list[CaseAnswer]
    next: str | None


class KindsAnswer(msgspec.Struct, frozen=True):
    """The kinds this region tries."""

    kinds: list[CaseKind]


def accountability_routes(desk: Desk, accountability: Accountability) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    inspector = ("inspector",)

    @_ROUTES.reads(
        "/v1/accountability/kinds", ("clerk", "inspector"), "禁止行为种类 · Kinds of cases"
    )
    async def list_kinds() -> Response[KindsAnswer]:
        return await desk.look_up(lambda _tx: KindsAnswer(accountability.kinds()))

    @_ROUTES.creates(
        "/v1/accountability/cases",
        inspector,
        "立案 · Open a case",
        CaseKindIsUnknown,
        ReportIsUnknown,
    )
    async def open_case(request: ApiRequest, data: JSONBody[CaseRequest]) -> Response[CaseAnswer]:
        asked = {name: getattr(data, name) for name in data.__struct_fields__}
        by = request.user.name
        return await desk.perform(
            request, lambda tx: _answer(accountability.open(tx, by=by, **asked)), status=201
        )

    @_ROUTES.creates(
        "/v1/accountability/cases/{case_id:str}/order",
        inspector,
        "责令改正 · Order to correct",
        CaseIsUnknown,
        CaseStateForbids,
        status=200,
    )
    async def order(
        request: ApiRequest, case_id: FromPath[str], data: JSONBody[Order]
    ) -> Response[CaseAnswer]:
        told = {"text": data.text, "days": data.days, "by": request.user.name}
        return await desk.perform(
            request,
            lambda tx: _answer(accountability.order(tx, case_id, **told)),  # type: ignore[arg-type]
        )

    @_ROUTES.creates(
        "/v1/accountability/cases/{case_id:str}/decision",
        inspector,
        "整改、结案、移送 · Mend, confirm, dismiss or refer",
        CaseIsUnknown,
        CaseStateForbids,
        status=200,
    )
    async def decide(
        request: ApiRequest, case_id: FromPath[str], data: JSONBody[Decision]
    ) -> Response[CaseAnswer]:
        action, by = CaseAction(data.action), request.user.name
        return await desk.perform(
            request,
            lambda tx: _answer(accountability.decide(tx, case_id, action, text=data.text, by=by)),
        )

    @_ROUTES.lists("/v1/accountability/cases", inspector, "案件列表 · List cases")
    async def list_all(
        in_state: Annotated[CaseState | None, QueryParameter(name="state")] = None,
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[CasesAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> CasesAnswer:
            found = store.listed(tx, in_state, page).made(_answer)
            return CasesAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        "/v1/accountability/cases/{case_id:str}", inspector, "查看案件 · Look", CaseIsUnknown
    )
    async def look(case_id: FromPath[str]) -> Response[CaseAnswer]:
        return await desk.look_up(lambda tx: _answer(accountability.look(tx, case_id)))

    return [list_kinds, open_case, order, decide, list_all, look]


def _answer(case: Case) -> CaseAnswer:
    return CaseAnswer(**{name: getattr(case, name) for name in CaseAnswer.__struct_fields__})
