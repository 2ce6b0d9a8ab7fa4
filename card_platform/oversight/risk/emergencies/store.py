"""Tables and SQL of emergencies."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, Index, String, Table, func, insert, select, text, update

from card_platform.oversight.risk.emergencies.model import ENDED, Emergency, EmergencyState
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

_NOT_ENDED = "state <> 'closed' AND state <> 'stood_down'"
EMERGENCIES = Table(
    "emergencies",
    METADATA,
    Column("emergency_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Column("raised_at", String, nullable=False),
    Index(
        "uq_emergencies_one_of_a_kind",
        "kind",
        unique=True,
        sqlite_where=text(_NOT_ENDED),
        postgresql_where=text(_NOT_ENDED),
    ),
)
STEPS = History("emergency_steps", "emergencies.emergency_id", "done")


def save(tx: Transaction, emergency: Emergency, *, is_new: bool) -> None:
    """Save an emergency."""
    if is_new:
        tx.execute(insert(EMERGENCIES).values(asdict(emergency)))
    else:
        where = EMERGENCIES.c.emergency_id == emergency.emergency_id
        tx.execute(update(EMERGENCIES).where(where).values(asdict(emergency)))


def find(tx: Transaction, emergency_id: str) -> Emergency | None:
    """The emergency of that id, locked until the transaction ends."""
    query = select(EMERGENCIES).where(EMERGENCIES.c.emergency_id == emergency_id)
    found = tx.execute(query.with_for_update()).one_or_none()
    return None if found is None else _emergency_of(dict(found._mapping))


def open_of_kind(tx: Transaction, kind: str) -> Emergency | None:
    """The emergency of that kind that has not ended."""
    columns = EMERGENCIES.c
    ended = [each.value for each in ENDED]
    query = select(EMERGENCIES).where((columns.kind == kind) & columns.state.not_in(ended))
    found = tx.execute(query).one_or_none()
    return None if found is None else _emergency_of(dict(found._mapping))


def last_end(tx: Transaction, kind: str) -> str:
    """When the last emergency of that kind ended; empty where none did."""
    columns = EMERGENCIES.c
    ended = [each.value for each in ENDED]
    query = select(func.max(columns.state_since)).where(
        (columns.kind == kind) & columns.state.in_(ended)
    )
    return tx.execute(query).scalar() or ""


def listed(tx: Transaction, page: Page) -> Paged[Emergency]:
    """A page of emergencies, the latest first."""
    keys = [EMERGENCIES.c.emergency_id]
    return page_of(tx, select(EMERGENCIES), keys, page, latest_first=True).made(_emergency_of)


def _emergency_of(values: dict[str, Any]) -> Emergency:
    return Emergency(**{**values, "state": EmergencyState(values["state"])})
