"""Table and SQL of the changes of the revocation list, one a version."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table

from card_platform.storage import Statement, Transaction
from card_platform.storage.schema import METADATA

REVOCATION_CHANGES = Table(
    "revocation_changes",
    METADATA,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("application_serial", String, nullable=False),
    Column("revoked", Integer, nullable=False),
    Column("digest", String),
)
"""`digest` is that of the list after the change; changes of before it was kept have none."""
_ADD = Statement(
    "INSERT INTO revocation_changes (version, application_serial, revoked, digest)"
    " VALUES (:version, :application_serial, :revoked, :digest)"
)
_DIGEST = Statement("SELECT digest FROM revocation_changes WHERE version = :version")
_AFTER = Statement(
    "SELECT application_serial, revoked FROM revocation_changes WHERE version > :since"
    " ORDER BY version"
)


def add_change(
    tx: Transaction, version: int, application_serial: str, digest: str, *, revoked: bool
) -> None:
    """Keep that a purse was put on the list or taken off it, and the digest of the list then."""
    serial = {"application_serial": application_serial, "revoked": int(revoked)}
    tx.run(_ADD, {"version": version, "digest": digest, **serial})


def digest_at(tx: Transaction, version: int) -> str | None:
    """The digest of the list at a version; None where none was kept."""
    rows = tx.rows(_DIGEST, {"version": version})
    return str(rows[0][0]) if rows and rows[0][0] is not None else None


def changes_after(tx: Transaction, since: int) -> list[tuple[str, bool]]:
    """The purse of each change after a version, and whether it was put on the list, in order."""
    return [(serial, bool(revoked)) for serial, revoked in tx.rows(_AFTER, {"since": since})]
