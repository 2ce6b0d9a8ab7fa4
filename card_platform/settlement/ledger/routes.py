"""HTTP routes of the ledger: the check of the books and the accounts."""

from __future__ import annotations

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from card_platform.settlement.ledger import store
from card_platform.settlement.ledger.books import BookCheck, check_book
from card_platform.web import Desk, allow, refusals_of


class AccountAnswer(msgspec.Struct, frozen=True):
    """An account and its balance."""

    name: str
    balance_fen: int


class AccountsAnswer(msgspec.Struct, frozen=True):
    """All accounts, by name."""

    accounts: list[AccountAnswer]


def ledger_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @get(
        "/v1/ledger/check",
        guards=[allow("operator")],
        responses=refusals_of(),
        summary="核对总账 · Check the books",
        tags=["ledger"],
    )
    async def check() -> Response[BookCheck]:
        return await desk.look_up(check_book)

    @get(
        "/v1/ledger/accounts",
        guards=[allow("operator")],
        responses=refusals_of(),
        summary="账户余额 · Accounts and their balances",
        tags=["ledger"],
    )
    async def accounts() -> Response[AccountsAnswer]:
        return await desk.look_up(
            lambda transaction: AccountsAnswer(
                [AccountAnswer(name, fen) for name, fen in store.balances(transaction)]
            )
        )

    return [check, accounts]
