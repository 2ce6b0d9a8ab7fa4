"""Tables and SQL of consents and reads of personal data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select, update

from card_platform.issuance.store import CARDS, PERSONS
from card_platform.oversight.consent.model import Consent, Item
from card_platform.services.identity.store import IDENTITY_CHECKS
from card_platform.storage import Statement, Transaction
from card_platform.storage.schema import METADATA
from card_platform.vocabulary.identifier import new_identifier

CONSENTS = Table(
    "consents",
    METADATA,
    Column("consent_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("institution", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("items", String, nullable=False),
    Column("from_at", String, nullable=False),
    Column("until_at", String, nullable=False),
    Column("withdrawn_at", String),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_consents_card_id", "card_id"),
)
DATA_READS = Table(
    "data_reads",
    METADATA,
    Column("read_id", String, primary_key=True),
    Column("card_id", String),
    Column("institution", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("items", String, nullable=False),
    Column("basis", String, nullable=False),
    Column("reference", String),
    Column("recipient", String),
    Column("refusal", String),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_data_reads_card_id", "card_id", "at"),
)
READS_SHOWN_MAX = 500
"""Most rows of one access log: the latest."""
_ADD_READ = Statement(
    "INSERT INTO data_reads (read_id, card_id, institution, purpose, items, basis, reference,"
    ' recipient, refusal, at, "by") VALUES (:read_id, :card_id, :institution, :purpose, :items,'
    " :basis, :reference, :recipient, :refusal, :at, :by)"
)
_OPTIONAL = {"reference": None, "recipient": None, "refusal": None}


def add_read(tx: Transaction, **values: str | None) -> str:
    """Save one read of personal data, granted or refused; its id."""
    read_id = new_identifier("read")
    tx.later(_ADD_READ, {**_OPTIONAL, **values, "read_id": read_id})
    return read_id


def reads_of(tx: Transaction, card_id: str) -> list[dict[str, Any]]:
    """Reads of a card's holder, identity checks among them, the latest first."""
    reads = select(DATA_READS).where(DATA_READS.c.card_id == card_id)
    latest = reads.order_by(DATA_READS.c.at.desc()).limit(READS_SHOWN_MAX)
    found = [dict(row._mapping) for row in tx.execute(latest)]
    checks = select(IDENTITY_CHECKS).where(IDENTITY_CHECKS.c.card_id == card_id)
    for row in tx.execute(checks.order_by(IDENTITY_CHECKS.c.at.desc()).limit(READS_SHOWN_MAX)):
        found.append(
            {
                "read_id": row.check_id,
                "institution": row.by,
                "purpose": row.purpose,
                "items": "name",
                "basis": "holder",
                "reference": None,
                "recipient": None,
                "refusal": row.reason,
                "at": row.at,
                "by": row.by,
            }
        )
    found.sort(key=lambda each: str(each["at"]), reverse=True)
    return found[:READS_SHOWN_MAX]


def find_read(tx: Transaction, read_id: str) -> str | None:
    """The card a read was about."""
    query = select(DATA_READS.c.card_id).where(DATA_READS.c.read_id == read_id)
    found: str | None = tx.execute(query).scalar()
    return found


def add_consent(tx: Transaction, consent: Consent) -> None:
    """Save a consent."""
    tx.execute(insert(CONSENTS).values({**asdict(consent), "items": " ".join(consent.items)}))


def withdraw(tx: Transaction, consent_id: str, at: str) -> None:
    """Save that a consent was withdrawn."""
    tx.execute(update(CONSENTS).where(CONSENTS.c.consent_id == consent_id).values(withdrawn_at=at))


def find_consent(tx: Transaction, consent_id: str) -> Consent | None:
    """The consent of that id, locked until the transaction ends."""
    query = select(CONSENTS).where(CONSENTS.c.consent_id == consent_id).with_for_update()
    row = tx.execute(query).one_or_none()
    return None if row is None else _consent_of(dict(row._mapping))


def consents_of(tx: Transaction, card_id: str) -> list[Consent]:
    """All consents of a card's holder, in the order given."""
    query = select(CONSENTS).where(CONSENTS.c.card_id == card_id).order_by(CONSENTS.c.consent_id)
    return [_consent_of(dict(row._mapping)) for row in tx.execute(query)]


def find_holder_data(
    tx: Transaction,
    *,
    card_id: str | None = None,
    card_number: str | None = None,
    document_number: str | None = None,
) -> dict[str, str] | None:
    """Items of the holder, `card_id` and `document_kind` beside them; of a document's cards the
    one not cancelled, else the latest.
    """
    query = select(
        CARDS.c.card_id,
        CARDS.c.card_number,
        CARDS.c.state.label("card_state"),
        *(PERSONS.c[name] for name in _OF_THE_PERSON),
    ).join(PERSONS, PERSONS.c.person_id == CARDS.c.person_id)
    if card_id is not None:
        query = query.where(CARDS.c.card_id == card_id)
    elif card_number is not None:
        query = query.where(CARDS.c.card_number == card_number)
    else:
        query = query.where(PERSONS.c.document_number == document_number)
    order = query.order_by(CARDS.c.state == "cancelled", CARDS.c.card_serial.desc())
    row = tx.execute(order.limit(1)).one_or_none()
    return None if row is None else dict(row._mapping)


_OF_THE_PERSON = (
    "document_kind", "document_number", "name", "sex", "birth_date", "phone", "address",
)  # fmt: skip


def _consent_of(values: dict[str, Any]) -> Consent:
    items = tuple(Item(each) for each in values["items"].split())
    return Consent(**{**values, "items": items})
