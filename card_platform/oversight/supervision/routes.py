"""HTTP routes of supervision; the inspector's."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.oversight.supervision import store
from card_platform.oversight.supervision.model import Level
from card_platform.oversight.supervision.refusals import (
    BodyIsUnknown,
    FindingIsMended,
    FindingIsUnknown,
)
from card_platform.oversight.supervision.report import draw_report
from card_platform.oversight.supervision.service import Supervision
from card_platform.oversight.supervision.shapes import (
    BodyRequest,
    ControlsAnswer,
    FindingNumber,
    InspectionAnswer,
    InspectionLine,
    InspectionRequest,
    InspectionsAnswer,
    Mending,
    OversightReport,
    ProgressReport,
    ProgressRequest,
    Recorded,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("oversight")
_LIST = PagedList("security-inspections", str)

_INSPECTOR = ("inspector",)


def supervision_routes(
    desk: Desk, supervision: Supervision, clock: Clock, region: str
) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.reads("/v1/oversight-report", _INSPECTOR, "监督报告 · The oversight report")
    async def report() -> Response[OversightReport]:
        at = moment_of(clock.now())
        return await desk.look_up(lambda tx: draw_report(tx, at=at, region=region))

    return [
        report,
        *_inspection_routes(desk, supervision),
        *_coordination_routes(desk, supervision),
    ]


def _inspection_routes(desk: Desk, supervision: Supervision) -> list[HTTPRouteHandler]:
    @_ROUTES.creates("/v1/security-inspections", _INSPECTOR, "信息安全检查 · A security inspection")
    async def inspect(
        request: ApiRequest, data: JSONBody[InspectionRequest]
    ) -> Response[InspectionAnswer]:
        by = request.user.name
        return await desk.perform(request, lambda tx: supervision.inspect(tx, data, by), status=201)

    @_ROUTES.creates(
        "/v1/security-inspections/{inspection_id:str}/findings/{number:int}/mending",
        _INSPECTOR,
        "整改 · A finding is mended",
        FindingIsUnknown,
        FindingIsMended,
        status=200,
    )
    async def mend(
        request: ApiRequest,
        inspection_id: FromPath[str],
        number: FindingNumber,
        data: JSONBody[Mending],
    ) -> Response[InspectionAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: supervision.mend(tx, inspection_id, number, data.text, by)
        )

    @_ROUTES.lists(
        "/v1/security-inspections", ("inspector", "auditor"), "检查列表 · List inspections"
    )
    async def list_all(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[InspectionsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> InspectionsAnswer:
            found = store.page_of_inspections(tx, page).made(lambda row: InspectionLine(**row))
            return InspectionsAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        "/v1/security-inspections/{inspection_id:str}", _INSPECTOR, "查看检查 · Look at one"
    )
    async def look(inspection_id: FromPath[str]) -> Response[InspectionAnswer]:
        return await desk.look_up(lambda tx: supervision.look(tx, inspection_id))

    @_ROUTES.reads(
        "/v1/security-controls", ("inspector", "auditor"), "安全控制 · Security controls"
    )
    async def controls() -> Response[ControlsAnswer]:
        return await desk.look_up(supervision.controls)

    return [inspect, mend, list_all, look, controls]


def _coordination_routes(desk: Desk, supervision: Supervision) -> list[HTTPRouteHandler]:
    @_ROUTES.creates("/v1/coordination-bodies", _INSPECTOR, "登记协调机构 · A coordination body")
    async def found_body(request: ApiRequest, data: JSONBody[BodyRequest]) -> Response[Recorded]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: Recorded(supervision.found_body(tx, data, by)), status=201
        )

    @_ROUTES.creates(
        "/v1/coordination-bodies/{body_id:str}/progress",
        _INSPECTOR,
        "报告进展 · Report progress",
        BodyIsUnknown,
    )
    async def report_progress(
        request: ApiRequest, body_id: FromPath[str], data: JSONBody[ProgressRequest]
    ) -> Response[Recorded]:
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: Recorded(supervision.report_progress(tx, body_id, data, by)),
            status=201,
        )

    @_ROUTES.reads(
        "/v1/progress-reports/{level:str}",
        _INSPECTOR,
        "进展报告 · Progress of a level",
        BodyIsUnknown,
    )
    async def progress(level: FromPath[str]) -> Response[ProgressReport]:
        if level not in {each.value for each in Level}:
            raise BodyIsUnknown
        return await desk.look_up(lambda tx: supervision.progress(tx, Level(level)))

    return [found_body, report_progress, progress]
