"""HTTP routes of the medical accounts."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.ecards.refusals import CODE_REFUSALS
from card_platform.issuance.refusals import CardIsUnknown
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
    MedicalAnswer,
    MedicalConfirmationAnswer,
    MedicalConfirmationBody,
    MedicalLoadAnswer,
    MedicalLoadBody,
    PaymentAnswer,
    PaymentBody,
    medical_answer,
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
from card_platform.web import Caller, Desk, ExpressRoute, StrictBody, allow, refusals_of
from card_platform.web.desk import ApiRequest
from card_platform.web.documentation import CreatingOperation

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
        payment_id, posting_id = medical.payments.accept(tx, payment, caller)
        return PaymentAnswer(payment_id, "right", posting_id)

    return work


def _account_routes(desk: Desk, medical: Medical) -> list[HTTPRouteHandler]:
    @post(
        "/v1/cards/{card_id:str}/medical-credits",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        guards=[allow("clerk")],
        responses=refusals_of(CardIsUnknown, creates=True),
        summary="医保个人账户划入 · Credit a medical account",
        tags=["medical"],
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

    @get(
        "/v1/cards/{card_id:str}/medical",
        guards=[allow("clerk", "operator")],
        responses=refusals_of(CardIsUnknown),
        summary="医保账户记录 · A card's medical accounts",
        tags=["medical"],
    )
    async def view(card_id: FromPath[str]) -> Response[MedicalAnswer]:
        return await desk.look_up(lambda tx: medical_answer(medical.view(tx, card_id)))

    return [grant_credit, view]


def _load_routes(desk: Desk, medical: Medical) -> list[HTTPRouteHandler]:
    @post(
        "/v1/medical/loads",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        guards=[allow("terminal")],
        responses=refusals_of(
            MedicalPurseIsUnknown,
            CardIsNotActive,
            MacIsWrong,
            MedicalCreditIsInsufficient,
            creates=True,
        ),
        summary="医保圈存请求 · Ask to load a medical purse",
        tags=["medical"],
    )
    async def load(
        request: ApiRequest, data: JSONBody[MedicalLoadBody]
    ) -> Response[MedicalLoadAnswer]:
        asked, caller = data.read(), request.user

        def work(tx: Transaction) -> MedicalLoadAnswer:
            permit = medical.loads.authorise(tx, asked, caller)
            return MedicalLoadAnswer(permit.load_id, permit.date, permit.time, permit.mac2)

        return await desk.perform(request, work, _CREATED)

    @post(
        "/v1/medical/loads/{load_id:str}/confirmation",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        status_code=200,
        guards=[allow("terminal")],
        responses=refusals_of(
            LoadIsUnknown, LoadIsConfirmed, LoadBalanceDiffers, TacIsWrong, creates=True
        ),
        summary="医保圈存确认 · Confirm a load of a medical purse",
        tags=["medical"],
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
    @post(
        PAYMENTS,
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        guards=[allow(*_TERMINALS)],
        responses=refusals_of(MedicalPurseIsUnknown, TacIsWrong, PaymentIsReplayed, creates=True),
        summary="医保支付上送 · Send a medical payment",
        tags=["medical"],
    )
    async def send_payment(
        request: ApiRequest, data: JSONBody[PaymentBody]
    ) -> Response[PaymentAnswer]:
        return await desk.perform(request, _take_payment(medical, data, request.user), _CREATED)

    @post(
        "/v1/medical/code-settlements",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        guards=[allow(*_TERMINALS)],
        responses=refusals_of(*CODE_REFUSALS.values(), BillIsSettled, creates=True),
        summary="扫码医保结算 · Settle a bill by code",
        tags=["medical"],
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
