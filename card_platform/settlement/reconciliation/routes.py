"""HTTP routes of reconciliation: files of banks, differences; `simulated_routes` has the rest."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.settlement.banks.refusals import BankIsUnknown
from card_platform.settlement.banks.routes import BANK_CALLER
from card_platform.settlement.ledger.accounts import AccountName
from card_platform.settlement.ledger.refusals import (
    AccountIsClosed,
    AccountIsFrozen,
    AccountIsUnknown,
    AccountMovesByCard,
    AccountsAreTheSame,
    AmountIsOverLimit,
    BalanceIsInsufficient,
)
from card_platform.settlement.reconciliation import store
from card_platform.settlement.reconciliation.model import BankStatement
from card_platform.settlement.reconciliation.refusals import (
    ApprovalIsOnesOwn,
    BankDayHasDifferences,
    BankDayHasNotEnded,
    BankDifferenceIsUnknown,
    BankDifferenceMovesNothing,
    BankDifferenceStateForbids,
    BankStatementDiffers,
    BankStatementIsAnothers,
    BankStatementIsFaulty,
    BankStatementIsTooLarge,
    BankStatementIsUnknown,
    BankStatementStateForbids,
    OrderMovesByItself,
)
from card_platform.settlement.reconciliation.service import Reconciliation
from card_platform.settlement.reconciliation.shapes import (
    LINES_TOLD_MAX,
    REQUEST_MAX_BYTES,
    ClosingBody,
    DifferenceAnswer,
    DifferenceBookingBody,
    DifferenceDecisionBody,
    DifferenceHistoryAnswer,
    DifferencesAnswer,
    DifferenceStepAnswer,
    ExplanationBody,
    OpenDayAnswer,
    OpenDaysAnswer,
    StatementAnswer,
    StatementBody,
    StatementFileAnswer,
    StatementsAnswer,
    difference_answer,
    statement_answer,
)
from card_platform.settlement.reconciliation.statement_file import write_file
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("banks")
_STATEMENTS = PagedList("bank-statements", str, str)
_OPEN = PagedList("bank-days-not-compared", str, str)
_LEFT = PagedList("bank-differences", str)
_OF_DAY = PagedList("bank-day-differences", str, str)
_SEEN_BY = ("operator", "supervisor", "auditor")
_PATH = "/v1/bank-statements"
_DAY = f"{_PATH}/{{bank:str}}/{{day:str}}"
_ONE = "/v1/bank-differences/{difference_id:str}"
_BOOKING = (
    AccountsAreTheSame,
    AccountIsUnknown,
    AccountMovesByCard,
    AccountIsClosed,
    AccountIsFrozen,
    AmountIsOverLimit,
    BalanceIsInsufficient,
)


def reconciliation_routes(desk: Desk, reconciliation: Reconciliation) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        *_statement_routes(desk, reconciliation),
        *_day_routes(desk, reconciliation),
        *_reading_routes(desk, reconciliation),
        *_difference_routes(desk, reconciliation),
    ]


def _statement_routes(desk: Desk, reconciliation: Reconciliation) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        _PATH,
        ("bank", "operator"),
        "报送银行对账文件 · Bring a bank's file of a day",
        BankStatementIsFaulty,
        BankStatementIsAnothers,
        BankStatementDiffers,
        BankDayHasNotEnded,
        BankIsUnknown,
        body_max=REQUEST_MAX_BYTES,
    )
    async def bring(
        request: ApiRequest, data: JSONBody[StatementBody]
    ) -> Response[StatementAnswer]:
        by, bank, content = request.user.name, _bank_of(request), data.file.encode("utf-8")

        def work(tx: Transaction) -> StatementAnswer:
            return _told(tx, reconciliation.intake.read_at_once(tx, content, by, bank))

        return await desk.perform(request, work, status=201)

    @_ROUTES.lists(_PATH, _SEEN_BY, "银行对账情况 · Days of banks that were compared")
    async def statements(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[StatementsAnswer]:
        page = _STATEMENTS.page(limit, after)

        def query(tx: Transaction) -> StatementsAnswer:
            found = store.page_of_statements(tx, page).made(lambda each: _told(tx, each))
            return StatementsAnswer(found.rows, _STATEMENTS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.lists(
        "/v1/bank-days-not-compared",
        _SEEN_BY,
        "未对账的银行日 · Days of banks whose file has not come",
    )
    async def open_days(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[OpenDaysAnswer]:
        page = _OPEN.page(limit, after)

        def query(tx: Transaction) -> OpenDaysAnswer:
            found = reconciliation.open_days(tx, page).made(lambda each: OpenDayAnswer(*each))
            return OpenDaysAnswer(found.rows, _OPEN.cursor(found.last))

        return await desk.look_up(query)

    return [bring, statements, open_days]


def _day_routes(desk: Desk, reconciliation: Reconciliation) -> list[HTTPRouteHandler]:
    @_ROUTES.reads(_DAY, _SEEN_BY, "查看一日对账 · A bank's day", BankStatementIsUnknown)
    async def look(bank: FromPath[str], day: FromPath[str]) -> Response[StatementAnswer]:
        return await desk.look_up(lambda tx: _told(tx, reconciliation.look(tx, bank, day)))

    @_ROUTES.reads(
        f"{_DAY}/own-file",
        (*_SEEN_BY, "bank"),
        "平台对账文件 · The platform's own file of a bank's day",
        BankIsUnknown,
        BankStatementIsUnknown,
        BankStatementIsTooLarge,
    )
    async def own_file(
        request: ApiRequest, bank: FromPath[str], day: FromPath[str]
    ) -> Response[StatementFileAnswer]:
        if _bank_of(request) not in (None, bank):
            raise BankStatementIsUnknown

        def query(tx: Transaction) -> StatementFileAnswer:
            header = reconciliation.own_header(tx, bank, day)
            if header.lines > LINES_TOLD_MAX:
                raise BankStatementIsTooLarge(lines=header.lines, limit=LINES_TOLD_MAX)
            rows = write_file(header, reconciliation.own_lines(tx, bank, day))
            return StatementFileAnswer(*header, "".join(rows))

        return await desk.look_up(query)

    @_ROUTES.creates(
        f"{_DAY}/closing",
        ("supervisor",),
        "一日对账关账 · Close a bank's day",
        BankStatementIsUnknown,
        BankStatementStateForbids,
        BankDayHasDifferences,
        status=200,
    )
    async def close(
        request: ApiRequest,
        bank: FromPath[str],
        day: FromPath[str],
        data: JSONBody[ClosingBody],  # noqa: ARG001 - an empty body
    ) -> Response[StatementAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: _told(tx, reconciliation.close(tx, bank, day, by))
        )

    return [look, own_file, close]


def _reading_routes(desk: Desk, reconciliation: Reconciliation) -> list[HTTPRouteHandler]:
    @_ROUTES.lists(
        f"{_DAY}/differences",
        _SEEN_BY,
        "一日全部差异 · All differences of a bank's day",
        BankStatementIsUnknown,
    )
    async def of_day(
        bank: FromPath[str],
        day: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[DifferencesAnswer]:
        page = _OF_DAY.page(limit, after)

        def query(tx: Transaction) -> DifferencesAnswer:
            reconciliation.look(tx, bank, day)
            found = store.page_of_day(tx, bank, day, page).made(difference_answer)
            return DifferencesAnswer(found.rows, _OF_DAY.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.lists("/v1/bank-differences", _SEEN_BY, "待处理差异 · Differences to be worked off")
    async def left(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[DifferencesAnswer]:
        page = _LEFT.page(limit, after)

        def query(tx: Transaction) -> DifferencesAnswer:
            found = store.page_of_left(tx, page).made(difference_answer)
            return DifferencesAnswer(found.rows, _LEFT.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        _ONE, _SEEN_BY, "查看差异及处理经过 · A difference and its steps", BankDifferenceIsUnknown
    )
    async def look(difference_id: FromPath[str]) -> Response[DifferenceHistoryAnswer]:
        def query(tx: Transaction) -> DifferenceHistoryAnswer:
            found = reconciliation.look_at(tx, difference_id)
            names = DifferenceStepAnswer.__struct_fields__
            steps = [
                DifferenceStepAnswer(**{name: step[name] for name in names})
                for step in store.CHANGES.of(tx, difference_id)
            ]
            return DifferenceHistoryAnswer(difference_answer(found), steps)

        return await desk.look_up(query)

    return [of_day, left, look]


def _difference_routes(desk: Desk, reconciliation: Reconciliation) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        f"{_ONE}/explanation",
        ("operator",),
        "说明差异原因 · Explain a difference; nothing is booked",
        BankDifferenceIsUnknown,
        BankDifferenceStateForbids,
        status=200,
    )
    async def explain(
        request: ApiRequest, difference_id: FromPath[str], data: JSONBody[ExplanationBody]
    ) -> Response[DifferenceAnswer]:
        told = difference_id, data.reason, request.user.name
        return await desk.perform(
            request, lambda tx: difference_answer(reconciliation.explain(tx, *told))
        )

    @_ROUTES.creates(
        f"{_ONE}/booking",
        ("operator",),
        "提出差异入账 · Propose against which account a difference is booked",
        BankDifferenceIsUnknown,
        BankDifferenceStateForbids,
        BankDifferenceMovesNothing,
        OrderMovesByItself,
        status=200,
    )
    async def propose(
        request: ApiRequest, difference_id: FromPath[str], data: JSONBody[DifferenceBookingBody]
    ) -> Response[DifferenceAnswer]:
        told = difference_id, AccountName(data.account), data.reason, request.user.name
        return await desk.perform(
            request, lambda tx: difference_answer(reconciliation.propose(tx, *told))
        )

    @_ROUTES.creates(
        f"{_ONE}/decision",
        ("supervisor",),
        "复核差异入账 · Approve or reject a proposed booking",
        BankDifferenceIsUnknown,
        BankDifferenceStateForbids,
        BankDifferenceMovesNothing,
        OrderMovesByItself,
        ApprovalIsOnesOwn,
        *_BOOKING,
        status=200,
    )
    async def decide(
        request: ApiRequest, difference_id: FromPath[str], data: JSONBody[DifferenceDecisionBody]
    ) -> Response[DifferenceAnswer]:
        told = difference_id, data.decision, data.reason, request.user.name
        return await desk.perform(
            request, lambda tx: difference_answer(reconciliation.decide(tx, *told))
        )

    return [explain, propose, decide]


def _told(tx: Transaction, statement: BankStatement) -> StatementAnswer:
    return statement_answer(statement, store.count_of_day(tx, statement.bank, statement.day))


def _bank_of(request: ApiRequest) -> str | None:
    """The code of the bank that signed in; None for staff."""
    name = request.user.name
    return name.removeprefix(BANK_CALLER) if name.startswith(BANK_CALLER) else None
