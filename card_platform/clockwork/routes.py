"""HTTP routes of the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from card_platform.clockwork import store
from card_platform.clockwork.clock import AHEAD_MAX, VirtualClock
from card_platform.clockwork.due import Clockwork
from card_platform.errors import Refusal
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web import Desk, Routes
from card_platform.web.authentication import STAFF_ROLES
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody

_ROUTES = Routes("platform")

_SECONDS_MAX = int(AHEAD_MAX.total_seconds())


class ClockIsReal(Refusal):
    """The platform lives by the clock of the machine, which nobody moves."""

    code = "clock-is-real"
    status = 409
    title = "The clock is real"
    zh = "平台使用本机时钟，不能拨动；请用 --clock virtual 启动平台。"
    en = "The platform lives by the machine's clock; start it with --clock virtual to move it."


class ClockIsFarAhead(Refusal):
    """So far ahead that it must be a slip."""

    code = "clock-too-far-ahead"
    status = 422
    title = "Too far ahead"
    zh = "虚拟时钟最多比本机时钟快一百年。"
    en = "The virtual clock goes at most a hundred years ahead of the machine's."


class Advance(RequestBody, frozen=True):
    """How far to move the clock forward, in seconds."""

    advance_s: Annotated[int, msgspec.Meta(ge=1, le=_SECONDS_MAX)]


class ClockAnswer(msgspec.Struct, frozen=True):
    """The time as the platform lives it."""

    now: str
    kind: Literal["real", "virtual"]
    ahead_s: float


def clock_routes(desk: Desk, clock: Clock, clockwork: Clockwork) -> list[HTTPRouteHandler]:
    """The routes of the clock."""

    def tell() -> ClockAnswer:
        if isinstance(clock, VirtualClock):
            return ClockAnswer(moment_of(clock.now()), "virtual", clock.ahead.total_seconds())
        return ClockAnswer(moment_of(clock.now()), "real", 0.0)

    @_ROUTES.reads(
        "/v1/clock",
        (*STAFF_ROLES, "terminal"),
        "平台时间 · The time of the platform",
    )
    async def look() -> Response[ClockAnswer]:
        return await desk.look_up(lambda _tx: tell())

    @_ROUTES.creates(
        "/v1/clock",
        ("trainer",),
        "拨快虚拟时钟 · Move the virtual clock forward",
        ClockIsReal,
        ClockIsFarAhead,
        status=200,
    )
    async def advance(request: ApiRequest, data: JSONBody[Advance]) -> Response[ClockAnswer]:
        if not isinstance(clock, VirtualClock):
            raise ClockIsReal

        def work(tx: Transaction) -> ClockAnswer:
            ahead = store.ahead(tx) + timedelta(seconds=data.advance_s)
            if ahead > AHEAD_MAX:
                raise ClockIsFarAhead
            store.keep_ahead(tx, ahead)
            moved = clock.now() - clock.ahead + ahead
            return ClockAnswer(moment_of(moved), "virtual", ahead.total_seconds())

        answer = await desk.perform(request, work)
        clock.ahead = await desk.consult(store.ahead)
        await clockwork.catch_up()
        return answer

    return [look, advance]
