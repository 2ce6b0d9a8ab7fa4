"""Tables and SQL of electronic cards: signings, codes, uses of codes.

A card has at most one signing that has not ended, and a single-use code at most one use that burnt
it: both are unique indexes, so that of racing requests one wins on either database.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, func, select, text

from card_platform.issuance.ecards.code_text import CodeKind
from card_platform.issuance.ecards.model import CodeHolder, IssuedCode, Signing
from card_platform.issuance.ecards.signing_life import SigningState
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.store import CARD_CHANGES
from card_platform.regions.electronic_card_policy import CodePurpose, SigningLevel
from card_platform.storage import Page, Paged, Question, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

SIGNINGS = Table(
    "ecard_signings",
    METADATA,
    Column("signing_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("level", String, nullable=False),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Column("public_key", String, nullable=False),
    Column("device", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index(
        "uq_ecard_signings_one_of_a_card",
        "card_id",
        unique=True,
        sqlite_where=text("state <> 'ended'"),
        postgresql_where=text("state <> 'ended'"),
    ),
    Index("ix_ecard_signings_card_id", "card_id"),
)
CODES = Table(
    "ecard_codes",
    METADATA,
    Column("code_number", String, primary_key=True),
    Column("signing_id", String, ForeignKey("ecard_signings.signing_id"), nullable=False),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("nonce", String, nullable=False),
    Column("digest", String, nullable=False, unique=True),
    Column("issued_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Index("uq_ecard_codes_request", "signing_id", "nonce", unique=True),
    Index("ix_ecard_codes_expires_at", "expires_at"),
)
CODE_USES = Table(
    "ecard_code_uses",
    METADATA,
    Column("use_id", String, primary_key=True),
    Column("code_number", String),
    Column("card_id", String),
    Column("purpose", String, nullable=False),
    Column("finding", String, nullable=False),
    Column("burns", Integer, nullable=False),
    Column("offline", Integer, nullable=False),
    Column("used_at", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index(
        "uq_ecard_code_uses_burnt",
        "code_number",
        unique=True,
        sqlite_where=text("burns = 1"),
        postgresql_where=text("burns = 1"),
    ),
    Index("ix_ecard_code_uses_card_id", "card_id"),
)
"""What became of codes; the code may be gone from the record before its use is."""

_SIGNING = [SIGNINGS.c[name] for name in Signing.__dataclass_fields__]
_FIND_CODE = Statement(
    "SELECT codes.code_number, codes.signing_id, codes.card_id, codes.kind, codes.purpose,"
    " codes.nonce, codes.digest, codes.issued_at, codes.expires_at, signings.state,"
    " cards.card_number, cards.state, cards.region, cards.valid_until, persons.name,"
    " persons.document_number FROM ecard_codes AS codes"
    " JOIN ecard_signings AS signings ON signings.signing_id = codes.signing_id"
    " JOIN cards ON cards.card_id = codes.card_id"
    " JOIN persons ON persons.person_id = cards.person_id WHERE codes.digest = :digest"
)
_ADD_CODE = Statement(
    "INSERT INTO ecard_codes (code_number, signing_id, card_id, kind, purpose, nonce, digest,"
    " issued_at, expires_at) VALUES (:code_number, :signing_id, :card_id, :kind, :purpose, :nonce,"
    " :digest, :issued_at, :expires_at) ON CONFLICT (signing_id, nonce) DO NOTHING"
)
_ADD_USE = Statement(
    "INSERT INTO ecard_code_uses (use_id, code_number, card_id, purpose, finding, burns, offline,"
    ' used_at, at, "by") VALUES (:use_id, :code_number, :card_id, :purpose, :finding, :burns,'
    " :offline, :used_at, :at, :by) ON CONFLICT (code_number) WHERE burns = 1 DO NOTHING"
)
_IS_BURNT = Statement(
    "SELECT COUNT(*) FROM ecard_code_uses WHERE code_number = :code_number AND burns = 1"
)
_FORGET = Statement(
    "DELETE FROM ecard_codes WHERE code_number IN (SELECT code_number FROM ecard_codes"
    " WHERE expires_at < :before ORDER BY expires_at LIMIT :count)"
)


def add_signing(tx: Transaction, signing: Signing) -> None:
    """Save a new signing; the one before it has ended."""
    tx.execute(SIGNINGS.insert().values(**asdict(signing)))


def find_signing(tx: Transaction, signing_id: str, *, to_change: bool = False) -> Signing | None:
    """The signing of that id; locked until the transaction ends where it is to change."""
    query = select(*_SIGNING).where(SIGNINGS.c.signing_id == signing_id)
    return _one(tx, query.with_for_update() if to_change else query)


def signing_of(tx: Transaction, card_id: str) -> Signing | None:
    """The card's signing that has not ended, locked until the transaction ends."""
    living = SIGNINGS.c.state != SigningState.ENDED.value
    query = select(*_SIGNING).where(SIGNINGS.c.card_id == card_id, living)
    return _one(tx, query.with_for_update())


