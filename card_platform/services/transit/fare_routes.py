"""HTTP routes of fares."""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from card_platform.regions import RegionPolicy
from card_platform.services.terminals.model import BusLineIsUnknown, StationIsUnknown
from card_platform.services.transit.fare_questions import FareAnswer, price
from card_platform.services.transit.fare_shapes import (
    FareDifference,
    FareDifferencesAnswer,
    FareQuestion,
)
from card_platform.services.transit.fare_store import page_of_differences
from card_platform.services.transit.shapes import ReductionAnswer
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.routing import ANYONE

_ROUTES = Routes("transit")
_DIFFERENCES = PagedList("fare-differences", str)


def fare_routes(desk: Desk, policy: RegionPolicy) -> list[HTTPRouteHandler]:
    """What a ride costs and why, and the rides that were charged otherwise."""

    @_ROUTES.asks(
        "/v1/transit/fare-questions",
        ANYONE,
        "查询票价及计价依据 · What a ride costs, rule by rule",
        StationIsUnknown,
        BusLineIsUnknown,
    )
    async def ask(data: JSONBody[FareQuestion]) -> FareAnswer:
        return price(policy, data.read())

    @_ROUTES.lists(
        "/v1/transit/fare-differences",
        ("operator", "supervisor", "auditor"),
        "与票价表不符的扣款 · Rides charged otherwise than by the table",
    )
    async def differences(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[FareDifferencesAnswer]:
        page = _DIFFERENCES.page(limit, after)

        def query(tx: Transaction) -> FareDifferencesAnswer:
            found = page_of_differences(tx, page).made(_difference)
            return FareDifferencesAnswer(found.rows, _DIFFERENCES.cursor(found.last))

        return await desk.look_up(query)

    return [ask, differences]


def _difference(row: dict[str, Any]) -> FareDifference:
    kind, fen = row.pop("reduction_kind"), row.pop("reduction_fen")
    return FareDifference(**row, reduction=ReductionAnswer(kind, fen) if kind else None)
