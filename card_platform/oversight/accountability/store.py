"""Tables and SQL of cases."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    String,
    Table,
    insert,
    select,
    update,
)

from card_platform.oversight.accountability.model import Case, CaseState
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.history import History
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
    Index("ix_accountability_cases_state", "state", "case_id"),
)
CHANGES = History("case_changes", "accountability_cases.case_id")


def save(tx: Transaction, case: Case, *, is_new: bool) -> None:
    """Save a case."""
    if is_new:
        tx.execute(insert(CASES).values(asdict(case)))
    else:
        tx.execute(update(CASES).where(CASES.c.case_id == case.case_id).values(asdict(case)))


def find(tx: Transaction, case_id: str) -> Case | None:
    """The case of that id, locked until the transaction ends."""
    row = tx.execute(select(CASES).where(CASES.c.case_id == case_id).with_for_update())
    found = row.one_or_none()
    return None if found is None else _case_of(dict(found._mapping))


def listed(tx: Transaction, state: CaseState | None, page: Page) -> Paged[Case]:
    """A page of the cases in a state, or of all, the latest first."""
    query = select(CASES)
    if state is not None:
        query = query.where(CASES.c.state == state.value)
    return page_of(tx, query, [CASES.c.case_id], page, latest_first=True).made(_case_of)


def ordered_past(tx: Transaction, now: str) -> list[Case]:
    """Cases whose order was not obeyed in time."""
    late = (CASES.c.state == CaseState.ORDERED.value) & (CASES.c.due_at <= now)
    return [_case_of(dict(row._mapping)) for row in tx.execute(select(CASES).where(late))]


def _case_of(values: dict[str, Any]) -> Case:
    return Case(**{**values, "state": CaseState(values["state"])})
