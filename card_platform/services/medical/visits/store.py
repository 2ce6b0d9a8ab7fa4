"""Tables and SQL of visits, their lines, prescriptions for pharmacies and receipts."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    func,
    insert,
    select,
    text,
    update,
)

from card_platform.issuance.store import CARDS
from card_platform.services.medical.benefits.model import PricedLine, Shares
from card_platform.services.medical.institutions.model import InstitutionKind
from card_platform.services.medical.visits.model import (
    PrescribedItem,
    Prescription,
    PrescriptionState,
    Visit,
    VisitState,
)
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

MEDICAL_VISITS = Table(
    "medical_visits",
    METADATA,
    Column("visit_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column(
        "designation_id",
        String,
        ForeignKey("medical_designations.designation_id"),
        nullable=False,
    ),
    Column("operator", String, nullable=False),
    Column("region", String, nullable=False),
    Column("card_number", String, nullable=False),
    Column("holder_name", String, nullable=False),
    Column("level", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("registered_at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("card_id", String, ForeignKey("cards.card_id")),
    Column("department", String),
    Column("diagnosis", String),
    Column("prescription_id", String),
    Column("agent_id", String, ForeignKey("card_agents.agent_id")),
    Column("admitted_on", String),
    Column("days", Integer),
    Column("settled_on", String),
    Column("settled", String),
    Column("problem_code", String),
    Column("problem_zh", String),
    Column("problem_en", String),
    Index("ix_medical_visits_of_card", "card_id", "visit_id"),
    Index(
        "ix_medical_visits_admitted",
        "region",
        "card_number",
        sqlite_where=text("state = 'admitted'"),
        postgresql_where=text("state = 'admitted'"),
    ),
)
CHANGES = History("medical_visit_changes", "medical_visits.visit_id", "reason")

MEDICAL_VISIT_LINES = Table(
    "medical_visit_lines",
    METADATA,
    Column("visit_id", String, ForeignKey("medical_visits.visit_id"), nullable=False),
    Column("line", Integer, nullable=False),
    Column("priced", String, nullable=False),
    PrimaryKeyConstraint("visit_id", "line"),
)

MEDICAL_PRESCRIPTIONS = Table(
    "medical_prescriptions",
    METADATA,
    Column("prescription_id", String, primary_key=True),
    Column("visit_id", String, ForeignKey("medical_visits.visit_id"), nullable=False),
    Column("region", String, nullable=False),
    Column("card_number", String, nullable=False),
    Column("level", Integer, nullable=False),
    Column("items", String, nullable=False),
    Column("state", String, nullable=False),
    Column("issued_at", String, nullable=False),
    Column("valid_until", String, nullable=False),
)

MEDICAL_RECEIPTS = Table(
    "medical_receipts",
    METADATA,
    Column("number", String, primary_key=True),
    Column("visit_id", String, ForeignKey("medical_visits.visit_id"), nullable=False),
    Column("reverses", String),
    Column("facts", String, nullable=False),
    Column("at", String, nullable=False),
    Index("ix_medical_receipts_of_visit", "visit_id", "number"),
)
"""`facts` is what the receipt says, as JSON: it is printed the same for ever."""


def add(tx: Transaction, visit: Visit) -> None:
    """Save a new visit."""
    tx.execute(insert(MEDICAL_VISITS).values(_row(visit)))


def save(tx: Transaction, visit: Visit) -> None:
    """Save what became of a visit."""
    by_id = MEDICAL_VISITS.c.visit_id == visit.visit_id
    tx.execute(update(MEDICAL_VISITS).where(by_id).values(_row(visit)))


def find(tx: Transaction, visit_id: str, *, to_change: bool = False) -> Visit | None:
    """The visit of that id; with `to_change` locked until the transaction ends."""
    query = select(MEDICAL_VISITS).where(MEDICAL_VISITS.c.visit_id == visit_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return None if row is None else _visit(dict(row._mapping))


def has_another_stay(tx: Transaction, visit: Visit) -> bool:
    """Whether the patient lies in a hospital of this region for another visit, on whatever card."""
    columns = MEDICAL_VISITS.c
    whose = columns.card_number == visit.card_number
    if visit.card_id is not None:
        person = select(CARDS.c.person_id).where(CARDS.c.card_id == visit.card_id)
        cards = select(CARDS.c.card_number).where(CARDS.c.person_id == person.scalar_subquery())
        whose = columns.card_number.in_(cards)
    query = select(columns.visit_id).where(
        columns.region == visit.region,
        whose,
        text("medical_visits.state = 'admitted'"),
        columns.visit_id != visit.visit_id,
    )
    return bool(tx.select(query.limit(1)))


def is_admitted(tx: Transaction, person_id: str, region: str) -> bool:
    """Whether a holder of this region's cards lies in a hospital here."""
    columns = MEDICAL_VISITS.c
    cards = select(CARDS.c.card_number).where(CARDS.c.person_id == person_id)
    query = select(columns.visit_id).where(
        columns.region == region,
        columns.card_number.in_(cards),
        text("medical_visits.state = 'admitted'"),
    )
    return bool(tx.select(query.limit(1)))


