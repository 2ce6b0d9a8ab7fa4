"""HTTP routes of the ledger: accounts, transfers, closings, and the check of the books."""

from __future__ import annotations

from functools import partial

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.settlement.ledger import closing_store, store
from card_platform.settlement.ledger.accounts import AccountAction, AccountName, kind_of
from card_platform.settlement.ledger.books import BookCheck, check_book
from card_platform.settlement.ledger.model import Transfer, period_text
from card_platform.settlement.ledger.periods import Closing, Periods, closed_period, read_period
from card_platform.settlement.ledger.refusals import (
    AccountHoldsMoney,
    AccountIsClosed,
    AccountIsFrozen,
    AccountIsKnown,
    AccountIsUnknown,
    AccountMovesByCard,
    AccountNameIsWrong,
    AccountsAreTheSame,
    AccountStateForbids,
    AmountIsNotPositive,
    AmountIsOverLimit,
    BalanceIsInsufficient,
    BooksDoNotBalance,
    DayIsAhead,
    PeriodHasDaysNotCompared,
    PeriodHasDifferences,
    PeriodHasNotEnded,
    PeriodIsClosed,
    PeriodIsNotNext,
    PeriodIsUnknown,
    TransferIdIsReused,
)
from card_platform.settlement.ledger.service import Ledger
from card_platform.settlement.ledger.shapes import (
    AccountAnswer,
    AccountChange,
    AccountOpening,
    AccountQuestion,
    AccountsAnswer,
    ClosedBalance,
    ClosedBalancesAnswer,
    ClosingRequest,
    ClosingsAnswer,
    TransferAnswer,
    TransferRequest,
)
from card_platform.storage import Database, Transaction
from card_platform.vocabulary.money import Fen
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("ledger")
_ACCOUNTS = PagedList("ledger-accounts", str)
_CLOSINGS = PagedList("ledger-closings", int)
_BALANCES = PagedList("ledger-closing-balances", str)
_SEEN_BY = ("operator", "supervisor", "auditor")


def ledger_routes(
    desk: Desk, database: Database, ledger: Ledger, periods: Periods
) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        *_book_routes(desk),
        *_account_routes(desk, ledger),
        *_closing_routes(desk, database, periods),
    ]


def _book_routes(desk: Desk) -> list[HTTPRouteHandler]:
    @_ROUTES.reads("/v1/ledger/check", ("operator",), "核对总账 · Check the books")
    async def check() -> Response[BookCheck]:
        return await desk.look_up(check_book)

    @_ROUTES.lists(
        "/v1/ledger/accounts",
        ("operator",),
        "账户余额 · Accounts and their balances",
    )
    async def accounts(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[AccountsAnswer]:
        page = _ACCOUNTS.page(limit, after)

        def query(tx: Transaction) -> AccountsAnswer:
            found = store.page_of_accounts(tx, page)
            told = [_told(tx, name) for name in found.rows]
            return AccountsAnswer(told, _ACCOUNTS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.asks(
        "/v1/ledger/account-queries", _SEEN_BY, "查询账户 · One account", AccountIsUnknown
    )
    async def look(data: JSONBody[AccountQuestion]) -> Response[AccountAnswer]:
        def query(tx: Transaction) -> AccountAnswer:
            if not store.is_known(tx, data.name):
                raise AccountIsUnknown(account=data.name)
            return _told(tx, data.name)

        return await desk.look_up(query)

    return [check, accounts, look]


def _account_routes(desk: Desk, ledger: Ledger) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/ledger/accounts",
        ("operator",),
        "开立账户 · Open an account",
        AccountNameIsWrong,
        AccountIsKnown,
    )
    async def open_account(
        request: ApiRequest, data: JSONBody[AccountOpening]
    ) -> Response[AccountAnswer]:
        def work(tx: Transaction) -> AccountAnswer:
            ledger.open_account(tx, AccountName(data.name), request.user.name)
            return _told(tx, data.name)

        return await desk.perform(request, work, status=201)

    @_ROUTES.creates(
        "/v1/ledger/account-changes",
        ("supervisor",),
        "冻结、解冻、销户 · Freeze, free or close an account",
        AccountIsUnknown,
        AccountStateForbids,
        AccountHoldsMoney,
        status=200,
    )
    async def change_account(
        request: ApiRequest, data: JSONBody[AccountChange]
    ) -> Response[AccountAnswer]:
        def work(tx: Transaction) -> AccountAnswer:
            action, by = AccountAction(data.action), request.user.name
            ledger.change_account(tx, AccountName(data.name), action, data.reason, by)
            return _told(tx, data.name)

        return await desk.perform(request, work)

    @_ROUTES.creates(
        "/v1/ledger/transfers",
        ("operator",),
        "转账 · Move money between accounts",
        AmountIsNotPositive,
        AmountIsOverLimit,
        AccountsAreTheSame,
        AccountIsUnknown,
        AccountMovesByCard,
        AccountIsClosed,
        AccountIsFrozen,
        BalanceIsInsufficient,
        DayIsAhead,
        PeriodIsClosed,
        TransferIdIsReused,
    )
    async def transfer(
        request: ApiRequest, data: JSONBody[TransferRequest]
    ) -> Response[TransferAnswer]:
        asked = Transfer(
            data.client_id,
            AccountName(data.debit),
            AccountName(data.credit),
            Fen(data.amount_fen),
            data.purpose,
            data.day,
        )

        def work(tx: Transaction) -> TransferAnswer:
            done = ledger.transfer(tx, asked, request.user.name)
            return TransferAnswer(done.transfer_id, done.posting_id)

        return await desk.perform(request, work, status=201)

    return [open_account, change_account, transfer]


def _closing_routes(desk: Desk, database: Database, periods: Periods) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/ledger/closings",
        ("supervisor",),
        "月末结账 · Close a month",
        PeriodHasNotEnded,
        PeriodIsClosed,
        PeriodIsNotNext,
        BooksDoNotBalance,
        PeriodHasDaysNotCompared,
        PeriodHasDifferences,
    )
    async def close(request: ApiRequest, data: JSONBody[ClosingRequest]) -> Response[Closing]:
        period, by = read_period(data.period), request.user.name
        count = partial(periods.count, database, period, by)
        return await desk.perform_after(
            request, count, lambda tx: periods.close(tx, period, by), status=201
        )

    @_ROUTES.lists("/v1/ledger/closings", _SEEN_BY, "已结账期间 · Closed months")
    async def closings(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[ClosingsAnswer]:
        page = _CLOSINGS.page(limit, after)

        def query(tx: Transaction) -> ClosingsAnswer:
            found = closing_store.page_of_closings(tx, page)
            told = [Closing(**{**row, "period": period_text(row["period"])}) for row in found.rows]
            return ClosingsAnswer(told, _CLOSINGS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.lists(
        "/v1/ledger/closings/{period:str}/balances",
        _SEEN_BY,
        "期末余额 · What accounts stood at when a month ended",
        PeriodIsUnknown,
    )
    async def balances(
        period: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[ClosedBalancesAnswer]:
        page = _BALANCES.page(limit, after)

        def query(tx: Transaction) -> ClosedBalancesAnswer:
            found = closing_store.balances_at(tx, closed_period(tx, period), page)
            told = [ClosedBalance(**row) for row in found.rows]
            return ClosedBalancesAnswer(told, _BALANCES.cursor(found.last))

        return await desk.look_up(query)

    return [close, closings, balances]


def _told(tx: Transaction, name: str) -> AccountAnswer:
    state = store.state_of(tx, name)
    return AccountAnswer(name, kind_of(name).value, state.value, store.balance_of(tx, name))
