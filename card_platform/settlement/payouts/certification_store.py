"""SQL of eligibility certifications."""

from __future__ import annotations

import msgspec
from sqlalchemy import insert, select, update

from card_platform.settlement.payouts.tables import CERTIFICATIONS
from card_platform.storage import Statement, Transaction

_KEEP = Statement(
    "INSERT INTO eligibilities (person_id, valid_until) VALUES (:person_id, :valid_until)"
    " ON CONFLICT (person_id) DO UPDATE SET valid_until = :valid_until"
)


class Certification(msgspec.Struct, frozen=True, kw_only=True):
    """A certification.

    Attributes:
        person_id: None where nobody was certified here.
        means: `card` or `code`.
        state: `certified`, `refused`, or `passed-on` while another region has not decided.
        problem: why it was refused.
    """

    certification_id: str
    person_id: str | None
    card_region: str
    means: str
    certified_on: str | None
    valid_until: str | None
    state: str
    problem: str | None
    at: str
    by: str


def add(tx: Transaction, made: Certification) -> None:
    """Save a new certification."""
    tx.execute(insert(CERTIFICATIONS).values(msgspec.structs.asdict(made)))


def save(tx: Transaction, made: Certification) -> None:
    """Save what another region decided."""
    by_id = CERTIFICATIONS.c.certification_id == made.certification_id
    tx.execute(update(CERTIFICATIONS).where(by_id).values(msgspec.structs.asdict(made)))


def find(tx: Transaction, certification_id: str) -> Certification | None:
    """The certification of that id."""
    by_id = CERTIFICATIONS.c.certification_id == certification_id
    row = tx.execute(select(CERTIFICATIONS).where(by_id)).one_or_none()
    return None if row is None else Certification(**row._mapping)


def keep_valid_until(tx: Transaction, person_id: str, day: str) -> None:
    """A person is certified until that day."""
    tx.run(_KEEP, {"person_id": person_id, "valid_until": day})
