"""HTTP routes of employment and insurance matters."""

from __future__ import annotations

from typing import Annotated

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from card_platform.exchange.employment_matters import JointMatters
from card_platform.exchange.refusals import NoAgreementCovers, ParticipantIsUnknown
from card_platform.issuance.ecards.refusals import CODE_REFUSALS
from card_platform.services.employment import store
from card_platform.services.employment.kinds import business
from card_platform.services.employment.model import MatterState
from card_platform.services.employment.refusals import (
    EnrolmentEndsBeforeItBegins,
    HolderIsEnrolled,
    HolderIsNotEnrolled,
    KindIsNotJoint,
    KindIsUnknown,
    MatterIsDecidedElsewhere,
    MatterIsUnknown,
    MatterStateForbids,
)
from card_platform.services.employment.service import Employment
from card_platform.services.employment.shapes import (
    EnrolmentsAnswer,
    KindsAnswer,
    MatterAnswer,
    MatterBody,
    MattersAnswer,
    StepBody,
    enrolment_answer,
    kind_answer,
    matter_answer,
)
from card_platform.services.identity.refusals import CARD_REFUSALS, ShownCardIsUnknown
from card_platform.storage import Transaction
from card_platform.web import ANYONE, LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("employment")
_LIST = PagedList("employment-matters", str)
_MATTERS = "/v1/employment/matters"
_TAKEN_IN_BY = ("clerk", "terminal")
_STAFF = ("clerk", "supervisor")
_EFFECT_REFUSALS = (HolderIsEnrolled, HolderIsNotEnrolled, EnrolmentEndsBeforeItBegins)


def employment_routes(
    desk: Desk, employment: Employment, joint: JointMatters
) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.reads(
        "/v1/employment/kinds", ANYONE, "人社业务种类 · Kinds of employment and insurance business"
    )
    async def tell_kinds() -> Response[KindsAnswer]:
        kinds = [kind_answer(each) for each in business().kinds.values()]
        return Response(KindsAnswer(kinds, sum(each.is_joint for each in kinds)))

    @_ROUTES.creates(
        _MATTERS,
        _TAKEN_IN_BY,
        "受理人社业务 · Take a matter in, by card or code",
        KindIsUnknown,
        KindIsNotJoint,
        NoAgreementCovers,
        ParticipantIsUnknown,
        *CARD_REFUSALS.values(),
        *CODE_REFUSALS.values(),
        *_EFFECT_REFUSALS,
    )
    async def take_in(request: ApiRequest, data: JSONBody[MatterBody]) -> Response[MatterAnswer]:
        shown, by = data.alone(), request.user.name

        def work(tx: Transaction) -> MatterAnswer:
            taken = joint.take_in(
                tx, region=data.region, kind=data.kind, shown=shown, facts=data.facts, by=by
            )
            return matter_answer(taken)

        return await desk.perform(request, work, status=201)

    @_ROUTES.creates(
        f"{_MATTERS}/{{number:str}}/steps",
        _STAFF,
        "办理一步 · Take a step with a matter",
        MatterIsUnknown,
        MatterStateForbids,
        MatterIsDecidedElsewhere,
        *_EFFECT_REFUSALS,
        status=200,
    )
    async def step(
        request: ApiRequest, number: FromPath[str], data: JSONBody[StepBody]
    ) -> Response[MatterAnswer]:
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: matter_answer(employment.step(tx, number, data.action, data.text, by)),
        )

    return [tell_kinds, take_in, step, *_reading_routes(desk, employment)]


def _reading_routes(desk: Desk, employment: Employment) -> list[HTTPRouteHandler]:
    @_ROUTES.lists(_MATTERS, _STAFF, "人社业务列表 · List matters")
    async def list_all(
        in_state: Annotated[MatterState | None, QueryParameter(name="state")] = None,
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[MattersAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> MattersAnswer:
            found = store.listed(tx, in_state, None, page).made(matter_answer)
            return MattersAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.lists(
        "/v1/cards/{card_id:str}/employment-matters",
        (*_STAFF, "holder"),
        "持卡人的人社业务 · A holder's matters",
    )
    async def list_own(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[MattersAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> MattersAnswer:
            found = store.listed(tx, None, card_id, page).made(matter_answer)
            return MattersAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        f"{_MATTERS}/{{number:str}}",
        (*_STAFF, "terminal"),
        "查看业务 · One matter",
        MatterIsUnknown,
    )
    async def look(number: FromPath[str]) -> Response[MatterAnswer]:
        return await desk.look_up(lambda tx: matter_answer(employment.look(tx, number)))

    @_ROUTES.reads(
        "/v1/cards/{card_id:str}/insurance-enrolments",
        (*_STAFF, "holder"),
        "参保记录（查询留痕） · A holder's enrolments; the reading is on record",
        ShownCardIsUnknown,
    )
    async def tell_enrolments(
        request: ApiRequest, card_id: FromPath[str]
    ) -> Response[EnrolmentsAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> EnrolmentsAnswer:
            found = employment.enrolments(tx, card_id, by)
            return EnrolmentsAnswer([enrolment_answer(each) for each in found])

        return await desk.record(work)

    return [list_all, list_own, look, tell_enrolments]
