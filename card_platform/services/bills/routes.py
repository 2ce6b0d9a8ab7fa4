"""HTTP routes of bills for the utilities that issue them."""

from __future__ import annotations

from typing import Annotated

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from card_platform.regions import RegionPolicy
from card_platform.services.bills import refusals, store
from card_platform.services.bills.model import BillState
from card_platform.services.bills.service import Bills
from card_platform.services.bills.shapes import (
    BillAnswer,
    BillListAnswer,
    BillsAnswer,
    BillsBody,
    BillStepBody,
    UtilitiesAnswer,
    bill_answer,
    utility_answer,
)
from card_platform.settlement.ledger.refusals import AccountIsClosed, AccountIsFrozen
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock
from card_platform.web import ANYONE, LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("bills")
_LIST = PagedList("bills", str)
_BILLS = "/v1/utilities/{utility:str}/bills"
_WHO = ("department",)
_OWN = (refusals.UtilityIsUnknown, refusals.UtilityIsAnothers)


def utility_routes(
    desk: Desk, bills: Bills, policy: RegionPolicy, clock: Clock
) -> list[HTTPRouteHandler]:
    """The routes of this context for utilities."""

    @_ROUTES.reads("/v1/utilities", ANYONE, "水电气等单位 · Utilities of the region")
    async def tell_utilities() -> Response[UtilitiesAnswer]:
        today = clock.now().date()
        return Response(UtilitiesAnswer([utility_answer(each, today) for each in policy.utilities]))

    @_ROUTES.creates(_BILLS, _WHO, "送达账单 · Bring bills", *_OWN)
    async def bring(
        request: ApiRequest, utility: FromPath[str], data: JSONBody[BillsBody]
    ) -> Response[BillsAnswer]:
        caller, brought = request.user, [each.content() for each in data.bills]

        def work(tx: Transaction) -> BillsAnswer:
            taken = bills.bring(tx, utility, brought, caller)
            return BillsAnswer([bill_answer(each) for each in taken])

        return await desk.perform(request, work, 201)

    @_ROUTES.creates(
        f"{_BILLS}/{{number:str}}/steps",
        _WHO,
        "撤回账单、退款 · Withdraw a bill, give its money back",
        *_OWN,
        refusals.BillIsUnknown,
        refusals.BillStateForbids,
        AccountIsClosed,
        AccountIsFrozen,
        status=200,
    )
    async def change(
        request: ApiRequest,
        utility: FromPath[str],
        number: FromPath[str],
        data: JSONBody[BillStepBody],
    ) -> Response[BillAnswer]:
        caller, action = request.user, data.step()

        def work(tx: Transaction) -> BillAnswer:
            return bill_answer(bills.change(tx, utility, number, action, data.reason, caller))

        return await desk.perform(request, work)

    @_ROUTES.lists(_BILLS, _WHO, "账单列表 · A utility's bills", *_OWN)
    async def list_bills(
        request: ApiRequest,
        utility: FromPath[str],
        in_state: Annotated[BillState | None, QueryParameter(name="state")] = None,
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[BillListAnswer]:
        page, code = _LIST.page(limit, after), bills.own_utility(utility, request.user).code

        def query(tx: Transaction) -> BillListAnswer:
            found = store.page_of_bills(tx, code, in_state, page).made(bill_answer)
            return BillListAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    return [tell_utilities, bring, change, list_bills]
