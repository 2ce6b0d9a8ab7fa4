"""Tables and SQL of complaints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from card_platform.oversight.complaints.model import (
    WAITING,
    Channel,
    Complaint,
    ComplaintState,
    Kind,
)
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

COMPLAINTS = Table(
    "complaints",
    METADATA,
    Column("number", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("content", String, nullable=False),
    Column("card_id", String),
    Column("contact", String),
    Column("conduct", String),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Column("filed_at", String, nullable=False),
    Column("due_at", String, nullable=False),
    Column("overdue_since", String),
    Column("answer", String),
    Column("satisfied", Integer),
    Column("passed_to", String),
    Column("passed_at", String),
    Column("notice", String),
    Column("passed_late", Integer),
    Index("ix_complaints_due_at", "due_at"),
    Index("ix_complaints_of_state", "state", "number"),
    Index("ix_complaints_of_kind", "kind", "number"),
)
CHANGES = History("complaint_changes", "complaints.number")


def save(tx: Transaction, complaint: Complaint, *, is_new: bool) -> None:
    """Save a complaint."""
    values = asdict(complaint)
    if is_new:
        tx.execute(insert(COMPLAINTS).values(values))
    else:
        of_it = COMPLAINTS.c.number == complaint.number
        tx.execute(update(COMPLAINTS).where(of_it).values(values))


def find(tx: Transaction, number: str) -> Complaint | None:
    """The complaint of that number, locked until the transaction ends."""
    query = select(COMPLAINTS).where(COMPLAINTS.c.number == number).with_for_update()
    row = tx.execute(query).one_or_none()
    return None if row is None else _complaint_of(dict(row._mapping))


def look_at(tx: Transaction, number: str) -> Complaint | None:
    """The same without a lock."""
    row = tx.execute(select(COMPLAINTS).where(COMPLAINTS.c.number == number)).one_or_none()
    return None if row is None else _complaint_of(dict(row._mapping))


def listed(
    tx: Transaction, state: ComplaintState | None, kind: Kind | None, page: Page
) -> Paged[Complaint]:
    """A page of the complaints in a state and of a kind, or of all, in the order of numbers."""
    query = select(COMPLAINTS)
    if state is not None:
        query = query.where(COMPLAINTS.c.state == state.value)
    if kind is not None:
        query = query.where(COMPLAINTS.c.kind == kind.value)
    return page_of(tx, query, [COMPLAINTS.c.number], page).made(_complaint_of)


def waiting_past(tx: Transaction, now: str) -> list[Complaint]:
    """Those that wait, whose deadline has passed and was not told yet."""
    query = select(COMPLAINTS).where(
        COMPLAINTS.c.due_at <= now,
        COMPLAINTS.c.overdue_since.is_(None),
        COMPLAINTS.c.state.in_([each.value for each in WAITING]),
    )
    return [_complaint_of(dict(row._mapping)) for row in tx.execute(query)]


def count_overdue(tx: Transaction) -> tuple[int, int]:
    """How many ever fell overdue, and how many of those still wait."""
    late = COMPLAINTS.c.overdue_since.is_not(None)
    ever = tx.execute(select(func.count()).where(late)).scalar_one()
    states = COMPLAINTS.c.state.in_([each.value for each in WAITING])
    return int(ever), int(tx.execute(select(func.count()).where(late, states)).scalar_one())


def count_passed(tx: Transaction) -> tuple[int, int]:
    """How many were passed on, and how many of those too late."""
    late = COMPLAINTS.c.passed_late
    ever = tx.execute(select(func.count()).where(COMPLAINTS.c.passed_at.is_not(None))).scalar_one()
    return int(ever), int(tx.execute(select(func.count()).where(late == 1)).scalar_one())


def _complaint_of(values: dict[str, Any]) -> Complaint:
    kind, channel = Kind(values["kind"]), Channel(values["channel"])
    state = ComplaintState(values["state"])
    return Complaint(**{**values, "kind": kind, "channel": channel, "state": state})
