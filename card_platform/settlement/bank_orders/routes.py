"""HTTP routes of orders to banks, and how the simulated banks behave."""

from __future__ import annotations

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.refusals import CardIsUnknown
from card_platform.regions import RegionPolicy
from card_platform.settlement.bank_orders import store
from card_platform.settlement.bank_orders.refusals import (
    BankAccountIsNotLoaded,
    BankOrderIdIsReused,
    BankOrderIsUnknown,
    BankOrderStateForbids,
    FundPaysByPayouts,
    OrderDecisionIsOnesOwn,
    PayeeIsFrozen,
)
from card_platform.settlement.bank_orders.service import BankOrders, OrderRequest
from card_platform.settlement.bank_orders.shapes import (
    BankOrderAnswer,
    BankOrderRequest,
    BankOrdersAnswer,
    ConductBody,
    OrderDecisionBody,
    order_answer,
)
from card_platform.settlement.bank_orders.simulated_bank import Conduct, set_conduct
from card_platform.settlement.banks.refusals import BankHasNoAgreement, BankIsUnknown
from card_platform.settlement.ledger.accounts import AccountName
from card_platform.settlement.ledger.refusals import (
    AccountIsClosed,
    AccountIsFrozen,
    AccountIsUnknown,
    AccountMovesByCard,
    AccountsAreTheSame,
    AmountIsNotPositive,
    AmountIsOverLimit,
    BalanceIsInsufficient,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.money import Fen
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("banks")
_ORDERS = PagedList("bank-orders", str)
_SEEN_BY = ("operator", "supervisor", "auditor")
_PAYEE = (PayeeIsFrozen, BankAccountIsNotLoaded, BankHasNoAgreement)
_PAYING = (
    CardIsUnknown,
    *_PAYEE,
    AmountIsNotPositive,
    AmountIsOverLimit,
    AccountsAreTheSame,
    AccountIsUnknown,
    AccountMovesByCard,
    AccountIsClosed,
    AccountIsFrozen,
    BalanceIsInsufficient,
)


def bank_order_routes(
    desk: Desk, orders: BankOrders, policy: RegionPolicy
) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.creates(
        "/v1/bank-orders",
        ("operator",),
        "向持卡人银行账户付款 · Order money to a holder's bank account",
        FundPaysByPayouts,
        BankOrderIdIsReused,
        *_PAYING,
    )
    async def order(
        request: ApiRequest, data: JSONBody[BankOrderRequest]
    ) -> Response[BankOrderAnswer]:
        asked = OrderRequest(
            data.client_id,
            data.card_id,
            AccountName(data.source),
            Fen(data.amount_fen),
            data.purpose,
        )
        by = request.user.name
        return await desk.perform(
            request, lambda tx: order_answer(orders.order(tx, asked, by)), status=201
        )

    @_ROUTES.creates(
        "/v1/bank-orders/{order_id:str}/decision",
        ("supervisor",),
        "复核暂缓的付款指令 · Decide on an order that is held",
        BankOrderIsUnknown,
        BankOrderStateForbids,
        OrderDecisionIsOnesOwn,
        *_PAYEE,
        status=200,
    )
    async def decide(
        request: ApiRequest, order_id: FromPath[str], data: JSONBody[OrderDecisionBody]
    ) -> Response[BankOrderAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> BankOrderAnswer:
            return order_answer(
                orders.decide(tx, order_id, data.decision, reason=data.reason, by=by)
            )

        return await desk.perform(request, work)

    @_ROUTES.lists("/v1/bank-orders", _SEEN_BY, "付款指令 · Orders to banks")
    async def list_all(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[BankOrdersAnswer]:
        page = _ORDERS.page(limit, after)

        def query(tx: Transaction) -> BankOrdersAnswer:
            found = store.page_of_orders(tx, page).made(order_answer)
            return BankOrdersAnswer(found.rows, _ORDERS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        "/v1/bank-orders/{order_id:str}", _SEEN_BY, "查看付款指令 · One order", BankOrderIsUnknown
    )
    async def look(order_id: FromPath[str]) -> Response[BankOrderAnswer]:
        return await desk.look_up(lambda tx: order_answer(orders.look(tx, order_id)))

    @_ROUTES.creates(
        "/v1/simulated-banks/{bank:str}/conduct",
        ("trainer",),
        "设定模拟银行的故障 · Set how a simulated bank behaves",
        BankIsUnknown,
        status=200,
    )
    async def behave(
        request: ApiRequest, bank: FromPath[str], data: JSONBody[ConductBody]
    ) -> Response[Conduct]:
        conduct = Conduct(**msgspec.structs.asdict(data))

        def work(tx: Transaction) -> Conduct:
            if policy.bank(bank) is None:
                raise BankIsUnknown(bank=bank)
            set_conduct(tx, bank, conduct)
            return conduct

        return await desk.perform(request, work)

    return [order, decide, list_all, look, behave]
