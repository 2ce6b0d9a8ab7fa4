"""Tables and SQL of journals. Every record is kept whole, refused ones too: it can be verified
again whenever somebody doubts it.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import asdict
from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table

from card_platform.services.journal.model import FIRST_PREVIOUS, Place, SignedRecord
from card_platform.storage import Statement, Transaction
from card_platform.storage.schema import METADATA

TERMINAL_JOURNALS = Table(
    "terminal_journals",
    METADATA,
    Column("terminal_number", String, ForeignKey("terminals.terminal_number"), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("digest", String, nullable=False),
)
"""How far each journal was taken. The row is what two uploads of one terminal wait for."""

JOURNAL_RECORDS = Table(
    "journal_records",
    METADATA,
    Column(
        "terminal_number",
        String,
        ForeignKey("terminal_journals.terminal_number"),
        primary_key=True,
    ),
    Column("sequence", BigInteger, primary_key=True),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("at", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("previous", String, nullable=False),
    Column("signature", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("answer", LargeBinary),
    Column("problem", LargeBinary),
    Column("taken_at", String, nullable=False),
)
"""The body is bytes because it may be any text, which PostgreSQL's is not (NUL). One of `answer`
and `problem` is there, as JSON."""

_OPEN = Statement(
    "INSERT INTO terminal_journals (terminal_number, sequence, digest)"
    " VALUES (:terminal_number, 0, :digest) ON CONFLICT (terminal_number) DO NOTHING"
)
_LOCK = Statement(
    "SELECT sequence, digest FROM terminal_journals WHERE terminal_number = :terminal_number",
    locks_rows=True,
)
_ADVANCE = Statement(
    "UPDATE terminal_journals SET sequence = :sequence, digest = :digest"
    " WHERE terminal_number = :terminal_number"
)
_DIGESTS = Statement(
    "SELECT sequence, digest FROM journal_records WHERE terminal_number = :terminal_number"
    " AND sequence BETWEEN :first AND :last"
)
_ADD_RECORD = Statement(
    "INSERT INTO journal_records (terminal_number, sequence, kind, key, at, body, previous,"
    " signature, digest, answer, problem, taken_at) VALUES (:terminal_number, :sequence, :kind,"
    " :key, :at, :body, :previous, :signature, :digest, :answer, :problem, :taken_at)"
)
_ANSWERS = Statement(
    "SELECT sequence, answer, problem FROM journal_records"
    " WHERE terminal_number = :terminal_number AND sequence BETWEEN :first AND :last"
    " ORDER BY sequence"
)


def open_journal(tx: Transaction, terminal_number: str) -> Place:
    """How far the journal was taken; others of the terminal wait until this request ends."""
    tx.run(_OPEN, {"terminal_number": terminal_number, "digest": FIRST_PREVIOUS})
    return Place(*tx.rows(_LOCK, {"terminal_number": terminal_number})[0])


def advance(tx: Transaction, terminal_number: str, place: Place) -> None:
    """The journal was taken as far as this."""
    values = {"sequence": place.sequence, "digest": place.digest}
    tx.run(_ADVANCE, {"terminal_number": terminal_number, **values})


def digests(tx: Transaction, terminal_number: str, first: int, last: int) -> dict[int, str]:
    """The digests of the records taken, by sequence."""
    asked = {"terminal_number": terminal_number, "first": first, "last": last}
    return {row[0]: row[1] for row in tx.rows(_DIGESTS, asked)}


def add_record(
    tx: Transaction,
    terminal_number: str,
    signed: SignedRecord,
    *,
    answer: bytes | None,
    problem: bytes | None,
    taken_at: str,
) -> None:
    """Save a record with what it was answered."""
    tx.run(
        _ADD_RECORD,
        {
            **asdict(signed.record),
            "body": signed.record.body.encode("utf-8"),
            "terminal_number": terminal_number,
            "digest": signed.digest,
            "answer": answer,
            "problem": problem,
            "taken_at": taken_at,
        },
    )


def answers(
    tx: Transaction, terminal_number: str, first: int, last: int
) -> Sequence[tuple[int, bytes | None, bytes | None]]:
    """Sequence, answer and problem of each record, in order."""
    asked = {"terminal_number": terminal_number, "first": first, "last": last}
    return [
        (sequence, _bytes(answer), _bytes(problem))
        for sequence, answer, problem in tx.rows(_ANSWERS, asked)
    ]


def _bytes(value: object) -> bytes | None:
    return bytes(value) if isinstance(value, (bytes, memoryview)) else None
