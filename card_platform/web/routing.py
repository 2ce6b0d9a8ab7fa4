"""How a context declares its routes: a line each for path, callers, summary and refusals."""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import Enum
from types import CodeType
from typing import Any, get_type_hints

from litestar import get, post
from litestar.handlers import HTTPRouteHandler

from card_platform.errors import Refusal
from card_platform.web.authorisation import Guard, allow, limit
from card_platform.web.documentation import CreatingOperation
from card_platform.web.paging import CursorIsWrong
from card_platform.web.problem_details import refusals_of
from card_platform.web.rate_limits import Limited
from card_platform.web.request_body import BODY_MAX_BYTES, RequestIsMalformed, StrictBody


class WithoutToken(Enum):
    """Callers without a token: who reads, who signs the request itself, who signs in."""

    ANYONE = "anyone"
    WHO_SIGNS = "who-signs"
    WHO_SIGNS_IN = "who-signs-in"


Who = Collection[str] | Guard | WithoutToken
"""The roles that may call, a guard that decides, or callers without a token."""

ANYONE, WHO_SIGNS, WHO_SIGNS_IN = WithoutToken
_GUARDS: dict[WithoutToken, list[Guard]] = {
    ANYONE: [limit(Limited.READING)],
    WHO_SIGNS: [],
    WHO_SIGNS_IN: [limit(Limited.SIGNING_IN)],
}

Declare = Callable[[Callable[..., Any]], HTTPRouteHandler]
_HINTS: dict[CodeType, dict[str, Any]] = {}
"""What the annotations of a route mean, by its code: one function, however often it is declared."""


class Routes:
    """The routes of one context, under one tag of the OpenAPI document."""

    def __init__(self, tag: str) -> None:
        self._tag = tag

    def reads(self, path: str, who: Who, summary: str, *refusals: type[Refusal]) -> Declare:
        """A route that reads."""
        responses = refusals_of(*refusals, RequestIsMalformed)
        return _declare(get, path, responses=responses, **self._shared(who, summary))

    def lists(self, path: str, who: Who, summary: str, *refusals: type[Refusal]) -> Declare:
        """A route that reads a list by pages."""
        return self.reads(path, who, summary, *refusals, CursorIsWrong)

    def asks(self, path: str, who: Who, summary: str, *refusals: type[Refusal]) -> Declare:
        """A route whose question is a body; asked twice it may answer twice."""
        return _declare(
            post,
            path,
            dto=StrictBody,
            return_dto=None,
            status_code=200,
            responses=refusals_of(*refusals, RequestIsMalformed),
            **self._shared(who, summary),
        )

    def creates(
        self,
        path: str,
        who: Who,
        summary: str,
        *refusals: type[Refusal],
        status: int = 201,
        body_max: int = BODY_MAX_BYTES,
    ) -> Declare:
        """A route that does something once for its Idempotency-Key."""
        return _declare(
            post,
            path,
            dto=StrictBody,
            return_dto=None,
            operation_class=CreatingOperation,
            status_code=status,
            request_max_body_size=body_max,
            responses=refusals_of(*refusals, creates=True),
            **self._shared(who, summary),
        )

    def _shared(self, who: Who, summary: str) -> dict[str, Any]:
        shared: dict[str, Any] = {"summary": summary, "tags": [self._tag]}
        if isinstance(who, WithoutToken):
            return {**shared, "security": [{}], "guards": _GUARDS[who]}
        return {**shared, "guards": [who if callable(who) else allow(*who)]}


def _declare(handler: Callable[..., Declare], path: str, **options: Any) -> Declare:
    """The declaration of a route, its annotations resolved once.

    A process that serves several regions, or runs tests, declares the same routes many times.
    """
    declare = handler(path, **options)

    def with_hints(function: Callable[..., Any]) -> HTTPRouteHandler:
        code = function.__code__
        if code not in _HINTS:
            _HINTS[code] = get_type_hints(function, include_extras=True)
        function.__annotations__ = dict(_HINTS[code])
        return declare(function)

    return with_hints
