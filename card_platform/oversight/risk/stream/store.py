"""Tables and SQL of events, alerts and versions of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    Table,
    func,
    insert,
    select,
    text,
    update,
)

from card_platform.oversight.risk.history import Alert
from card_platform.oversight.risk.stream.model import BackTest, RuleVersion, VersionState
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

RISK_EVENTS = Table(
    "risk_events",
    METADATA,
    Column("event_id", String, primary_key=True),
    Column("position", BigInteger),
    Column("received_at", String, nullable=False),
    Column("body", String, nullable=False),
    Column("by", String, nullable=False),
    Index(
        "ix_risk_events_waiting",
        "received_at",
        "event_id",
        sqlite_where=text("position IS NULL"),
        postgresql_where=text("position IS NULL"),
    ),
    Index(
        "uq_risk_events_placed",
        "position",
        unique=True,
        sqlite_where=text("position IS NOT NULL"),
        postgresql_where=text("position IS NOT NULL"),
    ),
)
"""`position` is the place in the fold, None while detection has not seen it."""
RISK_ALERTS = Table(
    "risk_alerts",
    METADATA,
    Column("alert_id", String, primary_key=True),
    Column("typology", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("raised_at", String, nullable=False),
    Column("body", String, nullable=False),
    Index("ix_risk_alerts_raised_at", "raised_at", "alert_id"),
)
RISK_WATCH = Table(
    "risk_watch",
    METADATA,
    Column("name", String, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("day", String, nullable=False),
    Column("taps_to", String, nullable=False),
    Column("paid_to", String, nullable=False, server_default=""),
)
"""One row: how far detection has folded, the last day it closed, the last tap and the last line of
a payout it has taken over."""
RISK_RULE_VERSIONS = Table(
    "risk_rule_versions",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("numbers", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Column("proposed_by", String, nullable=False),
    Column("back_test", String),
)

_KEEP = Statement(
    'INSERT INTO risk_events (event_id, received_at, body, "by")'
    " VALUES (:event_id, :received_at, :body, :by)"
)
_KNOWN = Statement("SELECT event_id, body FROM risk_events WHERE event_id IN EACH(:ids)")
_WAITING = Statement(
    "SELECT event_id, received_at, body FROM risk_events WHERE position IS NULL"
    " ORDER BY received_at, event_id LIMIT :most"
)
_WAITING_IDS = Statement(
    "SELECT event_id FROM risk_events WHERE position IS NULL"
    " ORDER BY received_at, event_id LIMIT :most"
)
_PLACE = Statement(
    "UPDATE risk_events SET position = :before + 1 + listed.key FROM LISTED(:ids) AS listed"
    " WHERE risk_events.event_id = listed.value"
)
_NAME = Statement("UPDATE risk_events SET body = :body WHERE event_id = :event_id")
_AFTER = Statement(
    "SELECT position, body FROM risk_events WHERE position > :after AND position <= :last"
    " ORDER BY position LIMIT :most"
)
_BODIES = Statement("SELECT event_id, body FROM risk_events WHERE event_id IN EACH(:ids)")
_OPEN_WATCH = Statement(
    "INSERT INTO risk_watch (name, position, day, taps_to) VALUES ('watch', 0, '', '')"
    " ON CONFLICT DO NOTHING"
)
_WATCH = "SELECT position, day, taps_to, paid_to FROM risk_watch"
_LOOK_AT_WATCH, _LOCK_WATCH = Statement(_WATCH), Statement(_WATCH, locks_rows=True)
_ADVANCE = Statement(
    "UPDATE risk_watch SET position = :position, day = :day, taps_to = :taps_to, paid_to = :paid_to"
)


class Waiting(NamedTuple):
    """An event detection has not seen."""

    event_id: str
    received_at: str
    body: str


class Place(NamedTuple):
    """How far detection has come."""

    position: int
    day: str
    taps_to: str = ""
    paid_to: str = ""


def keep(tx: Transaction, event_id: str, received_at: str, body: str, by: str) -> None:
    """Keep one event of the platform's own, once: two who refuse a code's second use at one moment
    both tell of its first.
    """
    values = {"event_id": event_id, "received_at": received_at, "body": body, "by": by}
    tx.add_once(_KEEP, values)


def keep_many(tx: Transaction, rows: Iterable[tuple[str, str, str, str]]) -> None:
    """Keep new events: id, received at, body, by. Raises RowsAreRefused."""
    tx.add_ordered(_KEEP, rows)


def known(tx: Transaction, ids: Sequence[str]) -> dict[str, str]:
    """Those of the ids that are kept, with their bodies."""
    return {row[0]: row[1] for row in tx.rows_of_each(_KNOWN, {"ids": list(ids)})}


def lock_watch(tx: Transaction) -> Place:
    """How far detection has come, held until the transaction ends."""
    tx.run(_OPEN_WATCH, {})
    return Place(*tx.rows(_LOCK_WATCH, {})[0])


def look_at_watch(tx: Transaction) -> Place:
    """The same, held by nobody."""
    found = tx.rows(_LOOK_AT_WATCH, {})
    return Place(*found[0]) if found else Place(0, "")


def advance(tx: Transaction, place: Place) -> None:
    """Detection has come so far."""
    tx.run(_ADVANCE, place._asdict())


def waiting(tx: Transaction, most: int) -> list[Waiting]:
    """Events that wait for detection, in the order they were received."""
    return [Waiting(*row) for row in tx.rows(_WAITING, {"most": most})]


def waiting_ids(tx: Transaction, most: int) -> list[str]:
    """Ids of events that wait, so many at most: what an index tells."""
    return [row[0] for row in tx.rows(_WAITING_IDS, {"most": most})]


def place(tx: Transaction, ids: Sequence[str], before: int) -> None:
    """Give events their places in the fold, in this order, behind a place."""
    if ids:
        tx.run_of_each(_PLACE, {"before": before, "ids": list(ids)})


def name(tx: Transaction, rows: Iterable[tuple[str, str]]) -> None:
    """Keep what was found of events: id and body."""
    for event_id, body in rows:
        tx.run(_NAME, {"event_id": event_id, "body": body})


def folded(tx: Transaction, after: int, last: int, most: int) -> list[tuple[int, str]]:
    """Events after one place up to another, in the order of the fold."""
    rows = tx.rows(_AFTER, {"after": after, "last": last, "most": most})
    return [(int(row[0]), row[1]) for row in rows]


def bodies(tx: Transaction, ids: Sequence[str]) -> dict[str, str]:
    """The events of these ids, as kept."""
    return {row[0]: row[1] for row in tx.rows_of_each(_BODIES, {"ids": list(ids)})}


def add_alert(tx: Transaction, alert: Alert) -> bool:
    """Save an alert once; whether it is new."""
    if find_alert(tx, alert.id) is not None:
        return False
    values = {
        "alert_id": alert.id,
        "typology": alert.typology,
        "subject": alert.subject,
        "raised_at": alert.raised_at,
        "body": msgspec.json.encode(alert).decode(),
    }
    tx.execute(insert(RISK_ALERTS).values(values))
    return True


def is_told(tx: Transaction, alert: Alert, since: str) -> bool:
    """Whether this alert is saved, or one like it was raised since: the typology, the subject, and
    of a machine the group of cards."""
    columns = RISK_ALERTS.c
    alike = (columns.typology == alert.typology) & (columns.subject == alert.subject)
    query = select(columns.body).where(columns.raised_at >= since, alike)
    found = [msgspec.json.decode(body, type=Alert) for (body,) in tx.select(query)]
    is_machine = alert.subject_kind == "device"
    return any(not is_machine or each.cards[:1] == alert.cards[:1] for each in found)


def find_alert(tx: Transaction, alert_id: str) -> Alert | None:
    """The alert of that id."""
    query = select(RISK_ALERTS.c.body).where(RISK_ALERTS.c.alert_id == alert_id)
    body = tx.execute(query).scalar()
    return None if body is None else msgspec.json.decode(body, type=Alert)


def alerts(tx: Transaction, typology: str | None, page: Page) -> Paged[Alert]:
    """A page of alerts, the latest first."""
    query = select(RISK_ALERTS.c.body)
    if typology is not None:
        query = query.where(RISK_ALERTS.c.typology == typology)
    keys = [RISK_ALERTS.c.raised_at, RISK_ALERTS.c.alert_id]
    found = page_of(tx, query, keys, page, latest_first=True)
    return found.made(lambda row: msgspec.json.decode(row["body"], type=Alert))


def alerts_since(tx: Transaction, typology: str, raised_at: str) -> list[str]:
    """Ids of alerts of a typology since a moment, the oldest first."""
    columns = RISK_ALERTS.c
    query = (
        select(columns.alert_id)
        .where((columns.typology == typology) & (columns.raised_at >= raised_at))
        .order_by(columns.raised_at, columns.alert_id)
    )
    return [row[0] for row in tx.select(query)]


def save_version(tx: Transaction, version: RuleVersion, *, is_new: bool) -> None:
    """Save a version of the rules."""
    test = version.back_test
    values = {
        "version": version.version,
        "numbers": msgspec.json.encode(version.numbers).decode(),
        "reason": version.reason,
        "state": version.state.value,
        "state_since": version.state_since,
        "proposed_by": version.proposed_by,
        "back_test": None if test is None else msgspec.json.encode(test).decode(),
    }
    if is_new:
        tx.execute(insert(RISK_RULE_VERSIONS).values(values))
    else:
        table = RISK_RULE_VERSIONS
        tx.execute(update(table).where(table.c.version == version.version).values(values))


def find_version(tx: Transaction, version: int) -> RuleVersion | None:
    """The version of that number, locked until the transaction ends."""
    table = RISK_RULE_VERSIONS
    row = tx.execute(select(table).where(table.c.version == version).with_for_update())
    found = row.one_or_none()
    return None if found is None else _version_of(dict(found._mapping))


def version_in_force(tx: Transaction) -> RuleVersion | None:
    """The version switched on last, None while it is the file as delivered."""
    table = RISK_RULE_VERSIONS
    row = tx.execute(select(table).where(table.c.state == VersionState.IN_FORCE.value))
    found = row.one_or_none()
    return None if found is None else _version_of(dict(found._mapping))


def last_version(tx: Transaction) -> int:
    """The highest number given."""
    highest = tx.execute(select(func.max(RISK_RULE_VERSIONS.c.version))).scalar()
    return int(highest or 1)


def versions(tx: Transaction, page: Page) -> Paged[RuleVersion]:
    """A page of versions, the latest first."""
    keys = [RISK_RULE_VERSIONS.c.version]
    return page_of(tx, select(RISK_RULE_VERSIONS), keys, page, latest_first=True).made(_version_of)


def _version_of(row: dict[str, Any]) -> RuleVersion:
    test = row["back_test"]
    return RuleVersion(
        row["version"],
        msgspec.json.decode(row["numbers"], type=dict[str, int]),
        row["reason"],
        VersionState(row["state"]),
        row["state_since"],
        row["proposed_by"],
        None if test is None else msgspec.json.decode(test, type=BackTest),
    )
