"""Which roles may call a route: one guard a route, `allow("clerk", "operator")`.

A holder and an agent are let to their own card only: the card named in the path is compared with
that of the session. A route for them without a card in its path compares by itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from card_platform.errors import Refusal
from card_platform.web.authentication import Caller, Doorkeeper, TokenIsMissing
from card_platform.web.rate_limits import Limited, RateLimits

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]


class RoleForbids(Refusal):
    """The caller's role may not do this."""

    code = "role-forbids"
    status = 403
    title = "Role forbids"
    zh = "角色 {role} 无权调用此接口；可调用的角色：{allowed}。"
    en = "The role {role} may not call this; allowed: {allowed}."


class CardIsAnothers(Refusal):
    """A holder or an agent asked for a card that is not that of the session."""

    code = "card-is-anothers"
    status = 403
    title = "Card is another's"
    zh = "本会话只能办理登录时所对应的卡，不能办理他人的卡。"
    en = "This session is for one card only, and this is another's."


def require_own(caller: Caller, card_id: str | None) -> None:
    """Let a holder or an agent go on with the card of the session alone; all others with any.

    Raises:
        CardIsAnothers: it is not theirs.
    """
    if caller.card_id and card_id != caller.card_id:
        raise CardIsAnothers


def allow(*roles: str) -> Guard:
    """A guard that admits callers of these roles and sets `request.user` to the Caller."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        caller = await _identify(connection)
        _limits(connection).take_for(caller)
        if caller.role not in roles:
            raise RoleForbids(role=caller.role, allowed=", ".join(roles))
        if "card_id" in connection.path_params:
            require_own(caller, connection.path_params["card_id"])
        connection.scope["user"] = caller

    return guard


PUBLIC = Caller(name="public", role="public")


def allow_public(*roles: str) -> Guard:
    """A guard that admits callers without a token, as `PUBLIC`, and callers of these roles.

    All without a token have one name, so that their Idempotency-Keys are their address's: else
    whoever sends another's key and body would be told the other's filing and its secret. Of the
    address a keyed digest is kept. Sent again from another address, a request is a new one: a
    complaint filed twice does less harm than one shown to a stranger.
    """
    guard_staff = allow(*roles)

    async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
        if connection.headers.get("authorization"):
            await guard_staff(connection, handler)
        else:
            address = _address(connection)
            _limits(connection).take(Limited.COMPLAINING, address)
            digest: Callable[[bytes], bytes] = connection.app.state["digest"]
            own = digest(f"address {address}".encode()).hex()
            connection.scope["user"] = PUBLIC.with_keys_of(f"{PUBLIC.name}:{own}")

    return guard


def limit(kind: Limited) -> Guard:
    """A guard that admits everybody, so many times an address."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        _limits(connection).take(kind, _address(connection))

    return guard


async def _identify(connection: Connection) -> Caller:
    """The caller. A token not met before is counted before it is looked for, so that a right guess
    is refused like a wrong one once there were too many; found to be proper, it was no guess.
    """
    doorkeeper: Doorkeeper = connection.app.state["doorkeeper"]
    authorization = connection.headers.get("authorization")
    if not doorkeeper.may_be_guess(authorization):
        return await doorkeeper.identify(authorization)
    limits, address = _limits(connection), _address(connection)
    limits.take(Limited.UNKNOWN_TOKEN, address)
    is_guess = False
    try:
        return await doorkeeper.identify(authorization)
    except TokenIsMissing:
        is_guess = True
        raise
    finally:
        if not is_guess:
            limits.give_back(Limited.UNKNOWN_TOKEN, address)


def _limits(connection: Connection) -> RateLimits:
    limits: RateLimits = connection.app.state["limits"]
    return limits


def _address(connection: Connection) -> str:
    return connection.client.host if connection.client else "-"
