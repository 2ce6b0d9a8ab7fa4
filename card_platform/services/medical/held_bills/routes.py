"""HTTP routes of the bills of double stays."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.services.medical.held_bills import refusals, store
from card_platform.services.medical.held_bills.service import HeldBills
from card_platform.services.medical.held_bills.shapes import (
    FindingBody,
    HeldBillAnswer,
    HeldBillDecisionBody,
    HeldBillsAnswer,
    held_bill_answer,
)
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("medical")
_LIST = PagedList("medical-held-bills", str)
_STEP = (refusals.HeldBillIsUnknown, refusals.HeldBillStateForbids)


def held_bill_routes(desk: Desk, held_bills: HeldBills) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.lists(
        "/v1/medical/held-bills",
        ("clerk", "operator", "supervisor", "auditor"),
        "重叠住院暂缓结算的费用 · Bills of double stays",
    )
    async def tell(limit: Limit = LIMIT_DEFAULT, after: After = None) -> Response[HeldBillsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> HeldBillsAnswer:
            found = store.page_of_all(tx, page).made(held_bill_answer)
            return HeldBillsAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.creates(
        "/v1/medical/held-bills/{held_id:str}/examination",
        ("clerk", "supervisor"),
        "核实重叠住院 · Say what the papers of both hospitals say",
        *_STEP,
        status=200,
    )
    async def examine(
        request: ApiRequest, held_id: FromPath[str], data: JSONBody[FindingBody]
    ) -> Response[HeldBillAnswer]:
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: held_bill_answer(held_bills.examine(tx, held_id, data.finding, by)),
        )

    @_ROUTES.creates(
        "/v1/medical/held-bills/{held_id:str}/decision",
        ("supervisor",),
        "决定暂缓结算的费用 · Release a held bill, or refuse it",
        *_STEP,
        refusals.HeldBillDecisionIsOnesOwn,
        status=200,
    )
    async def decide(
        request: ApiRequest, held_id: FromPath[str], data: JSONBody[HeldBillDecisionBody]
    ) -> Response[HeldBillAnswer]:
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: held_bill_answer(
                held_bills.decide(tx, held_id, data.decision, reason=data.reason, by=by)
            ),
        )

    return [tell, examine, decide]
