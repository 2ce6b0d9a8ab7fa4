"""Table and SQL of applications made online."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select, update

from card_platform.issuance.online.model import OnlineApplication, OnlineState
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA

ONLINE_APPLICATIONS = Table(
    "online_applications",
    METADATA,
    Column("number", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Column("filed_at", String, nullable=False),
    Column("due_at", String, nullable=False),
    Column("collection_site", String, nullable=False),
    Column("content", String),
    Column("reason", String),
    Column("card_id", String, ForeignKey("cards.card_id")),
    Column("decided_by", String),
    Index("ix_online_applications_state", "state", "number"),
)


def save(tx: Transaction, application: OnlineApplication, *, is_new: bool) -> None:
    """Save it."""
    values = asdict(application)
    if is_new:
        tx.execute(insert(ONLINE_APPLICATIONS).values(values))
    else:
        of_it = ONLINE_APPLICATIONS.c.number == application.number
        tx.execute(update(ONLINE_APPLICATIONS).where(of_it).values(values))


def find(tx: Transaction, number: str, *, to_change: bool = False) -> OnlineApplication | None:
    """The one of that number; locked until the transaction ends where it is to change."""
    query = select(ONLINE_APPLICATIONS).where(ONLINE_APPLICATIONS.c.number == number)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return None if row is None else _application_of(dict(row._mapping))


def listed(tx: Transaction, state: OnlineState | None, page: Page) -> Paged[OnlineApplication]:
    """A page of those in a state, or of all, in the order of numbers."""
    query = select(ONLINE_APPLICATIONS)
    if state is not None:
        query = query.where(ONLINE_APPLICATIONS.c.state == state.value)
    return page_of(tx, query, [ONLINE_APPLICATIONS.c.number], page).made(_application_of)


def _application_of(values: dict[str, Any]) -> OnlineApplication:
    return OnlineApplication(**{**values, "state": OnlineState(values["state"])})