def stays_of(tx: Transaction, person_id: str, region: str) -> list[Visit]:
    """All stays here of a holder of this region's cards."""
    columns = MEDICAL_VISITS.c
    cards = select(CARDS.c.card_number).where(CARDS.c.person_id == person_id)
    query = select(MEDICAL_VISITS).where(
        columns.region == region, columns.card_number.in_(cards), columns.admitted_on.is_not(None)
    )
    rows = tx.execute(query.order_by(columns.visit_id)).all()
    return [_visit(dict(row._mapping)) for row in rows]


def ended_on(tx: Transaction, visit_id: str) -> str | None:
    """The day on which a stay ended; None while it goes on."""
    ends = [each["at"] for each in CHANGES.of(tx, visit_id) if each["action"] == "discharge"]
    return str(ends[-1])[:10] if ends else None


def page_of_card(tx: Transaction, card_id: str, page: Page) -> Paged[Visit]:
    """A page of a card's visits in its own region, the latest first."""
    columns = MEDICAL_VISITS.c
    query = select(MEDICAL_VISITS).where(columns.card_id == card_id)
    return page_of(tx, query, [columns.visit_id], page, latest_first=True).made(_visit)


def add_lines(tx: Transaction, visit_id: str, lines: list[PricedLine]) -> None:
    """Save lines after those there are; the visit is held."""
    columns = MEDICAL_VISIT_LINES.c
    taken = select(func.count()).where(columns.visit_id == visit_id)
    first = int(tx.execute(taken).scalar_one())
    for number, line in enumerate(lines, start=first):
        values = {"visit_id": visit_id, "line": number, "priced": _text(line)}
        tx.execute(insert(MEDICAL_VISIT_LINES).values(values))


def lines_of(tx: Transaction, visit_id: str) -> list[PricedLine]:
    """The lines of a visit, in order."""
    columns = MEDICAL_VISIT_LINES.c
    query = select(columns.priced).where(columns.visit_id == visit_id).order_by(columns.line)
    return [msgspec.json.decode(priced, type=PricedLine) for (priced,) in tx.select(query)]


def add_prescription(tx: Transaction, prescription: Prescription) -> None:
    """Save a new prescription."""
    values = {
        **msgspec.structs.asdict(prescription),
        "items": msgspec.json.encode(prescription.items).decode(),
    }
    tx.execute(insert(MEDICAL_PRESCRIPTIONS).values(values))


def save_prescription_state(tx: Transaction, prescription: Prescription) -> None:
    """Save the state of a prescription."""
    by_id = MEDICAL_PRESCRIPTIONS.c.prescription_id == prescription.prescription_id
    tx.execute(update(MEDICAL_PRESCRIPTIONS).where(by_id).values(state=prescription.state.value))


def find_prescription(
    tx: Transaction, prescription_id: str, *, to_change: bool = False
) -> Prescription | None:
    """The prescription of that id; with `to_change` locked until the transaction ends."""
    query = select(MEDICAL_PRESCRIPTIONS).where(
        MEDICAL_PRESCRIPTIONS.c.prescription_id == prescription_id
    )
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    items = msgspec.json.decode(values["items"], type=list[PrescribedItem])
    return Prescription(**{**values, "items": items, "state": PrescriptionState(values["state"])})


def prescriptions_of(tx: Transaction, visit_id: str) -> list[str]:
    """The ids of what a visit prescribed for a pharmacy."""
    columns = MEDICAL_PRESCRIPTIONS.c
    query = select(columns.prescription_id).where(columns.visit_id == visit_id)
    return [each for (each,) in tx.select(query.order_by(columns.prescription_id))]


def add_receipt(tx: Transaction, **values: str | None) -> None:
    """Save a receipt."""
    tx.execute(insert(MEDICAL_RECEIPTS).values(**values))


def receipts_of(tx: Transaction, visit_id: str) -> list[tuple[str, str]]:
    """Number and facts of a visit's receipts, the first first."""
    columns = MEDICAL_RECEIPTS.c
    query = select(columns.number, columns.facts).where(columns.visit_id == visit_id)
    return [(number, facts) for number, facts in tx.select(query.order_by(columns.number))]


def _row(visit: Visit) -> dict[str, Any]:
    values = msgspec.structs.asdict(visit)
    return {**values, "settled": None if visit.settled is None else _text(visit.settled)}


def _text(part: msgspec.Struct) -> str:
    return msgspec.json.encode(part).decode()


def _visit(values: dict[str, Any]) -> Visit:
    settled = values["settled"]
    typed = {
        "kind": InstitutionKind(values["kind"]),
        "state": VisitState(values["state"]),
        "settled": None if settled is None else msgspec.json.decode(settled, type=Shares),
    }
    return Visit(**{**values, **typed})
