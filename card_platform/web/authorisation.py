"""Which roles may call a route: one guard a route, `allow("clerk", "operator")`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from card_platform.errors import Refusal
from card_platform.web.authentication import Caller, Doorkeeper

Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]


class RoleForbids(Refusal):
    """The caller's role may not do this."""

    code = "role-forbids"
    status = 403
    title = "Role forbids"
    zh = "角色 {role} 无权调用此接口；可调用的角色：{allowed}。"
    en = "The role {role} may not call this; allowed: {allowed}."


def allow(*roles: str) -> Guard:
    """A guard that admits callers of these roles and sets `request.user` to the Caller."""

    async def guard(
        connection: ASGIConnection[Any, Any, Any, Any],
        _handler: BaseRouteHandler,
    ) -> None:
        doorkeeper: Doorkeeper = connection.app.state["doorkeeper"]
        caller: Caller = await doorkeeper.identify(connection.headers.get("authorization"))
        if caller.role not in roles:
            raise RoleForbids(role=caller.role, allowed=", ".join(roles))
        connection.scope["user"] = caller

    return guard


PUBLIC = Caller(name="public", role="public")


def allow_public(*roles: str) -> Guard:
    """A guard that admits callers without a token, as `PUBLIC`, and callers of these roles."""
    guard_staff = allow(*roles)

    async def guard(
        connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        if connection.headers.get("authorization"):
            await guard_staff(connection, handler)
        else:
            connection.scope["user"] = PUBLIC

    return guard
