"""The tables of the audit. Records and seals are added, never changed; the chain is one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Integer, String, Table

from card_platform.oversight.audit.chain import EMPTY, AuditRecord, Head
from card_platform.storage import Statement, Transaction
from card_platform.storage.schema import METADATA

AUDIT_RECORDS = Table(
    "audit_records",
    METADATA,
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("action", String, nullable=False),
    Column("card_id", String),
    Column("detail", String, nullable=False),
)
AUDIT_SEALS = Table(
    "audit_seals",
    METADATA,
    Column(
        "position",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("hash", String, nullable=False),
)
AUDIT_CHAIN = Table(
    "audit_chain",
    METADATA,
    Column("name", String, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("hash", String, nullable=False),
    Column("floor", BigInteger, nullable=False),
    Column("highest", BigInteger, nullable=False),
    Column("candidate", BigInteger, nullable=False),
    Column("boundary", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Chain:
    """The state of the sealing.

    Attributes:
        floor: every record up to this number is sealed, or was never written.
        highest: the highest number sealed.
        candidate: the floor to be, once no transaction below `boundary` runs (PostgreSQL).
        boundary: an id of a transaction, 0 while it is not taken yet.
    """

    head: Head = EMPTY
    floor: int = 0
    highest: int = 0
    candidate: int = 0
    boundary: int = 0


_ADD = Statement(
    'INSERT INTO audit_records (at, "by", action, card_id, detail)'
    " VALUES (:at, :by, :action, :card_id, :detail)"
)
_OPEN_CHAIN = Statement(
    "INSERT INTO audit_chain (name, position, hash, floor, highest, candidate, boundary)"
    " VALUES ('audit', 0, :hash, 0, 0, 0, 0) ON CONFLICT DO NOTHING"
)
_CHAIN = "SELECT position, hash, floor, highest, candidate, boundary FROM audit_chain"
_LOOK_AT_CHAIN, _LOCK_CHAIN = Statement(_CHAIN), Statement(_CHAIN, locks_rows=True)
_SAVE_CHAIN = Statement(
    "UPDATE audit_chain SET position = :position, hash = :hash, floor = :floor,"
    " highest = :highest, candidate = :candidate, boundary = :boundary"
)
_SEALED_ABOVE = Statement("SELECT number FROM audit_seals WHERE number > :floor")
_ABOVE = Statement(
    'SELECT number, at, "by", action, card_id, detail FROM audit_records WHERE number > :floor'
    " ORDER BY number LIMIT :most"
)
_BELOW_FLOOR = Statement(
    "SELECT number FROM audit_records AS record WHERE number <= :floor AND NOT EXISTS"
    " (SELECT 1 FROM audit_seals WHERE audit_seals.number = record.number)"
    " ORDER BY number LIMIT 1"
)
_COUNT_UNSEALED = Statement(
    "SELECT COUNT(*) FROM audit_records AS record WHERE number > :floor AND NOT EXISTS"
    " (SELECT 1 FROM audit_seals WHERE audit_seals.number = record.number)"
)
_SEALED = Statement(
    "SELECT seal.position, seal.number, seal.hash, record.number, record.at,"
    ' record."by", record.action, record.card_id, record.detail FROM audit_seals AS seal'
    " LEFT JOIN audit_records AS record ON record.number = seal.number"
    " WHERE seal.position > :after AND seal.position <= :last ORDER BY seal.position LIMIT :most"
)
_RUNNING_FROM = Statement(
    "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)"
)
_RUNNING_TO = Statement(
    "SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT)"
)
_ADD_SEAL = Statement(
    "INSERT INTO audit_seals (position, number, hash) VALUES (:position, :number, :hash)"
)
_HASH_AT = Statement("SELECT hash FROM audit_seals WHERE position = :position")
_BEYOND_HEAD = Statement(
    "SELECT COALESCE((SELECT MAX(position) FROM audit_seals), 0)"
    " <> COALESCE((SELECT MAX(position) FROM audit_chain), 0)"
)
PAGE_MAX = 2_000
"""Records read at once by a check."""


def add_record(transaction: Transaction, **values: str | None) -> None:
    """Add one row."""
    transaction.later(_ADD, dict(values))


def lock_chain(tx: Transaction) -> Chain:
    """The chain, locked until the transaction ends: one sealer at a time."""
    tx.run(_OPEN_CHAIN, {"hash": EMPTY.hash})
    return _chain_of(tx.rows(_LOCK_CHAIN, {}))


def look_at_chain(tx: Transaction) -> Chain:
    """The chain as it stands."""
    return _chain_of(tx.rows(_LOOK_AT_CHAIN, {}))


def _chain_of(rows: Sequence[tuple[int | str, ...]]) -> Chain:
    if not rows:
        return Chain()
    position, last, floor, highest, candidate, boundary = rows[0]
    numbers = int(floor), int(highest), int(candidate), int(boundary)
    return Chain(Head(int(position), str(last)), *numbers)


def save_chain(tx: Transaction, chain: Chain) -> None:
    """Save the chain."""
    values = {"position": chain.head.position, "hash": chain.head.hash, "floor": chain.floor}
    more = {"highest": chain.highest, "candidate": chain.candidate, "boundary": chain.boundary}
    tx.run(_SAVE_CHAIN, values | more)


def next_chain(tx: Transaction, chain: Chain, head: Head, highest: int) -> Chain:
    """The chain after a batch: where the floor may follow, it does (see `sealing`)."""
    if tx.connection.dialect.name == "sqlite":
        return Chain(head, highest, highest, highest, 0)
    floor, candidate, boundary = chain.floor, chain.candidate, chain.boundary
    if candidate <= floor:
        return Chain(head, floor, highest, highest, 0)
    if boundary == 0:
        return Chain(head, floor, highest, candidate, int(tx.rows(_RUNNING_TO, {})[0][0]))
    if int(tx.rows(_RUNNING_FROM, {})[0][0]) >= boundary:
        return Chain(head, candidate, highest, highest, 0)
    return Chain(head, floor, highest, candidate, boundary)


def unsealed(tx: Transaction, floor: int, most: int) -> list[AuditRecord]:
    """Records without a seal, in order of number.

    Few above the floor have one: both are read by number, which needs no statistics of the tables.
    """
    have = {row[0] for row in tx.rows(_SEALED_ABOVE, {"floor": floor})}
    rows = tx.rows(_ABOVE, {"floor": floor, "most": most + len(have)})
    return [AuditRecord(*row) for row in rows if row[0] not in have][:most]


def count_unsealed(tx: Transaction, floor: int) -> int:
    """How many records wait for their seal."""
    return int(tx.rows(_COUNT_UNSEALED, {"floor": floor})[0][0])


def find_inserted(tx: Transaction, floor: int) -> int | None:
    """The first record without a seal where every record has one."""
    rows = tx.rows(_BELOW_FLOOR, {"floor": floor})
    return int(rows[0][0]) if rows else None


def add_seals(tx: Transaction, seals: Sequence[tuple[int, int, str]]) -> None:
    """Save seals: position, number, hash."""
    tx.add_ordered(_ADD_SEAL, seals)


def hash_at(tx: Transaction, position: int) -> str | None:
    """The hash sealed at a position."""
    rows = tx.rows(_HASH_AT, {"position": position})
    return str(rows[0][0]) if rows else None


def has_seals_beyond_head(tx: Transaction) -> bool:
    """Whether seals and head differ in where the chain ends; one statement, one snapshot."""
    return bool(tx.rows(_BEYOND_HEAD, {})[0][0])


def sealed(tx: Transaction, last: int) -> Iterator[tuple[int, int, str, AuditRecord | None]]:
    """Every seal up to a position, in order, with its record if that is there."""
    after = 0
    while rows := tx.rows(_SEALED, {"after": after, "last": last, "most": PAGE_MAX}):
        for position, number, sealed_hash, found, *rest in rows:
            record = None if found is None else AuditRecord(found, *rest)
            yield position, number, sealed_hash, record
        after = rows[-1][0]
