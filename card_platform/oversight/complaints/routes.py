"""HTTP routes of complaints; filing, status and feedback are open to the public."""

from __future__ import annotations

from typing import Annotated

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from card_platform.oversight.complaints import store
from card_platform.oversight.complaints.model import ComplaintState, Kind
from card_platform.oversight.complaints.refusals import (
    ChannelIsNotTheCallers,
    ComplaintIsUnknown,
    ComplaintStateForbids,
    RegionIsOwn,
)
from card_platform.oversight.complaints.service import Complaints
from card_platform.oversight.complaints.shapes import (
    Answering,
    ComplaintAnswer,
    ComplaintsAnswer,
    Feedback,
    Filing,
    FilingAnswer,
    FilingReference,
    Nothing,
    PassingOn,
    StatisticsAnswer,
    StatusRequest,
    complaint_answer,
)
from card_platform.storage import Transaction
from card_platform.storage.tally import count_by
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.authorisation import allow_public
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("oversight")
_LIST = PagedList("complaints", str)

_STAFF = ("clerk", "supervisor")
_SEEN_BY = ("clerk", "supervisor", "inspector")
_STEP_REFUSALS = (ComplaintIsUnknown, ComplaintStateForbids)


def complaint_routes(desk: Desk, complaints: Complaints) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [*_public_routes(desk, complaints), *_staff_routes(desk, complaints)]


def _public_routes(desk: Desk, complaints: Complaints) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/complaints",
        allow_public("clerk", "supervisor", "holder", "agent", "bank"),
        "咨询、投诉、举报 · File a consultation, complaint or report",
        ChannelIsNotTheCallers,
    )
    async def file(request: ApiRequest, data: JSONBody[Filing]) -> Response[FilingAnswer]:
        def work(tx: Transaction) -> FilingReference:
            asked = {name: getattr(data, name) for name in data.__struct_fields__}
            by, own_card = request.user.name, request.user.card_id
            return FilingReference(complaints.file(tx, by=by, own_card=own_card, **asked).number)

        def reveal(tx: Transaction, filed: FilingReference) -> FilingAnswer:
            found = complaints.look(tx, filed.number)
            secret = complaints.secret_of(filed.number)
            by = complaints.pass_on_by(found)
            return FilingAnswer(filed.number, secret, found.state.value, found.due_at, by)

        return await desk.perform_and_reveal(request, work, reveal, FilingReference, status=201)

    @_ROUTES.creates(
        "/v1/complaints/{number:str}/status",
        allow_public(*_SEEN_BY),
        "查询办理情况 · The status, for its filer",
        ComplaintIsUnknown,
        status=200,
    )
    async def status(
        number: FromPath[str], data: JSONBody[StatusRequest]
    ) -> Response[ComplaintAnswer]:
        return await desk.look_up(
            lambda tx: complaint_answer(complaints.status(tx, number, data.secret))
        )

    @_ROUTES.creates(
        "/v1/complaints/{number:str}/feedback",
        allow_public(*_SEEN_BY),
        "反馈是否满意 · Whether the answer will do",
        *_STEP_REFUSALS,
        status=200,
    )
    async def give_feedback(
        request: ApiRequest, number: FromPath[str], data: JSONBody[Feedback]
    ) -> Response[ComplaintAnswer]:
        def work(tx: Transaction) -> ComplaintAnswer:
            by, satisfied = request.user.name, data.satisfied
            return complaint_answer(
                complaints.give_feedback(tx, number, data.secret, satisfied=satisfied, by=by)
            )

        return await desk.perform(request, work)

    return [file, status, give_feedback]


def _staff_routes(desk: Desk, complaints: Complaints) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/complaints/{number:str}/taking",
        _STAFF,
        "受理 · Take it in hand",
        *_STEP_REFUSALS,
        status=200,
    )
    async def take(
        request: ApiRequest, number: FromPath[str], data: JSONBody[Nothing]
    ) -> Response[ComplaintAnswer]:
        assert data is not None  # noqa: S101 - an empty body is asked for all the same
        by = request.user.name
        return await desk.perform(
            request, lambda tx: complaint_answer(complaints.take(tx, number, by))
        )

    @_ROUTES.creates(
        "/v1/complaints/{number:str}/answer", _STAFF, "答复 · Answer", *_STEP_REFUSALS, status=200
    )
    async def answer(
        request: ApiRequest, number: FromPath[str], data: JSONBody[Answering]
    ) -> Response[ComplaintAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: complaint_answer(complaints.answer(tx, number, data.text, by))
        )

    @_ROUTES.creates(
        "/v1/complaints/{number:str}/passing-on",
        _STAFF,
        "转其他地区办理 · Pass on to another region",
        *_STEP_REFUSALS,
        RegionIsOwn,
        status=200,
    )
    async def pass_on(
        request: ApiRequest, number: FromPath[str], data: JSONBody[PassingOn]
    ) -> Response[ComplaintAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: complaint_answer(complaints.pass_on(tx, number, data.region, by))
        )

    @_ROUTES.lists("/v1/complaints", _SEEN_BY, "咨询投诉列表 · List complaints")
    async def list_all(
        in_state: Annotated[ComplaintState | None, QueryParameter(name="state")] = None,
        kind: FromQuery[Kind | None] = None,
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[ComplaintsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> ComplaintsAnswer:
            found = store.listed(tx, in_state, kind, page).made(complaint_answer)
            return ComplaintsAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads("/v1/complaint-statistics", _SEEN_BY, "咨询投诉统计 · Statistics of complaints")
    async def tell_statistics() -> Response[StatisticsAnswer]:
        return await desk.look_up(statistics)

    @_ROUTES.reads(
        "/v1/complaints/{number:str}", _SEEN_BY, "查看 · Look at one", ComplaintIsUnknown
    )
    async def look(number: FromPath[str]) -> Response[ComplaintAnswer]:
        return await desk.look_up(lambda tx: complaint_answer(complaints.look(tx, number)))

    return [take, answer, pass_on, list_all, tell_statistics, look]


def statistics(tx: Transaction) -> StatisticsAnswer:
    """The figures of complaints."""
    by_kind, by_channel, by_state = (
        count_by(tx, store.COMPLAINTS, name) for name in ("kind", "channel", "state")
    )
    late, passed = store.count_overdue(tx), store.count_passed(tx)
    return StatisticsAnswer(by_kind, by_channel, by_state, *late, *passed)
