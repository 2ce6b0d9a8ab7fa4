"""Table and SQL of terminals' certificates."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, select, update

from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA

CERTIFICATES = Table(
    "terminal_certificates",
    METADATA,
    Column("certificate_id", String, primary_key=True),
    Column("terminal_number", String, ForeignKey("terminals.terminal_number"), nullable=False),
    Column("valid_from", String, nullable=False),
    Column("valid_until", String, nullable=False),
    Column("text", String, nullable=False),
    Column("signature", String, nullable=False),
    Column("by", String, nullable=False),
    Column("withdrawn_at", String),
    Index("ix_terminal_certificates_terminal_number", "terminal_number", "certificate_id"),
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """One of them, as it was signed."""

    certificate_id: str
    terminal_number: str
    valid_from: str
    valid_until: str
    text: str
    signature: str
    by: str
    withdrawn_at: str | None = None

    def ended_at(self, at: str) -> str | None:
        """Since when it does not count at that moment; None while it does."""
        if self.withdrawn_at is not None:
            return self.withdrawn_at
        return self.valid_until if self.valid_until <= at else None


def add(tx: Transaction, certificate: Certificate) -> None:
    """Save a new one."""
    tx.execute(CERTIFICATES.insert().values(asdict(certificate)))


def newest(tx: Transaction, terminal_number: str) -> Certificate | None:
    """The one that counts."""
    columns = CERTIFICATES.c
    query = select(CERTIFICATES).where(columns.terminal_number == terminal_number)
    row = tx.execute(query.order_by(columns.certificate_id.desc()).limit(1)).one_or_none()
    return None if row is None else Certificate(**row._mapping)


def withdraw(tx: Transaction, certificate_id: str, at: str) -> None:
    """It counts no longer."""
    of_it = CERTIFICATES.c.certificate_id == certificate_id
    tx.execute(update(CERTIFICATES).where(of_it).values(withdrawn_at=at))


def page_of_terminal(tx: Transaction, terminal_number: str, page: Page) -> Paged[Certificate]:
    """A page of a terminal's certificates, the newest first."""
    columns = CERTIFICATES.c
    query = select(CERTIFICATES).where(columns.terminal_number == terminal_number)

    def read(row: dict[str, Any]) -> Certificate:
        return Certificate(**row)

    return page_of(tx, query, [columns.certificate_id], page, latest_first=True).made(read)
