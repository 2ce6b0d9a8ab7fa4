"""Health of terminals: the last report of each, and how old its revocation list is.

Rule: the age of the list is counted from when the list was issued to now, not to the report: a
terminal that fell silent has an old list.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import Column, ForeignKey, Integer, String, Table, delete, select

from card_platform.services.terminals.store import TERMINALS
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA


class TerminalState(StrEnum):
    """How a terminal finds itself."""

    IN_ORDER = "in_order"
    FAULTY = "faulty"
    OUT_OF_SERVICE = "out_of_service"


TERMINAL_HEALTH = Table(
    "terminal_health",
    METADATA,
    Column("terminal_number", String, ForeignKey("terminals.terminal_number"), primary_key=True),
    Column("state", String, nullable=False),
    Column("fault", String),
    Column("software", String, nullable=False),
    Column("revocation_list_version", Integer, nullable=False),
    Column("revocation_list_issued_at", String, nullable=False),
    Column("reported_at", String, nullable=False),
)


class HealthReport(msgspec.Struct, frozen=True):
    """What a terminal says of itself."""

    state: TerminalState
    fault: str | None
    software: str
    revocation_list_version: int
    revocation_list_issued_at: datetime


class TerminalHealth(msgspec.Struct, frozen=True):
    """A terminal with its last report; all None where it never reported."""

    terminal_number: str
    kind: str
    site: str
    state: str | None
    fault: str | None
    software: str | None
    reported_at: str | None
    silent_for_s: int | None
    revocation_list_version: int | None
    revocation_list_age_s: int | None
    revocation_list_too_old: bool
    withdrawn_at: str | None


def keep_report(tx: Transaction, terminal_number: str, report: HealthReport, at: str) -> None:
    """Keep the last report of a terminal."""
    tx.execute(delete(TERMINAL_HEALTH).where(TERMINAL_HEALTH.c.terminal_number == terminal_number))
    tx.execute(
        TERMINAL_HEALTH.insert().values(
            terminal_number=terminal_number,
            state=report.state.value,
            fault=report.fault,
            software=report.software,
            revocation_list_version=report.revocation_list_version,
            revocation_list_issued_at=report.revocation_list_issued_at.isoformat(),
            reported_at=at,
        )
    )


def health_of_all(
    tx: Transaction, page: Page, now: datetime, age_max_s: int
) -> Paged[TerminalHealth]:
    """A page of all terminals; one that never reported has a list that counts as too old."""
    joined = TERMINALS.outerjoin(
        TERMINAL_HEALTH, TERMINALS.c.terminal_number == TERMINAL_HEALTH.c.terminal_number
    )
    query = select(
        TERMINALS.c.terminal_number.label("number"),
        TERMINALS.c.kind,
        TERMINALS.c.site,
        TERMINALS.c.withdrawn_at,
        *[each for each in TERMINAL_HEALTH.c if each.name != "terminal_number"],
    ).select_from(joined)
    found = page_of(tx, query, [TERMINALS.c.terminal_number], page)
    return found.made(lambda row: _told(row, now, age_max_s))


def _told(row: dict[str, Any], now: datetime, age_max_s: int) -> TerminalHealth:
    age_s = silent_s = None
    if row["reported_at"] is not None:
        silent_s = _seconds(now, row["reported_at"])
        age_s = _seconds(now, row["revocation_list_issued_at"])
    return TerminalHealth(
        row["number"],
        row["kind"],
        row["site"],
        row["state"],
        row["fault"],
        row["software"],
        row["reported_at"],
        silent_s,
        row["revocation_list_version"],
        age_s,
        age_s is None or age_s > age_max_s,
        row["withdrawn_at"],
    )


def _seconds(now: datetime, then: str) -> int:
    return max(0, int((now - datetime.fromisoformat(then)).total_seconds()))
