"""Tables and SQL of fare refunds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, select

from card_platform.services.transit.matching import EXIT, SINGLE
from card_platform.services.transit.refund_rules import RideCharged, RideRefund
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

FARE_REFUNDS = Table(
    "fare_refunds",
    METADATA,
    Column("refund_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("refund_fen", BigInteger, nullable=False),
    Column("evidence", String),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_fare_refunds_of_card", "card_id", "refund_id"),
)
"""`evidence` is what a clerk saw who corrected a ride."""
FARE_REFUND_RIDES = Table(
    "fare_refund_rides",
    METADATA,
    Column("ride_id", String, ForeignKey("rides.ride_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("refund_id", String, ForeignKey("fare_refunds.refund_id"), nullable=False),
    Column("rule", String, nullable=False),
    Column("refund_fen", BigInteger, nullable=False),
    Index("ix_fare_refund_rides_of_refund", "refund_id"),
)
"""What was given back of each ride; `number` counts from 1, so that no two refunds race."""

_ADD = Statement(
    'INSERT INTO fare_refunds (refund_id, card_id, refund_fen, evidence, at, "by")'
    " VALUES (:refund_id, :card_id, :refund_fen, :evidence, :at, :by)"
)
_ADD_RIDE = Statement(
    "INSERT INTO fare_refund_rides (ride_id, number, refund_id, rule, refund_fen)"
    " VALUES (:ride_id, :number, :refund_id, :rule, :refund_fen)"
)
_RIDES = (
    "SELECT rides.ride_id, taps.kind, taps.date, rides.start_station, rides.end_station,"
    " rides.fare_fen, rides.charged_fen, COALESCE(terminals.operator, 'unknown'),"
    " (SELECT COUNT(*) FROM fare_refund_rides AS given WHERE given.ride_id = rides.ride_id),"
    " CAST(COALESCE((SELECT SUM(given.refund_fen) FROM fare_refund_rides AS given"
    " WHERE given.ride_id = rides.ride_id), 0) AS BIGINT)"
    " FROM taps JOIN rides ON rides.exit_tap_id = taps.tap_id"
    " LEFT JOIN terminals ON terminals.terminal_number = taps.terminal_number"
    " WHERE taps.application_serial = :application_serial"
)
_OF_MONTH = Statement(
    f"{_RIDES} AND taps.date >= :first AND taps.date <= :last"
    f" AND taps.kind IN ('{EXIT}', '{SINGLE}') ORDER BY taps.date, taps.offline_sequence"
)
_ONE = Statement(f"{_RIDES} AND rides.ride_id = :ride_id")
_RIDES_GIVEN = Statement(
    "SELECT given.refund_id, given.ride_id, COALESCE(terminals.operator, 'unknown'), given.rule,"
    " given.refund_fen FROM fare_refund_rides AS given"
    " JOIN rides ON rides.ride_id = given.ride_id"
    " JOIN taps ON taps.tap_id = rides.exit_tap_id"
    " LEFT JOIN terminals ON terminals.terminal_number = taps.terminal_number"
    " WHERE given.refund_id IN EACH(:refund_ids) ORDER BY given.refund_id, given.ride_id"
)


class RideGiven(NamedTuple):
    """What a refund gave back of one ride."""

    ride_id: str
    operator: str
    rule: str
    refund_fen: int


def rides_of_month(tx: Transaction, application_serial: str, month: str) -> list[RideCharged]:
    """The rides of a purse in a month (YYYYMM) through gates and on buses, in the card's order."""
    asked = {"application_serial": application_serial, "first": month + "01", "last": month + "31"}
    return [RideCharged(*row) for row in tx.rows(_OF_MONTH, asked)]


def find_ride(tx: Transaction, application_serial: str, ride_id: str) -> RideCharged | None:
    """A ride of a purse, by its id."""
    rows = tx.rows(_ONE, {"application_serial": application_serial, "ride_id": ride_id})
    return RideCharged(*rows[0]) if rows else None


def add_refund(
    tx: Transaction,
    refund_id: str,
    card_id: str,
    refunds: Sequence[RideRefund],
    *,
    evidence: str | None,
    at: str,
    by: str,
) -> None:
    """Save a refund with its rides. Raises RowsAreRefused: another came first."""
    rows = [
        (each.ride.ride_id, each.ride.refunds + 1, refund_id, each.rule, each.fen)
        for each in refunds
    ]
    tx.add_ordered(
        _ADD, [(refund_id, card_id, sum(each.fen for each in refunds), evidence, at, by)]
    )
    tx.add_ordered(_ADD_RIDE, rows)


def page_of_refunds(
    tx: Transaction, page: Page, card_id: str | None = None
) -> Paged[dict[str, Any]]:
    """Refunds, the latest first: those of a card, or all."""
    query = select(FARE_REFUNDS)
    if card_id is not None:
        query = query.where(FARE_REFUNDS.c.card_id == card_id)
    return page_of(tx, query, [FARE_REFUNDS.c.refund_id], page, latest_first=True)


def rides_given(tx: Transaction, refund_ids: Sequence[str]) -> dict[str, list[RideGiven]]:
    """The rides of each of these refunds."""
    found: defaultdict[str, list[RideGiven]] = defaultdict(list)
    for refund_id, *given in tx.rows_of_each(_RIDES_GIVEN, {"refund_ids": list(refund_ids)}):
        found[refund_id].append(RideGiven(*given))
    return found
