"""Tables and SQL of licences, their changes, certificates on cards and requests for paper."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from card_platform.issuance.store import CARDS, PERSONS
from card_platform.services.identity.store import IDENTITY_CHECKS
from card_platform.services.licences.model import Licence, LicenceKind, LicenceState
from card_platform.services.licences.refusals import LicenceIsIssued
from card_platform.services.verification.store import VERIFICATIONS
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

LICENCES = Table(
    "licences",
    METADATA,
    Column("licence_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("region", String, nullable=False),
    Column("number", String, nullable=False),
    Column("issuer", String, nullable=False),
    Column("holder_document", String, nullable=False),
    Column("holder_name", String, nullable=False),
    Column("level", Integer),
    Column("subject", String),
    Column("valid_from", String, nullable=False),
    Column("valid_until", String),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Column("person_id", String, ForeignKey("persons.person_id")),
    Column("stated_at", String),
    Index("uq_licences_number", "region", "kind", "number", unique=True),
    Index("ix_licences_person_id", "person_id"),
    Index("ix_licences_holder_document", "holder_document"),
)
CHANGES = History("licence_changes", "licences.licence_id", "reason")
CERTIFICATE_WRITINGS = Table(
    "certificate_writings",
    METADATA,
    Column("writing_id", String, primary_key=True),
    Column("licence_id", String, ForeignKey("licences.licence_id"), nullable=False),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("what", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_certificate_writings_card_id", "card_id"),
)
PAPER_REQUESTS = Table(
    "paper_requests",
    METADATA,
    Column("request_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("asked", String, nullable=False),
    Column("matter", String, nullable=False),
    Column("institution", String, nullable=False),
    Column("result", String, nullable=False),
    Column("reason", String),
    Column("licence_id", String, ForeignKey("licences.licence_id")),
    Column("case_id", String),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_paper_requests_of_result", "result", "at", "request_id"),
)


class CardHolder(NamedTuple):
    """A card and whose it is."""

    card_id: str
    state: str
    person_id: str
    document_number: str


class ShownIdentity(NamedTuple):
    """A check of identity that was made before."""

    card_id: str | None
    result: str
    at: str


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """A clerk's wish to ask for paper; `asked` is original or copy, `result` refused or allowed."""

    request_id: str
    card_id: str
    kind: str
    asked: str
    matter: str
    institution: str
    result: str
    reason: str | None
    licence_id: str | None
    case_id: str | None
    at: str
    by: str


def save(tx: Transaction, licence: Licence, *, is_new: bool) -> None:
    """Save a licence. Raises LicenceIsIssued where a new one is not the first of its number."""
    values = asdict(licence)
    values["valid_from"] = licence.valid_from.isoformat()
    values["valid_until"] = licence.valid_until.isoformat() if licence.valid_until else None
    if is_new:
        try:
            tx.execute(insert(LICENCES).values(values))
        except IntegrityError:  # another request was quicker; the refusal undoes this one
            raise LicenceIsIssued from None
    else:
        named = LICENCES.c.licence_id == licence.licence_id
        tx.execute(update(LICENCES).where(named).values(values))


def find(tx: Transaction, licence_id: str, *, to_change: bool = False) -> Licence | None:
    """The licence of that id; locked until the transaction ends where it is to change."""
    query = select(LICENCES).where(LICENCES.c.licence_id == licence_id)
    found = _licences(tx, query.with_for_update() if to_change else query)
    return found[0] if found else None


def find_numbered(tx: Transaction, region: str, kind: str, number: str) -> Licence | None:
    """The licence of that region, kind and number, locked until the transaction ends."""
    named = (LICENCES.c.region == region) & (LICENCES.c.kind == kind)
    query = select(LICENCES).where(named & (LICENCES.c.number == number))
    found = _licences(tx, query.with_for_update())
    return found[0] if found else None


def of_person(tx: Transaction, person_id: str, kind: str) -> list[Licence]:
    """The licences of a kind linked to a person, in the order they came."""
    query = select(LICENCES).where((LICENCES.c.person_id == person_id) & (LICENCES.c.kind == kind))
    return _licences(tx, query.order_by(LICENCES.c.licence_id))


