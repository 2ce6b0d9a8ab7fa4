"""What other departments hold of a cardholder, linked by document number (NX-13): table and SQL.

A record is of one kind and one person, the newest in the place of the one before. A department may
refuse it instead; the refusal stands here until it sends one, and every lawful query it stops is on
record against it (NX-18c).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, String, Table, select

from card_platform.oversight.consent.model import Item
from card_platform.oversight.consent.store import DATA_READS
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

LINKED_RECORDS = Table(
    "linked_records",
    METADATA,
    Column("kind", String, primary_key=True),
    Column("document_number", String, primary_key=True),
    Column("institution", String, nullable=False),
    Column("text", String),
    Column("withheld", String),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
_SAVE = Statement(
    "INSERT INTO linked_records (kind, document_number, institution, text, withheld, at, "
    '"by") VALUES (:kind, :document_number, :institution, :text, :withheld, :at, :by)'
    " ON CONFLICT (kind, document_number) DO UPDATE SET institution = excluded.institution,"
    " text = excluded.text, withheld = excluded.withheld, at = excluded.at,"
    ' "by" = excluded."by"'
)


def save(tx: Transaction, **values: str | None) -> None:
    """Keep a record, or that it is refused."""
    tx.run(_SAVE, values)


def texts_of(tx: Transaction, document_number: str) -> dict[str, str | None]:
    """What is held of a person, by kind."""
    columns = LINKED_RECORDS.c
    query = select(columns.kind, columns.text).where(columns.document_number == document_number)
    return {str(kind): text for kind, text in tx.select(query)}


def withheld_by(tx: Transaction, document_number: str, items: Sequence[Item]) -> str | None:
    """The department that refuses one of these items of a person; None where none does."""
    columns = LINKED_RECORDS.c
    query = select(columns.institution).where(
        (columns.document_number == document_number)
        & columns.kind.in_([each.value for each in items])
        & columns.withheld.is_not(None)
    )
    rows = tx.select(query.order_by(columns.kind).limit(1))
    return str(rows[0][0]) if rows else None


def stopped_queries(tx: Transaction, page: Page) -> Paged[dict[str, Any]]:
    """A page of the lawful queries a department stopped, the latest first."""
    columns = DATA_READS.c
    query = select(
        columns.read_id,
        columns.at,
        columns.institution,
        columns.purpose,
        columns["items"],
        columns.reference.label("withheld_by"),
    ).where(columns.refusal == "linked-data-withheld")
    return page_of(tx, query, [columns.at, columns.read_id], page, latest_first=True)
