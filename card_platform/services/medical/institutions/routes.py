"""HTTP routes of designations: the department designates, everybody may read."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.services.medical.benefits.refusals import DaysAreReversed
from card_platform.services.medical.institutions import store
from card_platform.services.medical.institutions.refusals import (
    DesignationIsUnknown,
    DesignationStateForbids,
    LevelDoesNotFit,
    SiteIsDesignated,
)
from card_platform.services.medical.institutions.service import Institutions
from card_platform.services.medical.institutions.shapes import (
    DesignationAnswer,
    DesignationBody,
    DesignationsAnswer,
    DesignationStep,
    designation_answer,
)
from card_platform.services.sites.refusals import SiteIsUnknown
from card_platform.storage import Transaction
from card_platform.web import ANYONE, LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("medical")
_LIST = PagedList("medical-designations", str)
_DEPARTMENT = ("department",)


def institution_routes(desk: Desk, institutions: Institutions) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.creates(
        "/v1/medical/designations",
        _DEPARTMENT,
        "确定定点医疗机构、药店 · Designate an institution or pharmacy",
        SiteIsUnknown,
        SiteIsDesignated,
        LevelDoesNotFit,
        DaysAreReversed,
    )
    async def designate(
        request: ApiRequest, data: JSONBody[DesignationBody]
    ) -> Response[DesignationAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> DesignationAnswer:
            made = institutions.designate(
                tx,
                site_id=data.site_id,
                kind=data.kind,
                level=data.level,
                from_day=data.from_day,
                until=data.until,
                by=by,
            )
            return designation_answer(made)

        return await desk.perform(request, work, 201)

    @_ROUTES.creates(
        "/v1/medical/designations/{designation_id:str}/steps",
        _DEPARTMENT,
        "中止、恢复、终止定点资格 · Suspend, resume or end a designation",
        DesignationIsUnknown,
        DesignationStateForbids,
        status=200,
    )
    async def change(
        request: ApiRequest, designation_id: FromPath[str], data: JSONBody[DesignationStep]
    ) -> Response[DesignationAnswer]:
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: designation_answer(
                institutions.change(tx, designation_id, data.action, data.reason, by)
            ),
        )

    @_ROUTES.lists(
        "/v1/medical/designations",
        ANYONE,
        "定点医疗机构、药店 · Designated institutions and pharmacies",
    )
    async def tell(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[DesignationsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> DesignationsAnswer:
            found = store.page_of_designations(tx, page)
            told = [designation_answer(each) for each in found.rows]
            return DesignationsAnswer(told, _LIST.cursor(found.last))

        return await desk.look_up(query)

    return [designate, change, tell]
