"""Tables and SQL of transit. Loads, taps and refusals are hot paths, hence prepared text."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    literal,
    select,
    text,
    tuple_,
)

from card_platform.services.transit.matching import ENTRY, TapOnRecord
from card_platform.services.transit.model import AuthorisedLoad, Ride, Tap
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

Place = tuple[str, str]
"""Where a tap stands in the order of its card: day and offline sequence."""

REVOKED_PURSES = Table(
    "revoked_purses",
    METADATA,
    Column("application_serial", String, primary_key=True),
    Column("since", String, nullable=False),
)

TRANSIT_LOADS = Table(
    "transit_loads",
    METADATA,
    Column("load_id", String, primary_key=True),
    Column("application_serial", String, nullable=False),
    Column("issuer", String, nullable=False),
    Column("terminal_number", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("balance_before_fen", BigInteger, nullable=False),
    Column("online_sequence", String, nullable=False),
    Column("date", String, nullable=False),
    Column("time", String, nullable=False),
    Column("posting_id", String, ForeignKey("postings.posting_id")),
    Column("at", String, nullable=False),
    Index("ix_transit_loads_application_serial", "application_serial"),
    Index(
        "uq_transit_loads_confirmed",
        "application_serial",
        "online_sequence",
        unique=True,
        sqlite_where=text("posting_id IS NOT NULL"),
        postgresql_where=text("posting_id IS NOT NULL"),
    ),
)

TAPS = Table(
    "taps",
    METADATA,
    Column("tap_id", String, primary_key=True),
    Column("application_serial", String, nullable=False),
    Column("date", String, nullable=False),
    Column("offline_sequence", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("station", String, nullable=False),
    Column("entry_station", String),
    Column("amount_fen", BigInteger, nullable=False),
    Column("balance_after_fen", BigInteger, nullable=False),
    Column("terminal_number", String, nullable=False),
    Column("terminal_sequence", String, nullable=False),
    Column("time", String, nullable=False),
    Column("tac", String, nullable=False),
    Column("at", String, nullable=False),
    Column("reduction_kind", String),
    Column("reduction_fen", BigInteger),
    Index("uq_taps_of_a_card", "application_serial", "date", "offline_sequence", unique=True),
)

RIDES = Table(
    "rides",
    METADATA,
    Column("ride_id", String, primary_key=True),
    Column("application_serial", String, nullable=False),
    Column("exit_tap_id", String, ForeignKey("taps.tap_id"), nullable=False, unique=True),
    Column("start_station", String, nullable=False),
    Column("end_station", String, nullable=False),
    Column("fare_fen", BigInteger, nullable=False),
    Column("charged_fen", BigInteger, nullable=False),
    Column("posting_id", String, ForeignKey("postings.posting_id")),
    Column("at", String, nullable=False),
    Index(
        "ix_rides_charged_otherwise",
        "ride_id",
        sqlite_where=text("charged_fen <> fare_fen"),
        postgresql_where=text("charged_fen <> fare_fen"),
    ),
)

PURCHASES = Table(
    "purchases",
    METADATA,
    Column("purchase_id", String, ForeignKey("taps.tap_id"), primary_key=True),
    Column("posting_id", String, ForeignKey("postings.posting_id"), nullable=False),
)
"""What a purchase has beyond its tap."""

GATE_REFUSALS = Table(
    "gate_refusals",
    METADATA,
    Column("refusal_id", String, primary_key=True),
    Column("application_serial", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("station", String, nullable=False),
    Column("at", String, nullable=False),
    Column("revocation_list_version", BigInteger, nullable=False),
    Column("terminal_number", String, nullable=False),
    Index("ix_gate_refusals_application_serial", "application_serial"),
)

_REVOKE = Statement(
    "INSERT INTO revoked_purses (application_serial, since) VALUES (:application_serial, :since)"
    " ON CONFLICT (application_serial) DO NOTHING"
)
_UNREVOKE = Statement("DELETE FROM revoked_purses WHERE application_serial = :application_serial")
_REVOKED = Statement("SELECT application_serial FROM revoked_purses ORDER BY application_serial")
_ADD_LOAD = Statement(
    "INSERT INTO transit_loads (load_id, application_serial, issuer, terminal_number, amount_fen,"
    " balance_before_fen, online_sequence, date, time, at) VALUES (:load_id, :application_serial,"
    " :issuer, :terminal_number, :amount_fen, :balance_before_fen, :online_sequence, :date, :time,"
    " :at)"
)
_LOAD_COLUMNS = (
    "load_id, application_serial, issuer, terminal_number, amount_fen, balance_before_fen,"
    " online_sequence, date, time, posting_id"
)
_FIND_LOAD = Statement(
    f"SELECT {_LOAD_COLUMNS} FROM transit_loads"  # noqa: S608 - fixed text
    " WHERE load_id = :load_id AND terminal_number = :terminal_number"
)
_CONFIRMED = Statement(
    "SELECT COUNT(*) FROM transit_loads WHERE application_serial = :application_serial"
    " AND online_sequence = :online_sequence AND posting_id IS NOT NULL"
)
_CONFIRM_LOAD = Statement(
    "UPDATE transit_loads SET posting_id = :posting_id"
    " WHERE load_id = :load_id AND posting_id IS NULL"
)
ADD_TAP = Statement(
    "INSERT INTO taps (tap_id, application_serial, date, offline_sequence, kind, station,"
    " entry_station, amount_fen, balance_after_fen, terminal_number, terminal_sequence, time, tac,"
    " at, reduction_kind, reduction_fen) VALUES (:tap_id, :application_serial, :date,"
    " :offline_sequence, :kind, :station, :entry_station, :amount_fen, :balance_after_fen,"
    " :terminal_number, :terminal_sequence, :time, :tac, :at, :reduction_kind, :reduction_fen)"
)
ADD_RIDE = Statement(
    "INSERT INTO rides (ride_id, application_serial, exit_tap_id, start_station, end_station,"
    " fare_fen, charged_fen, posting_id, at) VALUES (:ride_id, :application_serial,"
    " :exit_tap_id, :start, :end, :fare_fen, :charged_fen, :posting_id, :at)"
)
_ADD_PURCHASE = Statement(
    "INSERT INTO purchases (purchase_id, posting_id) VALUES (:purchase_id, :posting_id)"
)
_ADD_REFUSAL = Statement(
    "INSERT INTO gate_refusals (refusal_id, application_serial, reason, station, at,"
    " revocation_list_version, terminal_number) VALUES (:refusal_id, :application_serial, :reason,"
    " :station, :at, :revocation_list_version, :terminal_number)"
)


def revoke(tx: Transaction, application_serial: str, since: str) -> bool:
    """Put a purse on the list; False where it is on it."""
    return tx.run(_REVOKE, {"application_serial": application_serial, "since": since}) > 0


def unrevoke(tx: Transaction, application_serial: str) -> bool:
    """Take a purse off the list; False where it is not on it."""
    return tx.run(_UNREVOKE, {"application_serial": application_serial}) > 0


def revoked(tx: Transaction) -> list[str]:
    """Every purse on the list, in order."""
    return [row[0] for row in tx.rows(_REVOKED, {})]


def add_load(tx: Transaction, load: AuthorisedLoad, at: str) -> None:
    """Save a load that was authorised."""
    tx.run(_ADD_LOAD, {**asdict(load), "at": at})


def find_load(tx: Transaction, load_id: str, terminal_number: str) -> AuthorisedLoad | None:
    """The load of that id that this terminal asked for."""
    rows = tx.rows(_FIND_LOAD, {"load_id": load_id, "terminal_number": terminal_number})
    return AuthorisedLoad(*rows[0]) if rows else None


def is_confirmed(tx: Transaction, load: AuthorisedLoad) -> bool:
    """Whether a load of this card and online sequence was confirmed."""
    values: dict[str, object] = {
        "application_serial": load.application_serial,
        "online_sequence": load.online_sequence,
    }
    return bool(tx.rows(_CONFIRMED, values)[0][0])


def confirm_load(tx: Transaction, load_id: str, posting_id: str) -> None:
    """Mark a load confirmed by its posting."""
    tx.run(_CONFIRM_LOAD, {"load_id": load_id, "posting_id": posting_id})


def add_tap(tx: Transaction, tap_id: str, tap: Tap, terminal_number: str, at: str) -> bool:
    """Save a tap; False where the card's tap of that day and sequence is known."""
    values: dict[str, object] = {
        **asdict(tap),
        "tap_id": tap_id,
        "terminal_number": terminal_number,
        "at": at,
    }
    del values["issuer"]
    return tx.add_once(ADD_TAP, values)


