"""Tables and SQL of inspections and coordination bodies."""

from __future__ import annotations

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

from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA

INSPECTIONS = Table(
    "inspections",
    METADATA,
    Column("inspection_id", String, primary_key=True),
    Column("institution", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
CHECKS = Table(
    "inspection_checks",
    METADATA,
    Column("inspection_id", String, ForeignKey("inspections.inspection_id"), primary_key=True),
    Column("control", String, primary_key=True),
    Column("result", String, nullable=False),
    Column("note", String, nullable=False),
)
FINDINGS = Table(
    "inspection_findings",
    METADATA,
    Column("inspection_id", String, ForeignKey("inspections.inspection_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("control", String, nullable=False),
    Column("text", String, nullable=False),
    Column("due_at", String, nullable=False),
    Column("overdue_since", String),
    Column("mending", String),
    Column("mended_at", String),
    Index("ix_inspection_findings_due_at", "due_at"),
)
BODIES = Table(
    "coordination_bodies",
    METADATA,
    Column("body_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("level", String, nullable=False),
    Column("division", String, nullable=False),
    Column("members", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
PROGRESS = Table(
    "progress_reports",
    METADATA,
    Column("report_id", String, primary_key=True),
    Column("body_id", String, ForeignKey("coordination_bodies.body_id"), nullable=False),
    Column("period", String, nullable=False),
    Column("measure", String, nullable=False),
    Column("percent", Integer, nullable=False),
    Column("text", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_progress_reports_body_id", "body_id"),
)


def add(tx: Transaction, table: Table, **values: str | int | None) -> None:
    """Add a row to a table of this context."""
    tx.execute(insert(table).values(**values))


def page_of_inspections(tx: Transaction, page: Page) -> Paged[dict[str, Any]]:
    """A page of the inspections, the latest first, with how many of their findings are open."""
    is_open = (FINDINGS.c.inspection_id == INSPECTIONS.c.inspection_id) & FINDINGS.c.mended_at.is_(
        None
    )
    open_ones = select(func.count()).where(is_open).scalar_subquery()
    query = select(INSPECTIONS, open_ones.label("findings_open"))
    return page_of(tx, query, [INSPECTIONS.c.inspection_id], page, latest_first=True)


def find_finding(tx: Transaction, inspection_id: str, number: int) -> dict[str, Any] | None:
    """A finding, locked until the transaction ends."""
    row = tx.execute(select(FINDINGS).where(_is(inspection_id, number)).with_for_update())
    found = row.one_or_none()
    return None if found is None else dict(found._mapping)


def save_finding(tx: Transaction, inspection_id: str, number: int, **values: str) -> None:
    """Change a finding."""
    tx.execute(update(FINDINGS).where(_is(inspection_id, number)).values(**values))


def findings_of(tx: Transaction, inspection_id: str) -> list[dict[str, Any]]:
    """The findings of an inspection."""
    query = select(FINDINGS).where(FINDINGS.c.inspection_id == inspection_id)
    return [dict(row._mapping) for row in tx.execute(query.order_by(FINDINGS.c.number))]


def findings_past(tx: Transaction, now: str) -> list[tuple[str, int]]:
    """Findings not mended in time and not told yet."""
    late = FINDINGS.c.due_at <= now
    waits = FINDINGS.c.mended_at.is_(None) & FINDINGS.c.overdue_since.is_(None)
    query = select(FINDINGS.c.inspection_id, FINDINGS.c.number).where(late & waits)
    rows: list[Any] = list(tx.execute(query))
    return [(row[0], row[1]) for row in rows]


def last_checks(tx: Transaction) -> dict[str, tuple[str, str]]:
    """The last result of every control and its moment."""
    query = (
        select(CHECKS.c.control, CHECKS.c.result, INSPECTIONS.c.at)
        .join(INSPECTIONS, INSPECTIONS.c.inspection_id == CHECKS.c.inspection_id)
        .order_by(INSPECTIONS.c.at)
    )
    rows: list[Any] = list(tx.execute(query))
    return {row[0]: (row[1], row[2]) for row in rows}


def has_body(tx: Transaction, body_id: str) -> bool:
    """Whether there is such a body."""
    return tx.execute(select(BODIES.c.name).where(BODIES.c.body_id == body_id)).first() is not None


def bodies(tx: Transaction, level: str) -> list[dict[str, Any]]:
    """The bodies of a level, each with its progress."""
    found = tx.execute(select(BODIES).where(BODIES.c.level == level).order_by(BODIES.c.name))
    told = []
    for row in found:
        progress = select(PROGRESS).where(PROGRESS.c.body_id == row.body_id)
        reports = tx.execute(progress.order_by(PROGRESS.c.period, PROGRESS.c.report_id))
        told.append({**row._mapping, "progress": [dict(each._mapping) for each in reports]})
    return told


def count(tx: Transaction, table: Table, *conditions: Any) -> int:
    """How many rows of a table meet the conditions."""
    query = select(func.count()).select_from(table).where(*conditions)
    return int(tx.execute(query).scalar_one())


def _is(inspection_id: str, number: int) -> Any:
    return (FINDINGS.c.inspection_id == inspection_id) & (FINDINGS.c.number == number)
