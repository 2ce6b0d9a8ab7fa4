"""HTTP routes of fare refunds, with their shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.refusals import CardIsUnknown
from card_platform.services.terminals.model import StationIsUnknown
from card_platform.services.transit import refund_store as store
from card_platform.services.transit.refund_rules import RideRefund
from card_platform.services.transit.refunds import Refunds
from card_platform.services.transit.refusals import (
    MonthIsAhead,
    NothingToRefund,
    RideIsNotCorrectable,
    RideIsUnknown,
)
from card_platform.settlement.ledger.refusals import AccountIsClosed, AccountIsFrozen
from card_platform.storage import Transaction
from card_platform.vocabulary.card_text import Hex2
from card_platform.vocabulary.exact_text import exactly
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody

_ROUTES = Routes("transit")
_ACCOUNT = (AccountIsFrozen, AccountIsClosed)
_REFUNDS = PagedList("fare-refunds", str)
_OF_CARD = PagedList("fare-refunds-of-card", str)


class FareRefundBody(RequestBody, frozen=True):
    """The month, YYYY-MM, whose rides are looked at."""

    month: Annotated[str, exactly(r"20[0-9]{2}-(0[1-9]|1[0-2])")]


class RideCorrectionBody(RequestBody, frozen=True):
    """The station of the missing end, and what proves it."""

    station: Hex2
    evidence: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class RefundedRide(msgspec.Struct, frozen=True):
    """What was given back of one ride: `rule` is `age`, `daily-cap`, `monthly-cap` or
    `correction`.
    """

    ride_id: str
    operator: str
    rule: str
    refund_fen: int


class FareRefundAnswer(msgspec.Struct, frozen=True):
    """A refund; the money is in the holder's personal money."""

    refund_id: str
    card_id: str
    refund_fen: int
    rides: list[RefundedRide]


class FareRefundOnRecord(FareRefundAnswer, frozen=True):
    """A refund on record; `evidence` is what a clerk saw who corrected a ride."""

    evidence: str | None
    at: str
    by: str


class FareRefundsAnswer(msgspec.Struct, frozen=True):
    """Refunds, the latest first."""

    refunds: list[FareRefundOnRecord]
    next: str | None


def refund_routes(desk: Desk, refunds: Refunds) -> list[HTTPRouteHandler]:
    """Money back for rides that cost too much."""

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/transit/fare-refunds",
        ("clerk", "holder"),
        "退还多收车费（年龄优惠、日与月封顶）· Refund what a month's rides cost too much",
        CardIsUnknown,
        MonthIsAhead,
        NothingToRefund,
        *_ACCOUNT,
    )
    async def refund(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[FareRefundBody]
    ) -> Response[FareRefundAnswer]:
        caller = request.user

        def work(tx: Transaction) -> FareRefundAnswer:
            return _answer(card_id, *refunds.refund_month(tx, card_id, data.month, caller))

        return await desk.perform(request, work, 201)

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/transit/rides/{ride_id:str}/correction",
        ("clerk",),
        "更正缺进站或缺出站的行程 · Correct a ride whose entry or exit was missing",
        CardIsUnknown,
        RideIsUnknown,
        RideIsNotCorrectable,
        StationIsUnknown,
        NothingToRefund,
        *_ACCOUNT,
    )
    async def correct(
        request: ApiRequest,
        card_id: FromPath[str],
        ride_id: FromPath[str],
        data: JSONBody[RideCorrectionBody],
    ) -> Response[FareRefundAnswer]:
        caller, station = request.user, data.station.upper()

        def work(tx: Transaction) -> FareRefundAnswer:
            told = refunds.correct_ride(
                tx, card_id, ride_id, station=station, evidence=data.evidence, caller=caller
            )
            return _answer(card_id, *told)

        return await desk.perform(request, work, 201)

    return [refund, correct, *_lists(desk, refunds)]


def _lists(desk: Desk, refunds: Refunds) -> list[HTTPRouteHandler]:
    @_ROUTES.lists(
        "/v1/transit/fare-refunds",
        ("operator", "supervisor", "auditor"),
        "已退还的多收车费 · Fares that were given back",
    )
    async def of_all(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[FareRefundsAnswer]:
        page = _REFUNDS.page(limit, after)

        def query(tx: Transaction) -> FareRefundsAnswer:
            found = store.page_of_refunds(tx, page)
            return FareRefundsAnswer(_told(tx, found.rows), _REFUNDS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.lists(
        "/v1/cards/{card_id:str}/transit/fare-refunds",
        ("clerk", "operator", "holder"),
        "卡片已退还的多收车费 · Fares given back to a card's holder",
        CardIsUnknown,
    )
    async def of_card(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[FareRefundsAnswer]:
        page = _OF_CARD.page(limit, after)

        def query(tx: Transaction) -> FareRefundsAnswer:
            refunds.require_card(tx, card_id)
            found = store.page_of_refunds(tx, page, card_id)
            return FareRefundsAnswer(_told(tx, found.rows), _OF_CARD.cursor(found.last))

        return await desk.look_up(query)

    return [of_all, of_card]


def _told(tx: Transaction, rows: Sequence[dict[str, Any]]) -> list[FareRefundOnRecord]:
    given = store.rides_given(tx, [row["refund_id"] for row in rows])
    return [
        FareRefundOnRecord(**row, rides=[RefundedRide(*each) for each in given[row["refund_id"]]])
        for row in rows
    ]


def _answer(card_id: str, refund_id: str, rides: Sequence[RideRefund]) -> FareRefundAnswer:
    told = [
        RefundedRide(each.ride.ride_id, each.ride.operator, each.rule, each.fen) for each in rides
    ]
    return FareRefundAnswer(refund_id, card_id, sum(each.fen for each in rides), told)
