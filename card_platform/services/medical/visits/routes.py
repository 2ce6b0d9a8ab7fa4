"""HTTP routes of visits: one for each step, at a terminal of the institution."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.ecards.refusals import CODE_REFUSALS
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.medical.benefits import refusals as benefit_refusals
from card_platform.services.medical.benefits.shapes import SharesAnswer, shares_answer
from card_platform.services.medical.held_bills.refusals import (
    BillIsHeld,
    BillOfDoubleStayIsRefused,
)
from card_platform.services.medical.institutions import refusals as institution_refusals
from card_platform.services.medical.visits import refusals, store
from card_platform.services.medical.visits.billing import Billing
from card_platform.services.medical.visits.discharge import Discharges
from card_platform.services.medical.visits.model import Visit
from card_platform.services.medical.visits.service import Visits
from card_platform.services.medical.visits.shapes import (
    ChargesBody,
    ConsultationBody,
    NothingMore,
    PaymentOfVisit,
    PrescriptionAnswer,
    PrescriptionBody,
    ReasonBody,
    ReceiptsAnswer,
    VisitAnswer,
    VisitBody,
    VisitsAnswer,
    prescription_answer,
    receipt_answer,
    visit_answer,
)
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("medical")
_LIST = PagedList("medical-visits", str)
_TERMINAL = ("terminal",)
_VISIT = "/v1/medical/visits/{visit_id:str}"
PLACE = (
    institution_refusals.InstitutionIsNotDesignated,
    institution_refusals.DesignationIsSuspended,
    institution_refusals.DesignationIsOutOfTime,
)
REGISTERING = (
    *PLACE,
    institution_refusals.InstitutionIsOfAnotherKind,
    benefit_refusals.PatientIsNotInsured,
    refusals.BuyerHasNoMandate,
    refusals.PrescriptionIsUnknown,
    refusals.PrescriptionStateForbids,
    refusals.PrescriptionHasExpired,
)
STEP = (*PLACE, refusals.VisitIsUnknown, refusals.VisitStateForbids)
_ITEMS = (refusals.ItemIsNotListed, refusals.ItemIsNoMedicine)
_LINES = (*_ITEMS, refusals.PrescriptionIsNeeded, refusals.LinesAreTooMany)
BILL = (
    refusals.VisitIsUnknown,
    refusals.VisitStateForbids,
    refusals.BillIsEmpty,
    refusals.BedDaysExceedStay,
)
_SETTLING = (
    BillIsHeld,
    benefit_refusals.PatientCardIsNotActive,
    benefit_refusals.PatientIsNotInsured,
    benefit_refusals.BillIsTooLarge,
)


def visit_routes(
    desk: Desk, visits: Visits, discharges: Discharges, billing: Billing
) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        *_treatment_routes(desk, visits),
        *_stay_routes(desk, visits, discharges),
        *_billing_routes(desk, billing),
        *_reading_routes(desk, visits, billing),
    ]


def _told(step: Callable[[Transaction], Visit]) -> Callable[[Transaction], VisitAnswer]:
    return lambda tx: visit_answer(step(tx))


def _treatment_routes(desk: Desk, visits: Visits) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/medical/visits",
        _TERMINAL,
        "挂号，或者开始购药 · Register a patient, or begin a sale",
        *REGISTERING,
        *CARD_REFUSALS.values(),
        *CODE_REFUSALS.values(),
    )
    async def register(request: ApiRequest, data: JSONBody[VisitBody]) -> Response[VisitAnswer]:
        shown, asked, caller = data.shown(), data.registration(), request.user
        work = _told(lambda tx: visits.register(tx, shown, asked, caller))
        return await desk.perform(request, work, 201)

    @_ROUTES.creates(
        f"{_VISIT}/consultation", _TERMINAL, "诊疗 · The consultation", *STEP, status=200
    )
    async def consult(
        request: ApiRequest, visit_id: FromPath[str], data: JSONBody[ConsultationBody]
    ) -> Response[VisitAnswer]:
        caller = request.user
        work = _told(lambda tx: visits.consult(tx, visit_id, data.diagnosis, caller))
        return await desk.perform(request, work)

    @_ROUTES.creates(
        f"{_VISIT}/charges", _TERMINAL, "费用明细 · Put lines on the bill", *STEP, *_LINES,
        status=200,
    )  # fmt: skip
    async def charge(
        request: ApiRequest, visit_id: FromPath[str], data: JSONBody[ChargesBody]
    ) -> Response[VisitAnswer]:
        charges, caller = data.charges(), request.user
        work = _told(lambda tx: visits.charge(tx, visit_id, charges, caller))
        return await desk.perform(request, work)

    @_ROUTES.creates(
        f"{_VISIT}/medicines", _TERMINAL, "院内处方 · Prescribe what the hospital hands out",
        *STEP, *_LINES, status=200,
    )  # fmt: skip
    async def prescribe_here(
        request: ApiRequest, visit_id: FromPath[str], data: JSONBody[ChargesBody]
    ) -> Response[VisitAnswer]:
        charges, caller = data.charges(), request.user
        work = _told(lambda tx: visits.prescribe_here(tx, visit_id, charges, caller))
        return await desk.perform(request, work)

    @_ROUTES.creates(
        f"{_VISIT}/prescriptions", _TERMINAL, "外配处方 · Prescribe for a pharmacy",
        *STEP, *_ITEMS,
    )  # fmt: skip
    async def prescribe(
        request: ApiRequest, visit_id: FromPath[str], data: JSONBody[PrescriptionBody]
    ) -> Response[PrescriptionAnswer]:
        items, caller = data.prescribed(), request.user

        def work(tx: Transaction) -> PrescriptionAnswer:
            _visit, made = visits.prescribe_for_pharmacy(tx, visit_id, items, caller)
            return prescription_answer(made)

        return await desk.perform(request, work, 201)

    return [register, consult, charge, prescribe_here, prescribe]


def _stay_routes(desk: Desk, visits: Visits, discharges: Discharges) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        f"{_VISIT}/admission", _TERMINAL, "入院 · Admit",
        *STEP, refusals.PatientIsAdmittedElsewhere, status=200,
    )  # fmt: skip
    async def admit(
        request: ApiRequest,
        visit_id: FromPath[str],
        data: JSONBody[NothingMore],  # noqa: ARG001 - checked to be empty
    ) -> Response[VisitAnswer]:
        caller = request.user
        return await desk.perform(request, _told(lambda tx: visits.admit(tx, visit_id, caller)))

    @_ROUTES.creates(f"{_VISIT}/discharge", _TERMINAL, "出院 · Discharge", *STEP, status=200)
    async def discharge(
        request: ApiRequest,
        visit_id: FromPath[str],
        data: JSONBody[NothingMore],  # noqa: ARG001 - checked to be empty
    ) -> Response[VisitAnswer]:
        caller = request.user
        work = _told(lambda tx: discharges.discharge(tx, visit_id, caller))
        return await desk.perform(request, work)

    @_ROUTES.creates(
        f"{_VISIT}/cancellation", _TERMINAL, "退号，或者放弃直接结算 · Give the visit up",
        *STEP, status=200,
    )  # fmt: skip
    async def cancel(
        request: ApiRequest,
        visit_id: FromPath[str],
        data: JSONBody[NothingMore],  # noqa: ARG001 - checked to be empty
    ) -> Response[VisitAnswer]:
        caller = request.user
        return await desk.perform(request, _told(lambda tx: visits.cancel(tx, visit_id, caller)))

    return [admit, discharge, cancel]


def _billing_routes(desk: Desk, billing: Billing) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        f"{_VISIT}/settlement", _TERMINAL, "医保结算 · Settle the visit",
        *PLACE, *BILL, *_SETTLING, refusals.PrescriptionStateForbids,
        refusals.PrescriptionHasExpired, benefit_refusals.BillIsSettledBefore, status=200,
    )  # fmt: skip
    async def settle(
        request: ApiRequest,
        visit_id: FromPath[str],
        data: JSONBody[NothingMore],  # noqa: ARG001 - checked to be empty
    ) -> Response[VisitAnswer]:
        caller = request.user
        return await desk.perform(request, _told(lambda tx: billing.settle(tx, visit_id, caller)))

    @_ROUTES.creates(
        f"{_VISIT}/payment", _TERMINAL, "缴费，开具票据 · Pay, and get the receipt",
        *STEP, refusals.CashDiffers, status=200,
    )  # fmt: skip
    async def pay(
        request: ApiRequest, visit_id: FromPath[str], data: JSONBody[PaymentOfVisit]
    ) -> Response[VisitAnswer]:
        caller = request.user
        work = _told(lambda tx: billing.pay(tx, visit_id, data.cash_fen, caller))
        return await desk.perform(request, work)

    @_ROUTES.creates(
        f"{_VISIT}/reversal", _TERMINAL, "结算冲正（退费）· Reverse the settlement",
        *STEP, benefit_refusals.SettlementStateForbids, status=200,
    )  # fmt: skip
    async def reverse(
        request: ApiRequest, visit_id: FromPath[str], data: JSONBody[ReasonBody]
    ) -> Response[VisitAnswer]:
        caller = request.user
        work = _told(lambda tx: billing.reverse(tx, visit_id, data.reason, caller))
        return await desk.perform(request, work)

    return [settle, pay, reverse]


def _reading_routes(desk: Desk, visits: Visits, billing: Billing) -> list[HTTPRouteHandler]:
    @_ROUTES.reads(
        f"{_VISIT}/preview", _TERMINAL, "预结算 · What a settlement would come to now",
        *BILL, *_SETTLING, BillOfDoubleStayIsRefused, refusals.VisitIsOfAnotherRegion,
    )  # fmt: skip
    async def preview(request: ApiRequest, visit_id: FromPath[str]) -> Response[SharesAnswer]:
        caller = request.user
        return await desk.look_up(lambda tx: shares_answer(billing.preview(tx, visit_id, caller)))

    @_ROUTES.reads(_VISIT, _TERMINAL, "就诊记录 · A visit", refusals.VisitIsUnknown)
    async def look(request: ApiRequest, visit_id: FromPath[str]) -> Response[VisitAnswer]:
        caller = request.user
        return await desk.look_up(_told(lambda tx: visits.look(tx, visit_id, caller)))

    @_ROUTES.reads(
        f"{_VISIT}/receipts", _TERMINAL, "票据 · Receipts of a visit",
        refusals.VisitIsUnknown, refusals.ReceiptIsNotIssued,
    )  # fmt: skip
    async def receipts(request: ApiRequest, visit_id: FromPath[str]) -> Response[ReceiptsAnswer]:
        caller = request.user
        return await desk.look_up(
            lambda tx: ReceiptsAnswer(
                [receipt_answer(each) for each in billing.receipt(tx, visit_id, caller)]
            )
        )

    @_ROUTES.lists(
        "/v1/cards/{card_id:str}/medical-visits",
        ("clerk", "holder"),
        "卡的就诊购药记录 · A card's visits in its own region",
    )
    async def tell(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[VisitsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> VisitsAnswer:
            found = store.page_of_card(tx, card_id, page).made(visit_answer)
            return VisitsAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    return [preview, look, receipts, tell]
