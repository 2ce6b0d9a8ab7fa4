"""Tables and SQL of consents and reads of personal data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select, text, update

from card_platform.issuance.store import CARDS, PERSONS
from card_platform.oversight.consent.model import ON_A_CARD, Consent, Item
from card_platform.services.identity.model import BY_CARD
from card_platform.services.identity.store import CHECKS_OF_CARD, IDENTITY_CHECKS
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.paging import merged
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
    Index("ix_consents_of_card", "card_id", "consent_id"),
)
_STOPPED = "refusal = 'linked-data-withheld'"
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
    Index("ix_data_reads_of_card", "card_id", "at", "read_id"),
    Index(
        "ix_data_reads_stopped",
        "at",
        "read_id",
        sqlite_where=text(_STOPPED),
        postgresql_where=text(_STOPPED),
    ),
)
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


def reads_of(tx: Transaction, card_id: str, page: Page) -> Paged[dict[str, Any]]:
    """A page of the reads of a card's holder, identity checks among them, the latest first."""
    reads = select(DATA_READS).where(DATA_READS.c.card_id == card_id)
    checks = select(IDENTITY_CHECKS).where(CHECKS_OF_CARD.has(card_id))
    of_reads, of_checks = DATA_READS.c, IDENTITY_CHECKS.c
    told = page_of(tx, reads, [of_reads.at, of_reads.read_id], page, latest_first=True)
    shown = page_of(tx, checks, [of_checks.at, of_checks.check_id], page, latest_first=True)
    return merged([told, shown.made(_read_of_check)], page, latest_first=True)


def _read_of_check(check: dict[str, Any]) -> dict[str, Any]:
    """An identity check as a read: of the name, which the caller had from the card already, or of
    what a good code was answered with.
    """
    is_told = check["carrier"] != BY_CARD and check["reason"] is None
    return {
        "read_id": check["check_id"],
        "institution": check["by"],
        "purpose": check["purpose"],
        "items": ON_A_CARD if is_told else "name",
        "basis": "holder",
        "reference": None,
        "recipient": None,
        "refusal": check["reason"],
        "at": check["at"],
        "by": check["by"],
    }


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


def page_of_consents(tx: Transaction, card_id: str, page: Page) -> Paged[Consent]:
    """A page of the consents of a card's holder, in the order given."""
    query = select(CONSENTS).where(CONSENTS.c.card_id == card_id)
    return page_of(tx, query, [CONSENTS.c.consent_id], page).made(_consent_of)


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
