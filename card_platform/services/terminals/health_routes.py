"""HTTP routes of the health of terminals: the terminal reports, the operator reads."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from card_platform.regions.policy import RegionPolicy
from card_platform.services.terminals.health import (
    HealthReport,
    TerminalHealth,
    TerminalState,
    health_of_all,
    keep_report,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody

_ROUTES = Routes("terminals")
_HEALTH = PagedList("terminal-health", str)

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class HealthBody(RequestBody, frozen=True):
    """What a terminal says of itself."""

    state: TerminalState
    software: Short
    revocation_list_version: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
    revocation_list_issued_at: Annotated[datetime, msgspec.Meta(tz=True)]
    fault: Short | None = None


class HealthTaken(msgspec.Struct, frozen=True):
    """The report is kept."""

    terminal_number: str
    reported_at: str


class HealthsAnswer(msgspec.Struct, frozen=True):
    """Every terminal with its last report."""

    terminals: list[TerminalHealth]
    next: str | None


def health_routes(desk: Desk, policy: RegionPolicy, clock: Clock) -> list[HTTPRouteHandler]:
    """The routes of the health of terminals."""

    @_ROUTES.creates(
        "/v1/terminal-health",
        ("terminal",),
        "终端状态上报 · A terminal reports its health",
    )
    async def report(request: ApiRequest, data: JSONBody[HealthBody]) -> Response[HealthTaken]:
        number = request.user.terminal_number
        told = HealthReport(
            data.state,
            data.fault,
            data.software,
            data.revocation_list_version,
            data.revocation_list_issued_at,
        )

        def work(tx: Transaction) -> HealthTaken:
            at = moment_of(clock.now())
            keep_report(tx, number, told, at)
            return HealthTaken(number, at)

        return await desk.perform(request, work, 201)

    @_ROUTES.lists(
        "/v1/terminal-health",
        ("operator", "inspector"),
        "终端状态 · Health of all terminals",
    )
    async def look(limit: Limit = LIMIT_DEFAULT, after: After = None) -> Response[HealthsAnswer]:
        page, now = _HEALTH.page(limit, after), clock.now()
        age_max_s = policy.transit.revocation_list_age_max.on_or_first(now.date())

        def query(tx: Transaction) -> HealthsAnswer:
            found = health_of_all(tx, page, now, age_max_s)
            return HealthsAnswer(found.rows, _HEALTH.cursor(found.last))

        return await desk.look_up(query)

    return [report, look]
