"""HTTP routes of treatment elsewhere: registering other regions' holders, previews, clearings."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.exchange.courier import Courier
from card_platform.exchange.medical import stays_store, store
from card_platform.exchange.medical.refusals import (
    ClearingIsOpen,
    ClearingIsUnknown,
    FiguresAreImpossible,
)
from card_platform.exchange.medical.shapes import (
    DayStatementsAnswer,
    ForeignVisitBody,
    PairOfDayAnswer,
    StaysAnswer,
    pair_answer,
    statement_answer,
    stay_answer,
)
from card_platform.exchange.medical.treating import ForeignPatients
from card_platform.exchange.refusals import EVERY_QUESTION, NoAgreementCovers
from card_platform.oversight.complaints.refusals import RegionIsOwn
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.medical.benefits.shapes import SharesAnswer, shares_answer
from card_platform.services.medical.filings.refusals import TreatmentElsewhereIsNotFiled
from card_platform.services.medical.visits.refusals import PatientIsAdmittedElsewhere
from card_platform.services.medical.visits.routes import BILL, REGISTERING, STEP
from card_platform.services.medical.visits.shapes import NothingMore, VisitAnswer, visit_answer
from card_platform.storage import Database, Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("medical")
_STAYS = PagedList("medical-stays-elsewhere", str, str, str)
_LIST = PagedList("medical-clearings", str, str, str)
_TERMINAL = ("terminal",)
_READERS = ("operator", "supervisor", "auditor")


def foreign_visit_routes(
    desk: Desk, database: Database, courier: Courier, patients: ForeignPatients
) -> list[HTTPRouteHandler]:
    """Other regions' holders, treated here."""

    @_ROUTES.creates(
        "/v1/medical/foreign-visits",
        _TERMINAL,
        "异地参保人员挂号、购药 · Register a holder of another region, or begin a sale",
        *REGISTERING,
        *CARD_REFUSALS.values(),
        RegionIsOwn,
        NoAgreementCovers,
        TreatmentElsewhereIsNotFiled,
        *EVERY_QUESTION,
    )
    async def register(
        request: ApiRequest, data: JSONBody[ForeignVisitBody]
    ) -> Response[VisitAnswer]:
        question, caller = data.question(), request.user
        await patients.require_eligible(database, courier, data.region, question, caller)
        return await desk.perform(
            request,
            lambda tx: visit_answer(
                patients.register(tx, data.region, question, data.registration(), caller)
            ),
            201,
        )

    @_ROUTES.creates(
        "/v1/medical/foreign-visits/{visit_id:str}/admission",
        _TERMINAL,
        "异地参保人员入院，先向参保地查询 · Admit a holder of another region, which is asked first",
        *STEP,
        PatientIsAdmittedElsewhere,
        RegionIsOwn,
        *EVERY_QUESTION,
        status=200,
    )
    async def admit(
        request: ApiRequest,
        visit_id: FromPath[str],
        data: JSONBody[NothingMore],  # noqa: ARG001 - checked to be empty
    ) -> Response[VisitAnswer]:
        caller = request.user
        await patients.require_no_stay(database, courier, visit_id, caller)
        return await desk.perform(
            request, lambda tx: visit_answer(patients.admit(tx, visit_id, caller))
        )

    @_ROUTES.reads(
        "/v1/medical/foreign-visits/{visit_id:str}/preview",
        _TERMINAL,
        "异地预结算 · What the holder's region would settle now",
        *BILL,
        RegionIsOwn,
        FiguresAreImpossible,
        *EVERY_QUESTION,
    )
    async def preview(request: ApiRequest, visit_id: FromPath[str]) -> SharesAnswer:
        return shares_answer(await patients.preview(database, courier, visit_id, request.user))

    return [register, admit, preview]


def medical_clearing_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The statements of the days, and stays elsewhere."""

    @_ROUTES.lists(
        "/v1/medical/clearings", _READERS, "异地就医清算 · Clearing of treatment elsewhere"
    )
    async def tell(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[DayStatementsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> DayStatementsAnswer:
            found = store.page_of_statements(tx, page).made(statement_answer)
            return DayStatementsAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        "/v1/medical/clearings/{region:str}/{day:str}",
        _READERS,
        "一日一对地区的清算 · The clearing of a day with a region, netted",
        ClearingIsOpen,
        ClearingIsUnknown,
    )
    async def look(region: FromPath[str], day: FromPath[str]) -> Response[PairOfDayAnswer]:
        def query(tx: Transaction) -> PairOfDayAnswer:
            if store.is_open(tx, region, day):
                raise ClearingIsOpen(region=region, day=day)
            claimed = store.find_statement(tx, region, day, "treating")
            owed = store.find_statement(tx, region, day, "insured")
            if claimed is None and owed is None:
                raise ClearingIsUnknown
            return pair_answer(region, day, claimed, owed)

        return await desk.look_up(query)

    @_ROUTES.lists(
        "/v1/medical/stays-elsewhere",
        _READERS,
        "本地参保人员的异地住院 · Stays of this region's holders elsewhere",
    )
    async def stays(limit: Limit = LIMIT_DEFAULT, after: After = None) -> Response[StaysAnswer]:
        page = _STAYS.page(limit, after)

        def query(tx: Transaction) -> StaysAnswer:
            found = stays_store.page_of_stays(tx, page).made(stay_answer)
            return StaysAnswer(found.rows, _STAYS.cursor(found.last))

        return await desk.look_up(query)

    return [tell, look, stays]
