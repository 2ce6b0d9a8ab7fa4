"""HTTP routes of cases and of the credit file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from card_platform.issuance.refusals import (
    CardIsUnknown,
    CardStateForbids,
    FreezeGroundIsRefused,
)
from card_platform.oversight.risk.cases import store
from card_platform.oversight.risk.cases.credit_file import CreditFile, Permission
from card_platform.oversight.risk.cases.model import RiskCase, RiskCaseAction, RiskCaseState
from card_platform.oversight.risk.cases.refusals import (
    AppealIsTooLate,
    CaseHasNoCard,
    CaseIsOfAnother,
    CreditFileHasNoGround,
    DeciderIsTheSame,
    HolderIsLikelyWronged,
    HolderIsUnknown,
    OpenerDoesNotDecide,
    RiskCaseIsUnknown,
    RiskCaseStateForbids,
)
from card_platform.oversight.risk.cases.service import RiskCases
from card_platform.oversight.risk.cases.shapes import (
    AppealDecision,
    AppealText,
    Assignment,
    CaseDecision,
    CaseFreeze,
    CreditFileQuery,
    CreditQueryAnswer,
    HolderCreditFileAnswer,
    OwnRiskCase,
    OwnRiskCasesAnswer,
    RiskCaseAnswer,
    RiskCaseRequest,
    RiskCasesAnswer,
    case_answer,
    entry_answer,
    own_case,
)
from card_platform.storage import Page, Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("risk")
_CASES = PagedList("risk-cases", str)
_OWN = PagedList("own-risk-cases", str)
_ENTRIES = PagedList("credit-file", str)
_INSPECTOR = ("inspector",)
_SEEN_BY = ("inspector", "supervisor", "auditor")
_STEP = (RiskCaseIsUnknown, RiskCaseStateForbids)


def risk_case_routes(desk: Desk, cases: RiskCases, credit: CreditFile) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        *_working_routes(desk, cases),
        *_appeal_routes(desk, cases),
        *_views(desk, cases),
        *_credit_routes(desk, credit),
    ]


def _working_routes(desk: Desk, cases: RiskCases) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/risk/cases",
        ("inspector", "supervisor"),
        "立案（风险）· Open a case by hand",
        CardIsUnknown,
    )
    async def open_case(
        request: ApiRequest, data: JSONBody[RiskCaseRequest]
    ) -> Response[RiskCaseAnswer]:
        asked = {name: getattr(data, name) for name in data.__struct_fields__}
        by = request.user.name
        return await desk.perform(
            request, lambda tx: case_answer(cases.open(tx, by=by, **asked)), status=201
        )

    @_ROUTES.creates(
        "/v1/risk/cases/{case_id:str}/assignment",
        ("inspector", "supervisor"),
        "分派案件 · Assign a case",
        *_STEP,
        status=200,
    )
    async def assign(
        request: ApiRequest, case_id: FromPath[str], data: JSONBody[Assignment]
    ) -> Response[RiskCaseAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: case_answer(cases.assign(tx, case_id, data.to, by))
        )

    @_ROUTES.creates(
        "/v1/risk/cases/{case_id:str}/freeze",
        ("supervisor",),
        "因案冻结卡片 · Freeze the card of a case",
        *_STEP,
        CaseHasNoCard,
        CardStateForbids,
        FreezeGroundIsRefused,
        status=200,
    )
    async def freeze(
        request: ApiRequest, case_id: FromPath[str], data: JSONBody[CaseFreeze]
    ) -> Response[RiskCaseAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: case_answer(cases.freeze(tx, case_id, data.ground, by))
        )

    @_ROUTES.creates(
        "/v1/risk/cases/{case_id:str}/decision",
        _INSPECTOR,
        "认定、认定系他人所为或排除 · Confirm, blame another or dismiss",
        *_STEP,
        CaseIsOfAnother,
        OpenerDoesNotDecide,
        HolderIsUnknown,
        HolderIsLikelyWronged,
        status=200,
    )
    async def decide(
        request: ApiRequest, case_id: FromPath[str], data: JSONBody[CaseDecision]
    ) -> Response[RiskCaseAnswer]:
        acts: dict[str, Callable[[Transaction, str, str, str], RiskCase]] = {
            "confirm": partial(cases.confirm, holder_answers=data.holder_answers),
            "blame_another": cases.blame_another,
            "dismiss": cases.dismiss,
        }
        act, by = acts[data.action], request.user.name
        return await desk.perform(request, lambda tx: case_answer(act(tx, case_id, data.text, by)))

    return [open_case, assign, freeze, decide]


def _appeal_routes(desk: Desk, cases: RiskCases) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/risk-cases/{case_id:str}/appeal",
        ("clerk", "holder"),
        "申诉 · The holder appeals",
        *_STEP,
        AppealIsTooLate,
        status=200,
    )
    async def appeal(
        request: ApiRequest,
        card_id: FromPath[str],
        case_id: FromPath[str],
        data: JSONBody[AppealText],
    ) -> Response[OwnRiskCase]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: own_case(cases.appeal(tx, case_id, data.text, by, card_id))
        )

    @_ROUTES.creates(
        "/v1/risk/cases/{case_id:str}/appeal-decision",
        ("inspector", "supervisor"),
        "申诉决定（由另一人作出）· Decide an appeal, by another person",
        *_STEP,
        DeciderIsTheSame,
        status=200,
    )
    async def decide_appeal(
        request: ApiRequest, case_id: FromPath[str], data: JSONBody[AppealDecision]
    ) -> Response[RiskCaseAnswer]:
        action, by = RiskCaseAction(data.action), request.user.name
        return await desk.perform(
            request,
            lambda tx: case_answer(cases.decide_appeal(tx, case_id, action, data.text, by)),
        )

    return [appeal, decide_appeal]


def _views(desk: Desk, cases: RiskCases) -> list[HTTPRouteHandler]:
    @_ROUTES.lists("/v1/risk/cases", _SEEN_BY, "风险案件列表 · List cases")
    async def list_cases(
        in_state: Annotated[RiskCaseState | None, QueryParameter(name="state")] = None,
        frozen: Annotated[bool | None, QueryParameter()] = None,
        overdue: Annotated[bool | None, QueryParameter()] = None,
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[RiskCasesAnswer]:
        page = _CASES.page(limit, after)

        def query(tx: Transaction) -> RiskCasesAnswer:
            found = store.listed(tx, page, state=in_state, frozen=frozen, overdue=overdue).made(
                case_answer
            )
            return RiskCasesAnswer(found.rows, _CASES.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        "/v1/risk/cases/{case_id:str}", _SEEN_BY, "查看风险案件 · Look", RiskCaseIsUnknown
    )
    async def look(case_id: FromPath[str]) -> Response[RiskCaseAnswer]:
        return await desk.look_up(lambda tx: case_answer(cases.look(tx, case_id)))

    @_ROUTES.lists(
        "/v1/cards/{card_id:str}/risk-cases",
        ("clerk", "holder"),
        "本人卡片的风险案件 · A holder's own cases",
    )
    async def list_own(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[OwnRiskCasesAnswer]:
        page = _OWN.page(limit, after)

        def query(tx: Transaction) -> OwnRiskCasesAnswer:
            found = store.listed(tx, page, card_id=card_id).made(own_case)
            return OwnRiskCasesAnswer(found.rows, _OWN.cursor(found.last))

        return await desk.look_up(query)

    return [list_cases, look, list_own]


def _credit_routes(desk: Desk, credit: CreditFile) -> list[HTTPRouteHandler]:
    @_ROUTES.lists(
        "/v1/cards/{card_id:str}/credit-file",
        ("clerk", "holder"),
        "本人诚信档案 · A holder's own credit file",
    )
    async def own_file(
        request: ApiRequest,
        card_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[HolderCreditFileAnswer]:
        page = _ENTRIES.page(limit, after)

        def work(tx: Transaction) -> HolderCreditFileAnswer:
            found = credit.own(tx, card_id, page).made(entry_answer)
            return HolderCreditFileAnswer(found.rows, _ENTRIES.cursor(found.last))

        await desk.decide(lambda tx: credit.note_own_look(tx, card_id, request.user.name))
        return await desk.look_up(work)

    @_ROUTES.creates(
        "/v1/credit-file-queries",
        ("inspector", "department"),
        "依法查询诚信档案 · Query a credit file by law",
        CreditFileHasNoGround,
        status=200,
    )
    async def query_file(
        request: ApiRequest, data: JSONBody[CreditFileQuery]
    ) -> Response[CreditQueryAnswer]:
        def work(tx: Transaction) -> Permission:
            return credit.permit(tx, data.card_number, data.purpose, request.user)

        def entries(tx: Transaction) -> CreditQueryAnswer:
            found = credit.own(tx, permitted.card_id, Page())
            return CreditQueryAnswer([entry_answer(each) for each in found.rows])

        permitted = await desk.settle(request, work, Permission)
        if permitted.refusal is not None:
            raise CreditFileHasNoGround
        return await desk.look_up(entries)

    return [own_file, query_file]
