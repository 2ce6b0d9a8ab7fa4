"""HTTP routes of the ledger: the check of the books and the accounts."""

from __future__ import annotations

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from card_platform.settlement.ledger import store
from card_platform.settlement.ledger.books import BookCheck, check_book
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes

_ROUTES = Routes("ledger")
_ACCOUNTS = PagedList("ledger-accounts", str)


class AccountAnswer(msgspec.Struct, frozen=True):
    """An account and its balance."""

    name: str
    balance_fen: int


class AccountsAnswer(msgspec.Struct, frozen=True):
    """All accounts, by name."""

    accounts: list[AccountAnswer]
    next: str | None


def ledger_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this context."""

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
            found = store.balances(tx, page)
            told = [AccountAnswer(name, fen) for name, fen in found.rows]
            return AccountsAnswer(told, _ACCOUNTS.cursor(found.last))

        return await desk.look_up(query)

    return [check, accounts]