def add_ride(tx: Transaction, ride: Ride) -> None:
    """Save a ride."""
    tx.later(ADD_RIDE, asdict(ride))


def add_purchase(tx: Transaction, purchase_id: str, posting_id: str) -> None:
    """Save what a purchase has beyond its tap."""
    tx.later(_ADD_PURCHASE, {"purchase_id": purchase_id, "posting_id": posting_id})


def add_refusal(tx: Transaction, **values: str | int) -> None:
    """Save a refusal a gate told of."""
    tx.later(_ADD_REFUSAL, dict(values))


def page_of_loads(tx: Transaction, application_serial: str, page: Page) -> Paged[dict[str, Any]]:
    """Loads of a purse, the latest first."""
    columns = TRANSIT_LOADS.c
    query = select(
        columns.load_id, columns.amount_fen, columns.online_sequence, columns.posting_id, columns.at
    ).where(columns.application_serial == application_serial)
    return page_of(tx, query, [columns.at, columns.load_id], page, latest_first=True)


def page_of_rides(tx: Transaction, application_serial: str, page: Page) -> Paged[dict[str, Any]]:
    """Rides of a purse, the latest first: `ride`, and `exit`, where its tap stands on the card."""
    of_ride = [each for each in RIDES.c if each.name not in {"start_station", "end_station"}]
    query = (
        select(
            *of_ride,
            RIDES.c.start_station.label("start"),
            RIDES.c.end_station.label("end"),
            TAPS.c.reduction_kind,
            TAPS.c.reduction_fen,
            TAPS.c.date,
            TAPS.c.offline_sequence,
        )
        .join(TAPS, RIDES.c.exit_tap_id == TAPS.c.tap_id)
        .where(TAPS.c.application_serial == application_serial)
    )
    found = page_of(tx, query, [RIDES.c.at, RIDES.c.ride_id], page, latest_first=True)

    def made(row: dict[str, Any]) -> dict[str, Any]:
        exit_place = (row.pop("date"), row.pop("offline_sequence"))
        return {"ride": Ride(**row), "exit": exit_place}

    return found.made(made)


def taps_between(
    tx: Transaction, application_serial: str, first: Place, last: Place
) -> list[TapOnRecord]:
    """Taps of a purse in the order of the card, from the last entry before `first` to `last`."""
    columns, place = TAPS.c, tuple_(TAPS.c.date, TAPS.c.offline_sequence)
    own = columns.application_serial == application_serial
    entries = select(columns.date, columns.offline_sequence).where(
        own, columns.kind == ENTRY, place < tuple_(*map(literal, first))
    )
    before = tx.select(
        entries.order_by(columns.date.desc(), columns.offline_sequence.desc()).limit(1)
    )
    begin: Place = before[0] if before else first
    query = (
        select(columns.tap_id, columns.kind, columns.station, columns.entry_station)
        .where(own, place >= tuple_(*map(literal, begin)), place <= tuple_(*map(literal, last)))
        .order_by(columns.date, columns.offline_sequence)
    )
    return [TapOnRecord(*row) for row in tx.select(query)]