def of_document(tx: Transaction, document: str, kind: str) -> list[Licence]:
    """The licences of a kind this region issued on a document."""
    named = (LICENCES.c.holder_document == document) & (LICENCES.c.kind == kind)
    query = select(LICENCES).where(named & LICENCES.c.stated_at.is_(None))
    return _licences(tx, query.order_by(LICENCES.c.licence_id))


def holder_of_number(tx: Transaction, card_number: str) -> CardHolder | None:
    """The card of that number and whose it is."""
    return _holder(tx, _HOLDERS.where(CARDS.c.card_number == card_number))


def holder_of_chip(tx: Transaction, historical_bytes: str) -> CardHolder | None:
    """The card with that chip and whose it is."""
    return _holder(tx, _HOLDERS.where(CARDS.c.historical_bytes == historical_bytes))


def card_of_person(tx: Transaction, person_id: str | None) -> str | None:
    """The card a person holds; None where they hold none."""
    if person_id is None:
        return None
    query = select(CARDS.c.card_id).where(CARDS.c.person_id == person_id)
    held = query.where(CARDS.c.state.not_in(["cancelled", "superseded"]))
    found: str | None = tx.execute(held).scalar()
    return found


def find_shown(tx: Transaction, shown_by: str) -> ShownIdentity | None:
    """A check or verification of identity, by its id."""
    checks = select(IDENTITY_CHECKS.c.card_id, IDENTITY_CHECKS.c.result, IDENTITY_CHECKS.c.at)
    shown = select(VERIFICATIONS.c.card_id, VERIFICATIONS.c.result, VERIFICATIONS.c.at)
    for query in (
        checks.where(IDENTITY_CHECKS.c.check_id == shown_by),
        shown.where(VERIFICATIONS.c.verification_id == shown_by),
    ):
        rows = tx.select(query)
        if rows:
            return ShownIdentity(*rows[0])
    return None


def add_writing(tx: Transaction, **values: str) -> None:
    """Save that a certificate, or its end, was given to be written on a card."""
    tx.execute(insert(CERTIFICATE_WRITINGS).values(**values))


def add_paper_request(tx: Transaction, request: PaperRequest) -> None:
    """Save a request for paper."""
    tx.execute(insert(PAPER_REQUESTS).values(asdict(request)))


def find_paper_request(tx: Transaction, request_id: str) -> PaperRequest | None:
    """The request of that id, locked until the transaction ends."""
    query = select(PAPER_REQUESTS).where(PAPER_REQUESTS.c.request_id == request_id)
    row = tx.execute(query.with_for_update()).one_or_none()
    return None if row is None else PaperRequest(**row._mapping)


def refused_paper_requests(tx: Transaction, page: Page) -> Paged[PaperRequest]:
    """A page of the requests for paper that were refused, the latest first."""
    columns = PAPER_REQUESTS.c
    refused = select(PAPER_REQUESTS).where(columns.result == "refused")
    found = page_of(tx, refused, [columns.at, columns.request_id], page, latest_first=True)
    return found.made(lambda row: PaperRequest(**row))


def save_case(tx: Transaction, request_id: str, case_id: str) -> None:
    """Save which case a refused request became."""
    named = PAPER_REQUESTS.c.request_id == request_id
    tx.execute(update(PAPER_REQUESTS).where(named).values(case_id=case_id))


_HOLDERS = select(
    CARDS.c.card_id, CARDS.c.state, CARDS.c.person_id, PERSONS.c.document_number
).join(PERSONS, PERSONS.c.person_id == CARDS.c.person_id)


def _holder(tx: Transaction, query: Select[Any]) -> CardHolder | None:
    rows = tx.select(query)
    return CardHolder(*rows[0]) if rows else None


def _licences(tx: Transaction, query: Select[Any]) -> list[Licence]:
    return [_licence_of(dict(row._mapping)) for row in tx.execute(query)]


def _licence_of(values: dict[str, Any]) -> Licence:
    until = values["valid_until"]
    return Licence(
        **{
            **values,
            "kind": LicenceKind(values["kind"]),
            "state": LicenceState(values["state"]),
            "valid_from": date.fromisoformat(values["valid_from"]),
            "valid_until": date.fromisoformat(until) if until else None,
        }
    )
