"""Table and SQL of the credit file, and who is concerned."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select, update

from card_platform.issuance.store import CARDS
from card_platform.oversight.risk.cases.model import SHOWN, CreditEntry, CreditState
from card_platform.oversight.risk.history import Alert
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA

CREDIT_ENTRIES = Table(
    "credit_entries",
    METADATA,
    Column("entry_id", String, primary_key=True),
    Column("person_id", String, ForeignKey("persons.person_id"), nullable=False),
    Column("case_id", String, ForeignKey("risk_cases.case_id"), nullable=False, unique=True),
    Column("conduct", String, nullable=False),
    Column("article", String, nullable=False),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Column("entered_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Index("ix_credit_entries_person_id", "person_id", "entry_id"),
    Index("ix_credit_entries_expires_at", "state", "expires_at"),
)
_SHOWN = [each.value for each in SHOWN]


def save(tx: Transaction, entry: CreditEntry, *, is_new: bool) -> None:
    """Save an entry."""
    if is_new:
        tx.execute(insert(CREDIT_ENTRIES).values(asdict(entry)))
    else:
        where = CREDIT_ENTRIES.c.entry_id == entry.entry_id
        tx.execute(update(CREDIT_ENTRIES).where(where).values(asdict(entry)))


def of_case(tx: Transaction, case_id: str) -> CreditEntry | None:
    """The entry a case made, locked until the transaction ends."""
    query = select(CREDIT_ENTRIES).where(CREDIT_ENTRIES.c.case_id == case_id).with_for_update()
    found = tx.execute(query).one_or_none()
    return None if found is None else _entry_of(dict(found._mapping))


def shown(tx: Transaction, person_id: str, page: Page) -> Paged[CreditEntry]:
    """A page of the entries that are told of a person, the latest first."""
    columns = CREDIT_ENTRIES.c
    query = select(CREDIT_ENTRIES).where(
        (columns.person_id == person_id) & columns.state.in_(_SHOWN)
    )
    return page_of(tx, query, [columns.entry_id], page, latest_first=True).made(_entry_of)


def expired_by(tx: Transaction, now: str, most: int) -> list[CreditEntry]:
    """Entries whose years have passed."""
    columns = CREDIT_ENTRIES.c
    late = columns.state.in_(_SHOWN) & (columns.expires_at <= now)
    query = select(CREDIT_ENTRIES).where(late).order_by(columns.entry_id).limit(most)
    return [_entry_of(dict(row._mapping)) for row in tx.execute(query)]


def person_of(tx: Transaction, card_id: str) -> str | None:
    """Who holds a card."""
    query = select(CARDS.c.person_id).where(CARDS.c.card_id == card_id)
    found = tx.execute(query).scalar()
    return None if found is None else str(found)


def card_of_number(tx: Transaction, card_number: str) -> str | None:
    """The card of a number."""
    query = select(CARDS.c.card_id).where(CARDS.c.card_number == card_number)
    found = tx.execute(query).scalar()
    return None if found is None else str(found)


def card_of_person(tx: Transaction, person_id: str) -> str | None:
    """The latest card of a person of this region."""
    columns = CARDS.c
    query = (
        select(columns.card_id)
        .where(columns.person_id == person_id)
        .order_by(columns.card_serial.desc())
        .limit(1)
    )
    found = tx.execute(query).scalar()
    return None if found is None else str(found)


def card_concerned(tx: Transaction, alert: Alert) -> str | None:
    """The one card of this region the alert is about, if there is one."""
    if alert.subject_kind == "card":
        known = person_of(tx, alert.subject)
        return alert.subject if known is not None else None
    if alert.subject_kind == "person":
        return card_of_person(tx, alert.subject)
    own = [each for each in alert.cards if person_of(tx, each) is not None]
    return own[0] if len(own) == 1 and alert.subject_kind != "institution" else None


def _entry_of(values: dict[str, Any]) -> CreditEntry:
    return CreditEntry(**{**values, "state": CreditState(values["state"])})
