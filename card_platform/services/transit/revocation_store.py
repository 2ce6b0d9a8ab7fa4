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
)
_ADD = Statement(
    "INSERT INTO revocation_changes (version, application_serial, revoked)"
    " VALUES (:version, :application_serial, :revoked)"
)
_AFTER = Statement(
    "SELECT application_serial, revoked FROM revocation_changes WHERE version > :since"
    " ORDER BY version"
)


def add_change(tx: Transaction, version: int, application_serial: str, *, revoked: bool) -> None:
    """Keep that a purse was put on the list or taken off it."""
    serial = {"application_serial": application_serial, "revoked": int(revoked)}
    tx.run(_ADD, {"version": version, **serial})


def changes_after(tx: Transaction, since: int) -> list[tuple[str, bool]]:
    """The purse of each change after a version, and whether it was put on the list, in order."""
    return [(serial, bool(revoked)) for serial, revoked in tx.rows(_AFTER, {"since": since})]
