"""HTTP routes of staff accounts."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.access import refusals, store
from card_platform.access.accounts import Accounts
from card_platform.access.passwords import Passwords
from card_platform.access.sessions import Sessions
from card_platform.access.shapes import (
    AccountAnswer,
    AccountOpening,
    AccountReference,
    AccountsAnswer,
    Disabling,
    NewPassword,
    OpenedAnswer,
    PasswordReset,
    account_answer,
)
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.authentication import STAFF_ROLES
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("access")
_ACCOUNTS = PagedList("accounts", str)


def account_routes(
    desk: Desk, accounts: Accounts, passwords: Passwords, sessions: Sessions
) -> list[HTTPRouteHandler]:
    """The routes of accounts."""

    def reveal(tx: Transaction, kept: AccountReference) -> OpenedAnswer:
        account = accounts.look(tx, kept.account_id)
        password = accounts.first_password(kept.account_id, kept.reset_id)
        return OpenedAnswer(account_answer(account), password)

    @_ROUTES.creates(
        "/v1/accounts",
        ("operator",),
        "开设工作人员账号 · Open a staff account",
        CardIsUnknown,
        refusals.AccountNameIsTaken,
    )
    async def open_account(
        request: ApiRequest, data: JSONBody[AccountOpening]
    ) -> Response[OpenedAnswer]:
        account_id = new_identifier("account")
        password_hash = await passwords.hash(accounts.first_password(account_id))

        def work(tx: Transaction) -> AccountReference:
            opened = accounts.open(
                tx,
                account_id=account_id,
                name=data.name,
                role=data.role,
                site=data.site,
                card_id=data.card_id,
                password_hash=password_hash,
                by=request.user.name,
            )
            return AccountReference(opened.account_id)

        return await desk.perform_and_reveal(request, work, reveal, AccountReference, status=201)

    @_ROUTES.lists("/v1/accounts", ("operator", "auditor"), "账号列表 · Every staff account")
    async def list_accounts(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[AccountsAnswer]:
        page = _ACCOUNTS.page(limit, after)

        def query(tx: Transaction) -> AccountsAnswer:
            found = store.page_of_accounts(tx, page).made(account_answer)
            return AccountsAnswer(found.rows, _ACCOUNTS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.creates(
        "/v1/accounts/{account_id:str}/disabling",
        ("operator",),
        "停用账号 · Disable an account",
        refusals.AccountIsUnknown,
        refusals.AccountStateForbids,
        status=200,
    )
    async def disable(
        request: ApiRequest, account_id: FromPath[str], data: JSONBody[Disabling]
    ) -> Response[AccountAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: account_answer(accounts.disable(tx, account_id, data.reason, by))
        )

    @_ROUTES.creates(
        "/v1/accounts/{account_id:str}/password-reset",
        ("supervisor",),
        "重置遗忘的密码 · Reset a forgotten password",
        refusals.AccountIsUnknown,
        refusals.AccountIsOnesOwn,
        refusals.AccountStateForbids,
        status=200,
    )
    async def reset_password(
        request: ApiRequest, account_id: FromPath[str], data: JSONBody[PasswordReset]
    ) -> Response[OpenedAnswer]:
        caller, reset_id = request.user, new_identifier("reset")
        password_hash = await passwords.hash(accounts.first_password(account_id, reset_id))

        def work(tx: Transaction) -> AccountReference:
            own = sessions.look(tx, caller).account_id if caller.session_id else None
            accounts.reset_password(
                tx,
                account_id,
                password_hash,
                reason=data.reason,
                own_account_id=own,
                by=caller.name,
            )
            return AccountReference(account_id, reset_id)

        return await desk.perform_and_reveal(request, work, reveal, AccountReference)

    @_ROUTES.asks(
        "/v1/accounts/current/password",
        STAFF_ROLES,
        "修改本人密码 · Change one's own password",
        refusals.SessionIsNeeded,
        refusals.AccountIsNeeded,
        refusals.SignInIsRefused,
        refusals.PasswordIsTooWeak,
    )
    async def change_password(
        request: ApiRequest, data: JSONBody[NewPassword]
    ) -> Response[AccountAnswer]:
        caller = request.user
        session = await desk.consult(lambda tx: sessions.look(tx, caller))
        if session.account_id is None:
            raise refusals.AccountIsNeeded
        own = session.account_id
        seen = await desk.consult(lambda tx: accounts.look(tx, own))
        accounts.require_strong(seen.name, data.current, data.new)
        right = await passwords.is_right(seen.password_hash, data.current)
        password_hash = await passwords.hash(data.new)

        def work(tx: Transaction) -> str:
            reason = accounts.judge_password(tx, seen.name, seen, right=right)
            if not reason:
                accounts.change_password(
                    tx, own, password_hash, session_id=session.session_id, by=caller.name
                )
            return reason

        if await desk.decide(work):
            raise refusals.SignInIsRefused
        return await desk.look_up(lambda tx: account_answer(accounts.look(tx, own)))

    return [open_account, list_accounts, disable, reset_password, change_password]
