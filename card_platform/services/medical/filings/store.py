"""Table and SQL of filings for treatment elsewhere."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select, update

from card_platform.regions.medical_policy import ElsewhereKind
from card_platform.services.medical.filings.model import FilingState, MedicalFiling
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

MEDICAL_FILINGS = Table(
    "medical_filings",
    METADATA,
    Column("filing_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("person_id", String, ForeignKey("persons.person_id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("region", String, nullable=False),
    Column("from_day", String, nullable=False),
    Column("until", String),
    Column("referral", String),
    Column("state", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_medical_filings_of_person", "person_id", "filing_id"),
    Index("ix_medical_filings_of_card", "card_id", "filing_id"),
)
CHANGES = History("medical_filing_changes", "medical_filings.filing_id")


def add(tx: Transaction, filing: MedicalFiling) -> None:
    """Save a new filing."""
    tx.execute(insert(MEDICAL_FILINGS).values(msgspec.structs.asdict(filing)))


def save_state(tx: Transaction, filing: MedicalFiling) -> None:
    """Save the state of a filing."""
    by_id = MEDICAL_FILINGS.c.filing_id == filing.filing_id
    tx.execute(update(MEDICAL_FILINGS).where(by_id).values(state=filing.state.value))


def find_to_change(tx: Transaction, card_id: str, filing_id: str) -> MedicalFiling | None:
    """The filing of that id and card, locked until the transaction ends."""
    columns = MEDICAL_FILINGS.c
    query = select(MEDICAL_FILINGS).where(
        columns.filing_id == filing_id, columns.card_id == card_id
    )
    row = tx.execute(query.with_for_update()).one_or_none()
    return None if row is None else _filing(dict(row._mapping))


def in_force(tx: Transaction, person_id: str, day: str) -> list[MedicalFiling]:
    """A person's filings of a day, the oldest first."""
    columns = MEDICAL_FILINGS.c
    query = select(MEDICAL_FILINGS).where(
        columns.person_id == person_id,
        columns.state == FilingState.FILED.value,
        columns.from_day <= day,
        columns.until.is_(None) | (columns.until >= day),
    )
    found = tx.execute(query.order_by(columns.filing_id))
    return [_filing(dict(row._mapping)) for row in found]


def page_of_card(tx: Transaction, card_id: str, page: Page) -> Paged[MedicalFiling]:
    """A page of a card's filings, the latest first."""
    columns = MEDICAL_FILINGS.c
    query = select(MEDICAL_FILINGS).where(columns.card_id == card_id)
    return page_of(tx, query, [columns.filing_id], page, latest_first=True).made(_filing)


def _filing(values: dict[str, Any]) -> MedicalFiling:
    typed = {"kind": ElsewhereKind(values["kind"]), "state": FilingState(values["state"])}
    return MedicalFiling(**{**values, **typed})
