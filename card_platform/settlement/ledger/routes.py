"""HTTP routes of the ledger: the check of the books and the accounts."""

from __future__ import annotations

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from card_platform.settlement.ledger import store
from card_platform.settlement.ledger.books import BookCheck, check_book
from card_platform.web import Desk, Routes

_ROUTES = Routes("ledger")


class AccountAnswer(msgspec.Struct, frozen=True):
    """An account and its balance."""

    name: str
    balance_fen: int


class AccountsAnswer(msgspec.Struct, frozen=True):
    """All accounts, by name."""

    accounts: list[AccountAnswer]


def ledger_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.reads("/v1/ledger/check", ("operator",), "核对总账 · Check the books")
    async def check() -> Response[BookCheck]:
        return await desk.look_up(check_book)

    @_ROUTES.reads(
        "/v1/ledger/accounts",
        ("operator",),
        "账户余额 · Accounts and their balances",
    )
    async def accounts() -> Response[AccountsAnswer]:
        return await desk.look_up(
            lambda transaction: AccountsAnswer(
                [AccountAnswer(name, fen) for name, fen in store.balances(transaction)]
            )
        )

    return [check, accounts]