def page_of_signings(tx: Transaction, card_id: str, page: Page) -> Paged[Signing]:
    """Signings of a card, the latest first."""
    columns = SIGNINGS.c
    query = select(*_SIGNING).where(columns.card_id == card_id)
    return page_of(tx, query, [columns.at, columns.signing_id], page, latest_first=True).made(
        _signing
    )


def save_signing_state(tx: Transaction, signing_id: str, state: SigningState, at: str) -> None:
    """Save where a signing stands."""
    row = SIGNINGS.c.signing_id == signing_id
    tx.execute(SIGNINGS.update().where(row).values(state=state, state_since=at))


def add_code(tx: Transaction, code: IssuedCode) -> bool:
    """Save a code; False where the phone's request was answered before."""
    return tx.run(_ADD_CODE, asdict(code)) > 0


def count_open_codes(tx: Transaction, signing_id: str, now: str) -> int:
    """How many codes of a signing have not expired."""
    query = select(func.count()).where(CODES.c.signing_id == signing_id, CODES.c.expires_at > now)
    return int(tx.execute(query).scalar_one())


def code_question(digest: str) -> Question:
    """What `find_code` asks."""
    return _FIND_CODE, {"digest": digest}


def find_code(tx: Transaction, digest: str) -> tuple[IssuedCode, SigningState, CodeHolder] | None:
    """A code by the SHA-256 of its text, its signing and its holder; a hot path."""
    rows = tx.rows(*code_question(digest))
    if not rows:
        return None
    row = rows[0]
    code = IssuedCode(
        code_number=row[0],
        signing_id=row[1],
        card_id=row[2],
        kind=CodeKind(row[3]),
        purpose=CodePurpose(row[4]),
        nonce=row[5],
        digest=row[6],
        issued_at=row[7],
        expires_at=row[8],
    )
    holder = CodeHolder(
        card_id=row[2],
        card_number=row[10],
        card_state=CardState(row[11]),
        region=row[12],
        valid_until=row[13],
        name=row[14],
        document_number=row[15],
    )
    return code, SigningState(row[9]), holder


def is_burnt(tx: Transaction, code_number: str) -> bool:
    """Whether a single-use code has served."""
    return int(tx.rows(_IS_BURNT, {"code_number": code_number})[0][0]) > 0


def add_use(tx: Transaction, **values: str | int | None) -> bool:
    """Save a use; False where it should burn a code that is burnt."""
    return tx.run(_ADD_USE, dict(values)) > 0


def page_of_uses(tx: Transaction, card_id: str, page: Page) -> Paged[dict[str, Any]]:
    """Uses of a card's codes, the latest first."""
    columns = CODE_USES.c
    names = ("purpose", "finding", "offline", "used_at", "by")
    query = select(*(columns[name] for name in names)).where(columns.card_id == card_id)
    return page_of(tx, query, [columns.used_at, columns.use_id], page, latest_first=True)


def card_state_at(tx: Transaction, card_id: str, at: str) -> CardState | None:
    """Where a card stood at a moment."""
    query = (
        select(CARD_CHANGES.c.after)
        .where(CARD_CHANGES.c.card_id == card_id, CARD_CHANGES.c.at <= at)
        .order_by(CARD_CHANGES.c.number.desc())
        .limit(1)
    )
    found = tx.execute(query).scalar()
    return CardState(found) if found is not None else None


def forget_codes(tx: Transaction, before: str, count: int) -> int:
    """Remove codes that expired before a moment, at most so many; how many it was."""
    return tx.run(_FORGET, {"before": before, "count": count})


def _one(tx: Transaction, query: object) -> Signing | None:
    row = tx.execute(query).one_or_none()  # type: ignore[arg-type]
    return _signing(dict(row._mapping)) if row is not None else None


def _signing(values: dict[str, str]) -> Signing:
    level, state = SigningLevel(values["level"]), SigningState(values["state"])
    return Signing(**{**values, "level": level, "state": state})  # type: ignore[arg-type]
