"""HTTP routes of payouts: the list, files and decisions. `views` has what is read of a batch."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.settlement.payouts.reading import read_at_once
from card_platform.settlement.payouts.refusals import (
    DecisionIsOnesOwn,
    PayoutBatchIsUnknown,
    PayoutBatchStateForbids,
    PayoutFileIsUnreadable,
    PayoutFilesRace,
    PayoutLineStateForbids,
    PayoutMessageIdIsReused,
    PayoutPeriodIsAhead,
    ProgrammeIsNotListed,
)
from card_platform.settlement.payouts.service import Payouts
from card_platform.settlement.payouts.shapes import (
    REQUEST_MAX_BYTES,
    LineDecisionBody,
    OtherAccountAnswer,
    OtherAccountApproval,
    PayoutBatchAnswer,
    PayoutDecisionBody,
    PayoutExceptionAnswer,
    PayoutFileBody,
    batch_answer,
    exception_answer,
    other_account_answer,
)
from card_platform.settlement.payouts.views import BATCHES, line_number, number_of
from card_platform.storage import Transaction
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("payouts")
_ONE = f"{BATCHES}/{{batch_id:str}}"


def payout_routes(desk: Desk, payouts: Payouts) -> list[HTTPRouteHandler]:
    """The routes that change something."""

    @_ROUTES.creates(
        BATCHES,
        ("operator",),
        "报送发放文件 · Bring a payout file",
        PayoutFileIsUnreadable,
        ProgrammeIsNotListed,
        PayoutPeriodIsAhead,
        PayoutMessageIdIsReused,
        PayoutFilesRace,
        body_max=REQUEST_MAX_BYTES,
    )
    async def bring(
        request: ApiRequest, data: JSONBody[PayoutFileBody]
    ) -> Response[PayoutBatchAnswer]:
        by = request.user.name
        content = data.file.encode("utf-8")

        def work(tx: Transaction) -> PayoutBatchAnswer:
            return batch_answer(read_at_once(tx, payouts.intake, content, data.format, by))

        return await desk.perform(request, work, status=201)

    @_ROUTES.creates(
        f"{_ONE}/decision",
        ("supervisor",),
        "复核发放批次 · Decide on a batch",
        PayoutBatchIsUnknown,
        PayoutBatchStateForbids,
        DecisionIsOnesOwn,
        status=200,
    )
    async def decide(
        request: ApiRequest, batch_id: FromPath[str], data: JSONBody[PayoutDecisionBody]
    ) -> Response[PayoutBatchAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> PayoutBatchAnswer:
            number = number_of(batch_id)
            return batch_answer(
                payouts.decide(tx, number, data.decision, reason=data.reason, by=by)
            )

        return await desk.perform(request, work)

    @_ROUTES.creates(
        f"{_ONE}/exceptions/{{line:str}}/decision",
        ("supervisor",),
        "处理未发放的行 · Decide on a line that was not paid",
        PayoutBatchIsUnknown,
        PayoutLineStateForbids,
        DecisionIsOnesOwn,
        status=200,
    )
    async def decide_on_line(
        request: ApiRequest,
        batch_id: FromPath[str],
        line: FromPath[str],
        data: JSONBody[LineDecisionBody],
    ) -> Response[PayoutExceptionAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> PayoutExceptionAnswer:
            asked = number_of(batch_id), line_number(line), data.decision
            return exception_answer(payouts.decide_on_line(tx, *asked, note=data.reason, by=by))

        return await desk.perform(request, work)

    @_ROUTES.creates(
        f"{_ONE}/other-accounts/{{line:str}}/approval",
        ("supervisor",),
        "批准发至其他账户 · Approve another account than the card's",
        PayoutBatchIsUnknown,
        PayoutLineStateForbids,
        DecisionIsOnesOwn,
        status=200,
    )
    async def approve(
        request: ApiRequest,
        batch_id: FromPath[str],
        line: FromPath[str],
        data: JSONBody[OtherAccountApproval],
    ) -> Response[OtherAccountAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> OtherAccountAnswer:
            asked = number_of(batch_id), line_number(line)
            return other_account_answer(
                payouts.approve_other_account(tx, *asked, note=data.reason, by=by)
            )

        return await desk.perform(request, work)

    return [bring, decide, decide_on_line, approve]
