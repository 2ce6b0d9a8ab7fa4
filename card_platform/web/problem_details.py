"""Refusals as problem+json (RFC 9457), and the same refusals in the OpenAPI document."""

from __future__ import annotations

import logging
from collections import defaultdict
from functools import cache
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec

from card_platform.errors import PlatformIsBusy, Refusal
from card_platform.vocabulary.faults import Fault
from card_platform.web.authentication import (
    SessionHasEnded,
    TerminalIsWithdrawn,
    TokenIsMissing,
)
from card_platform.web.authorisation import CardIsAnothers, RoleForbids
from card_platform.web.idempotency import ClientIdIsReused
from card_platform.web.rate_limits import TooManyRequests
from card_platform.web.request_body import RequestIsMalformed

_LOG = logging.getLogger(__name__)
PROBLEM_MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:onecard:problem:"

_OF_THE_FRAMEWORK = {
    400: ("request-malformed", "请求格式不正确。", "The request is malformed."),
    404: ("not-found", "没有这个地址。", "There is nothing at this address."),
    405: ("method-not-allowed", "该地址不支持此方法。", "This address does not take this method."),
    413: ("body-too-large", "请求正文超过上限。", "The request body is larger than allowed."),
}


class Problem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The body of every refusal."""

    type: str
    title: str
    status: int
    code: str
    detail_zh: str
    detail_en: str
    faults: list[Fault] = []


def _answer(problem: Problem) -> Response[Any]:
    return Response(
        msgspec.json.encode(problem), status_code=problem.status, media_type=PROBLEM_MEDIA_TYPE
    )


def problem_type(code: str) -> str:
    """The type of a problem with that code (RFC 9457)."""
    return _TYPE + code


def told_in_description(kind: type[Refusal]) -> str:
    """What the description of an answer says of one refusal, its facts still named."""
    return f"`{kind.code}`: {kind.en}"


def problem_of(refusal: Refusal) -> Problem:
    """A refusal as its body."""
    faults = refusal.faults if isinstance(refusal, RequestIsMalformed) else []
    return Problem(
        type=problem_type(refusal.code),
        title=refusal.title,
        status=refusal.status,
        code=refusal.code,
        detail_zh=refusal.detail_zh,
        detail_en=refusal.detail_en,
        faults=faults,
    )


def problem_of_fault(method: str, path: str, fault: Exception) -> Problem:
    """A fault of the platform as its body: logged in full, told without its inside."""
    _LOG.error("%s %s failed", method, path, exc_info=fault)
    return Problem(
        type=_TYPE + "platform-fault",
        title="Platform fault",
        status=500,
        code="platform-fault",
        detail_zh="平台内部错误，请求未生效；已记入日志。",
        detail_en="The platform failed and the request had no effect; it is in the log.",
    )


def tell_refusal(_request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """A refusal of the platform's own."""
    answer = _answer(problem_of(refusal))
    if isinstance(refusal, TooManyRequests):
        answer.headers["Retry-After"] = str(refusal.facts["retry_after_s"])
    return answer


def tell_framework_error(_request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What the framework refuses by itself: unknown addresses, methods, bodies too large."""
    code, zh, en = _OF_THE_FRAMEWORK.get(
        error.status_code, ("request-refused", "请求被拒绝。", "The request was refused.")
    )
    return _answer(
        Problem(
            type=_TYPE + code,
            title=error.detail or code,
            status=error.status_code,
            code=code,
            detail_zh=zh,
            detail_en=en,
        )
    )


def tell_fault(request: Request[Any, Any, Any], fault: Exception) -> Response[Any]:
    """A fault of the platform."""
    return _answer(problem_of_fault(request.method, request.url.path, fault))


def refusals_of(*kinds: type[Refusal], creates: bool = False) -> dict[int, ResponseSpec]:
    """The documented refusals of a route: its own and those every route has."""
    return dict(_refusals_of(kinds, creates))


@cache
def _refusals_of(kinds: tuple[type[Refusal], ...], creates: bool) -> dict[int, ResponseSpec]:
    """Made once: apps of several regions, or of tests, have the same routes."""
    every: list[type[Refusal]] = [
        TokenIsMissing,
        SessionHasEnded,
        TerminalIsWithdrawn,
        RoleForbids,
        CardIsAnothers,
        TooManyRequests,
        PlatformIsBusy,
        *kinds,
    ]
    if creates:
        every += [RequestIsMalformed, ClientIdIsReused]
    by_status: defaultdict[int, list[type[Refusal]]] = defaultdict(list)
    for kind in every:
        if kind not in by_status[kind.status]:
            by_status[kind.status].append(kind)
    return {
        status: ResponseSpec(
            data_container=Problem,
            media_type=PROBLEM_MEDIA_TYPE,
            generate_examples=False,
            description="; ".join(map(told_in_description, kinds_of_status)),
        )
        for status, kinds_of_status in sorted(by_status.items())
    }


EXCEPTION_HANDLERS: Any = {
    Refusal: tell_refusal,
    HTTPException: tell_framework_error,
    Exception: tell_fault,
}

__all__ = ["EXCEPTION_HANDLERS", "Problem", "refusals_of"]
