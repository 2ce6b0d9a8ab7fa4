"""Tables and SQL of designations."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    insert,
    select,
    text,
    update,
)

from card_platform.services.medical.institutions.model import (
    Designation,
    DesignationState,
    InstitutionKind,
)
from card_platform.services.sites.store import SITES
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

_GOES_ON = text("state <> 'ended'")

MEDICAL_DESIGNATIONS = Table(
    "medical_designations",
    METADATA,
    Column("designation_id", String, primary_key=True),
    Column("site_id", String, ForeignKey("sites.site_id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("level", Integer),
    Column("state", String, nullable=False),
    Column("from_day", String, nullable=False),
    Column("until", String),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index(
        "uq_medical_designations_of_site",
        "site_id",
        unique=True,
        sqlite_where=_GOES_ON,
        postgresql_where=_GOES_ON,
    ),
)
CHANGES = History("medical_designation_changes", "medical_designations.designation_id", "reason")
_WITH_NAME = select(MEDICAL_DESIGNATIONS, SITES.c.name_zh).join(
    SITES, SITES.c.site_id == MEDICAL_DESIGNATIONS.c.site_id
)


def add(tx: Transaction, designation: Designation) -> None:
    """Save a new designation."""
    values = msgspec.structs.asdict(designation)
    del values["name_zh"]
    tx.execute(insert(MEDICAL_DESIGNATIONS).values(values))


def save_state(tx: Transaction, designation_id: str, state: DesignationState) -> None:
    """Save the state of a designation."""
    by_id = MEDICAL_DESIGNATIONS.c.designation_id == designation_id
    tx.execute(update(MEDICAL_DESIGNATIONS).where(by_id).values(state=state.value))


def find(tx: Transaction, designation_id: str, *, to_change: bool = False) -> Designation | None:
    """The designation of that id; with `to_change` locked until the transaction ends."""
    query = _WITH_NAME.where(MEDICAL_DESIGNATIONS.c.designation_id == designation_id)
    return _one(tx, query.with_for_update(of=MEDICAL_DESIGNATIONS) if to_change else query)


def of_site(tx: Transaction, site_id: str) -> Designation | None:
    """The designation of a site that has not ended."""
    goes_on = MEDICAL_DESIGNATIONS.c.state != DesignationState.ENDED.value
    return _one(tx, _WITH_NAME.where(MEDICAL_DESIGNATIONS.c.site_id == site_id, goes_on))


def all_of_site(tx: Transaction, site_id: str) -> list[Designation]:
    """Every designation a site ever had."""
    rows = tx.execute(_WITH_NAME.where(MEDICAL_DESIGNATIONS.c.site_id == site_id))
    return [_designation(dict(row._mapping)) for row in rows]


def page_of_designations(tx: Transaction, page: Page) -> Paged[Designation]:
    """A page of those that have not ended, the oldest first."""
    goes_on = MEDICAL_DESIGNATIONS.c.state != DesignationState.ENDED.value
    query = _WITH_NAME.where(goes_on)
    return page_of(tx, query, [MEDICAL_DESIGNATIONS.c.designation_id], page).made(_designation)


def _one(tx: Transaction, query: Any) -> Designation | None:
    row = tx.execute(query).one_or_none()
    return None if row is None else _designation(dict(row._mapping))


def _designation(values: dict[str, Any]) -> Designation:
    typed = {"kind": InstitutionKind(values["kind"]), "state": DesignationState(values["state"])}
    return Designation(**{**values, **typed})
