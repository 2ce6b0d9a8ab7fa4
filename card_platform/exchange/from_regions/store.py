"""Table and SQL of services other regions passed on for a decision here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select, update

from card_platform.exchange.from_regions.model import DecisionState, ServiceFromRegion
from card_platform.exchange.from_regions.refusals import ServiceFromRegionIsUnknown
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA

SERVICES_FROM_REGIONS = Table(
    "services_from_regions",
    METADATA,
    Column("number", String, primary_key=True),
    Column("region", String, nullable=False),
    Column("region_number", String, nullable=False),
    Column("service", String, nullable=False),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("state", String, nullable=False),
    Column("taken_at", String, nullable=False),
    Column("request", String),
    Column("reason", String),
    Column("decided_at", String),
    Column("decided_by", String),
    Index("ix_services_from_regions_state", "state", "number"),
)
_T = SERVICES_FROM_REGIONS.c


def save(tx: Transaction, passed: ServiceFromRegion, *, is_new: bool) -> None:
    """Save it."""
    values = asdict(passed)
    if is_new:
        tx.execute(insert(SERVICES_FROM_REGIONS).values(values))
    else:
        of_it = _T.number == passed.number
        tx.execute(update(SERVICES_FROM_REGIONS).where(of_it).values(values))


def get(tx: Transaction, number: str, *, to_change: bool = False) -> ServiceFromRegion:
    """The one of that number; locked until the transaction ends where it is to change.

    Raises:
        ServiceFromRegionIsUnknown.
    """
    query = select(SERVICES_FROM_REGIONS).where(_T.number == number)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    if row is None:
        raise ServiceFromRegionIsUnknown
    return _service_of(dict(row._mapping))


def listed(tx: Transaction, state: DecisionState | None, page: Page) -> Paged[ServiceFromRegion]:
    """A page of those in a state, or of all, in the order of numbers."""
    query = select(SERVICES_FROM_REGIONS)
    if state is not None:
        query = query.where(_T.state == state.value)
    return page_of(tx, query, [_T.number], page).made(_service_of)


def _service_of(values: dict[str, Any]) -> ServiceFromRegion:
    return ServiceFromRegion(**{**values, "state": DecisionState(values["state"])})
