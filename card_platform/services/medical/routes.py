"""HTTP routes of the medical accounts."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.ecards.refusals import CODE_REFUSALS
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.services.medical.account_view import (
    ACCOUNT_READERS,
    MedicalAnswer,
    account_view,
    medical_answer,
)
from card_platform.services.medical.institutions.refusals import NOT_IN_FORCE
from card_platform.services.medical.refusals import (
    BillIsSettled,
    MedicalCreditIsInsufficient,
    MedicalPurseIsUnknown,
    PaymentIsReplayed,
)
from card_platform.services.medical.service import Medical
from card_platform.services.medical.shapes import (
    CodeSettlementAnswer,
    CodeSettlementBody,
    CreditAnswer,
    CreditBody,
    MedicalConfirmationAnswer,
    MedicalConfirmationBody,
    MedicalLoadAnswer,
    MedicalLoadBody,
    PaymentAnswer,
    PaymentBody,
)
from card_platform.services.purse_refusals import (
    CardIsNotActive,
    LoadBalanceDiffers,
    LoadIsConfirmed,
    LoadIsUnknown,
    MacIsWrong,
    TacIsWrong,
)
from card_platform.storage import Transaction
from card_platform.web import Caller, Desk, ExpressRoute, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("medical")

PAYMENTS = "/v1/medical/payments"
_TERMINALS = frozenset({"terminal"})
_CREATED = 201


def medical_routes(desk: Desk, medical: Medical) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        *_account_routes(desk, medical),
        *_load_routes(desk, medical),
        *_payment_routes(desk, medical),
    ]


def medical_express(medical: Medical) -> list[ExpressRoute]:
    """The payments again: for the express lane and for the journal."""

    def take_payment(data: PaymentBody, caller: Caller) -> Callable[[Transaction], PaymentAnswer]:
        return _take_payment(medical, data, caller)

    return [ExpressRoute(PAYMENTS, _TERMINALS, PaymentBody, take_payment, _CREATED)]


def _take_payment(
    medical: Medical, data: PaymentBody, caller: Caller
) -> Callable[[Transaction], PaymentAnswer]:
    payment = data.read()

    def work(tx: Transaction) -> PaymentAnswer:
        payment_id, posting_id, not_paid = medical.payments.accept(tx, payment, caller)
        return PaymentAnswer(payment_id, "right", posting_id, not_paid)

    return work


def _account_routes(desk: Desk, medical: Medical) -> list[HTTPRouteHandler]:
    lists = account_view(medical)

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/medical-credits",
        ("clerk",),
        "医保个人账户划入 · Credit a medical account",
        CardIsUnknown,
    )
    async def grant_credit(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[CreditBody]
    ) -> Response[CreditAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> CreditAnswer:
            return CreditAnswer(
                *medical.grant_credit(tx, card_id, data.account, data.amount_fen, by)
            )

        return await desk.perform(request, work, _CREATED)

    @_ROUTES.reads(
        "/v1/cards/{card_id:str}/medical",
        ACCOUNT_READERS,
        "医保账户记录 · A card's medical accounts",
        CardIsUnknown,
    )
    async def view(card_id: FromPath[str]) -> Response[MedicalAnswer]:
        return await desk.look_up(lambda tx: medical_answer(tx, medical, lists, card_id))

    return [grant_credit, view, *lists.routes(_ROUTES, desk, CardIsUnknown)]


def _load_routes(desk: Desk, medical: Medical) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/medical/loads",
        ("terminal",),
        "医保圈存请求 · Ask to load a medical purse",
        MedicalPurseIsUnknown,
        CardIsNotActive,
        MacIsWrong,
        MedicalCreditIsInsufficient,
    )
    async def load(
        request: ApiRequest, data: JSONBody[MedicalLoadBody]
    ) -> Response[MedicalLoadAnswer]:
        asked, caller = data.read(), request.user

        def work(tx: Transaction) -> MedicalLoadAnswer:
            permit = medical.loads.authorise(tx, asked, caller)
            return MedicalLoadAnswer(permit.load_id, permit.date, permit.time, permit.mac2)

        return await desk.perform(request, work, _CREATED)

    @_ROUTES.creates(
        "/v1/medical/loads/{load_id:str}/confirmation",
        ("terminal",),
        "医保圈存确认 · Confirm a load of a medical purse",
        LoadIsUnknown,
        LoadIsConfirmed,
        LoadBalanceDiffers,
        TacIsWrong,
        status=200,
    )
    async def confirm_load(
        request: ApiRequest, load_id: FromPath[str], data: JSONBody[MedicalConfirmationBody]
    ) -> Response[MedicalConfirmationAnswer]:
        caller = request.user

        def work(tx: Transaction) -> MedicalConfirmationAnswer:
            posting_id = medical.loads.confirm(
                tx, load_id, data.tac, data.balance_after_fen, caller
            )
            return MedicalConfirmationAnswer(load_id, posting_id)

        return await desk.perform(request, work)

    return [load, confirm_load]


def _payment_routes(desk: Desk, medical: Medical) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        PAYMENTS,
        _TERMINALS,
        "医保支付上送 · Send a medical payment",
        MedicalPurseIsUnknown,
        TacIsWrong,
        PaymentIsReplayed,
    )
    async def send_payment(
        request: ApiRequest, data: JSONBody[PaymentBody]
    ) -> Response[PaymentAnswer]:
        return await desk.perform(request, _take_payment(medical, data, request.user), _CREATED)

    @_ROUTES.creates(
        "/v1/medical/code-settlements",
        _TERMINALS,
        "扫码医保结算 · Settle a bill by code",
        *NOT_IN_FORCE,
        *CODE_REFUSALS.values(),
        BillIsSettled,
    )
    async def settle(
        request: ApiRequest, data: JSONBody[CodeSettlementBody]
    ) -> Response[CodeSettlementAnswer]:
        caller = request.user

        def work(tx: Transaction) -> CodeSettlementAnswer:
            settled = medical.code_settlements.settle(
                tx, code=data.code, bill=data.bill, amount_fen=data.amount_fen, caller=caller
            )
            paid_fen = {str(account): fen for account, fen in settled.paid_fen.items()}
            return CodeSettlementAnswer(
                settled.settlement_id, settled.posting_id, paid_fen, settled.unpaid_fen
            )

        return await desk.perform(request, work, _CREATED)

    return [send_payment, settle]
