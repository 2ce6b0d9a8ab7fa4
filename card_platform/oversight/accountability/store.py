"""Tables and SQL of cases."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from card_platform.oversight.accountability.model import Case, CaseState
from card_platform.storage import Transaction
from card_platform.storage.schema import METADATA

CASES = Table(
    "accountability_cases",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("against", String, nullable=False),
    Column("respondent", String, nullable=False),
    Column("facts", String, nullable=False),
    Column("report_number", String),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Column("opened_at", String, nullable=False),
    Column("order_text", String),
    Column("due_at", String),
    Column("overdue_since", String),
    Column("outcome", String),
    Column("mending", String),
    Index("ix_accountability_cases_due_at", "due_at"),
)
CASE_CHANGES = Table(
    "case_changes",
    METADATA,
    Column("case_id", String, ForeignKey("accountability_cases.case_id"), primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("action", String, nullable=False),
    Column("before", String),
    Column("after", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)


def save(tx: Transaction, case: Case, *, is_new: bool) -> None:
    """Save a case."""
    if is_new:
        tx.execute(insert(CASES).values(asdict(case)))
    else:
        tx.execute(update(CASES).where(CASES.c.case_id == case.case_id).values(asdict(case)))


def add_change(tx: Transaction, case_id: str, **values: str | None) -> None:
    """Add one row to its history."""
    taken = select(func.count()).where(CASE_CHANGES.c.case_id == case_id)
    step = int(tx.execute(taken).scalar_one())
    tx.execute(insert(CASE_CHANGES).values(case_id=case_id, step=step, **values))


def find(tx: Transaction, case_id: str) -> Case | None:
    """The case of that id, locked until the transaction ends."""
    row = tx.execute(select(CASES).where(CASES.c.case_id == case_id).with_for_update())
    found = row.one_or_none()
    return None if found is None else _case_of(dict(found._mapping))


def ordered_past(tx: Transaction, now: str) -> list[Case]:
    """Cases whose order was not obeyed in time."""
    late = (CASES.c.state == CaseState.ORDERED.value) & (CASES.c.due_at <= now)
    return [_case_of(dict(row._mapping)) for row in tx.execute(select(CASES).where(late))]


def count_by(tx: Transaction, column: str) -> dict[str, int]:
    """How many cases there are of each value of a column."""
    named = CASES.c[column]
    query = select(named, func.count()).group_by(named).order_by(named)
    rows: list[Any] = list(tx.execute(query))
    return {str(row[0]): int(row[1]) for row in rows}


def _case_of(values: dict[str, Any]) -> Case:
    return Case(**{**values, "state": CaseState(values["state"])})
