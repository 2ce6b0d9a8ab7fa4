"""HTTP routes of bills for the holders who pay them: at a desk, and from home."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.ecards.refusals import CODE_REFUSALS
from card_platform.issuance.refusals import (
    CardIsUnknown,
    DocumentIsNotTheHolders,
    IdentityDocumentIsInvalid,
    IdentityDocumentIsMissing,
)
from card_platform.regions.electronic_card_policy import CodePurpose
from card_platform.services.bills import refusals, store
from card_platform.services.bills.model import PaidBills
from card_platform.services.bills.payments import BillPayments
from card_platform.services.bills.shapes import (
    BillPaymentAnswer,
    BillPaymentBody,
    BillPaymentsAnswer,
    OpenBillsAnswer,
    OpenBillsBody,
    OwnBillPaymentBody,
    OwnOpenBillsBody,
    open_bills_answer,
    payment_answer,
)
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.settlement.ledger.refusals import (
    AccountIsClosed,
    AccountIsFrozen,
    BalanceIsInsufficient,
)
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("bills")
_LIST = PagedList("bill-payments", str)
_UTILITY = "/v1/utilities/{utility:str}"
_CARD = "/v1/cards/{card_id:str}"
_AT_DESKS = ("terminal", "clerk")
_WHO = ("clerk", "holder")
_SHOWN = (*CARD_REFUSALS.values(), *CODE_REFUSALS.values())
_OWN = (
    CardIsUnknown,
    IdentityDocumentIsMissing,
    IdentityDocumentIsInvalid,
    DocumentIsNotTheHolders,
    CARD_REFUSALS["card-is-not-active"],
)
_FOUND = (refusals.UtilityIsUnknown, refusals.AccountNumberIsWrong)
_PAID = (
    refusals.UtilityIsUnknown,
    refusals.BillIsUnknown,
    refusals.BillStateForbids,
    refusals.TotalDiffers,
    BalanceIsInsufficient,
    AccountIsClosed,
    AccountIsFrozen,
)


def bill_payment_routes(desk: Desk, payments: BillPayments) -> list[HTTPRouteHandler]:
    """The routes of this context for holders."""

    @_ROUTES.asks(
        f"{_UTILITY}/open-bills", _AT_DESKS,
        "凭卡、电子社保卡、码查询应缴账单 · Open bills of an account, by what a holder shows",
        *_SHOWN, *_FOUND,
    )  # fmt: skip
    async def find(
        request: ApiRequest, utility: FromPath[str], data: JSONBody[OpenBillsBody]
    ) -> Response[OpenBillsAnswer]:
        shown, by = data.shown(), request.user.name

        def work(tx: Transaction) -> OpenBillsAnswer:
            payments.at_desk(tx, shown, CodePurpose.IDENTITY, by)
            return open_bills_answer(payments.open_bills(tx, utility, data.account))

        return await desk.record(work)

    @_ROUTES.creates(
        f"{_UTILITY}/bill-payments", _AT_DESKS,
        "凭卡、电子社保卡、码缴费 · Pay bills by what a holder shows",
        *_SHOWN, *_PAID,
    )  # fmt: skip
    async def pay(
        request: ApiRequest, utility: FromPath[str], data: JSONBody[BillPaymentBody]
    ) -> Response[BillPaymentAnswer]:
        shown, by = data.shown(), request.user.name

        def work(tx: Transaction) -> BillPaymentAnswer:
            payer = payments.at_desk(tx, shown, CodePurpose.PAYMENT, by)
            return payment_answer(payments.pay(tx, utility, data.bills, data.total_fen, payer, by))

        return await desk.perform(request, work, 201)

    return [find, pay, *_own_routes(desk, payments)]


def _own_routes(desk: Desk, payments: BillPayments) -> list[HTTPRouteHandler]:
    @_ROUTES.asks(
        f"{_CARD}/open-bills", _WHO, "本人查询应缴账单 · Open bills of an account, from home",
        *_OWN, *_FOUND,
    )  # fmt: skip
    async def find_own(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[OwnOpenBillsBody]
    ) -> Response[OpenBillsAnswer]:
        caller = request.user

        def query(tx: Transaction) -> OpenBillsAnswer:
            payments.at_home(tx, card_id, data.document, caller)
            return open_bills_answer(payments.open_bills(tx, data.utility, data.account))

        return await desk.look_up(query)

    @_ROUTES.creates(
        f"{_CARD}/bill-payments", _WHO, "本人缴费 · Pay bills from home", *_OWN, *_PAID
    )
    async def pay_own(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[OwnBillPaymentBody]
    ) -> Response[BillPaymentAnswer]:
        caller = request.user

        def work(tx: Transaction) -> BillPaymentAnswer:
            payer = payments.at_home(tx, card_id, data.document, caller)
            return payment_answer(
                payments.pay(tx, data.utility, data.bills, data.total_fen, payer, caller.name)
            )

        return await desk.perform(request, work, 201)

    @_ROUTES.lists(f"{_CARD}/bill-payments", _WHO, "卡的缴费记录 · Bills paid by a card")
    async def tell(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[BillPaymentsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> BillPaymentsAnswer:
            found = store.page_of_payments(tx, card_id, page)
            bills = store.bills_of(tx, [each.payment_id for each in found.rows])
            told = found.made(lambda each: payment_answer(PaidBills(each, bills[each.payment_id])))
            return BillPaymentsAnswer(told.rows, _LIST.cursor(told.last))

        return await desk.look_up(query)

    return [find_own, pay_own, tell]
