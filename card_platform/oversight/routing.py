"""How the routes of oversight are declared: creating ones and looking ones, with one line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import get, post
from litestar.handlers import HTTPRouteHandler

from card_platform.errors import Refusal
from card_platform.web import StrictBody, allow, refusals_of
from card_platform.web.authorisation import Guard
from card_platform.web.documentation import CreatingOperation

Declare = Callable[[Callable[..., Any]], HTTPRouteHandler]


def creates(
    path: str,
    guard: Guard | tuple[str, ...],
    summary: str,
    *refusals: type[Refusal],
    status: int = 201,
    tags: tuple[str, ...] = ("oversight",),
) -> Declare:
    """A route that does something once for its Idempotency-Key."""
    return post(
        path,
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        status_code=status,
        guards=[allow(*guard) if isinstance(guard, tuple) else guard],
        responses=refusals_of(*refusals, creates=True),
        summary=summary,
        tags=list(tags),
    )


def looks(
    path: str,
    roles: tuple[str, ...],
    summary: str,
    *refusals: type[Refusal],
    tags: tuple[str, ...] = ("oversight",),
) -> Declare:
    """A route that reads."""
    return get(
        path,
        guards=[allow(*roles)],
        responses=refusals_of(*refusals),
        summary=summary,
        tags=list(tags),
    )
