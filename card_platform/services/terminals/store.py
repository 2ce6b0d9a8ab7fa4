"""Table and SQL of terminals. Of a token only its SHA-256 is kept."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Column, Row, String, Table, select

from card_platform.services.terminals.model import Terminal, TerminalKind
from card_platform.storage import Transaction
from card_platform.storage.counters import last_number, next_number
from card_platform.storage.schema import METADATA

TERMINALS = Table(
    "terminals",
    METADATA,
    Column("terminal_number", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("operator", String, nullable=False),
    Column("station", String),
    Column("site", String, nullable=False),
    Column("psam_serial", String, nullable=False, unique=True),
    Column("token_sha256", String, nullable=False, unique=True),
    Column("enrolled_at", String, nullable=False),
    Column("bus_line", String),
    Column("public_key", String),
    Column("withdrawn_at", String),
)

_WITHDRAWALS = "terminal-withdrawals"
_TERMINAL = [TERMINALS.c[field.name] for field in fields(Terminal)]


def add_terminal(
    transaction: Transaction, terminal: Terminal, token_sha256: str, enrolled_at: str
) -> None:
    """Save a new terminal."""
    transaction.execute(
        TERMINALS.insert().values(
            **asdict(terminal), token_sha256=token_sha256, enrolled_at=enrolled_at
        )
    )


def get_terminal(transaction: Transaction, terminal_number: str) -> Terminal:
    """The terminal of that number."""
    query = select(*_TERMINAL).where(TERMINALS.c.terminal_number == terminal_number)
    return _read(transaction.execute(query).one())


def find_terminal(
    transaction: Transaction, terminal_number: str, *, to_change: bool = False
) -> Terminal | None:
    """The terminal of that number, if there is one; locked where it is to change."""
    query = select(*_TERMINAL).where(TERMINALS.c.terminal_number == terminal_number)
    row = transaction.execute(query.with_for_update() if to_change else query).one_or_none()
    return _read(row) if row is not None else None


def save_public_key(transaction: Transaction, terminal_number: str, public_key: str) -> None:
    """The key the terminal signs with from now on."""
    of_it = TERMINALS.c.terminal_number == terminal_number
    transaction.execute(TERMINALS.update().where(of_it).values(public_key=public_key))


def withdraw(transaction: Transaction, terminal_number: str, at: str) -> None:
    """Its token counts no longer."""
    of_it = TERMINALS.c.terminal_number == terminal_number
    transaction.execute(TERMINALS.update().where(of_it).values(withdrawn_at=at))
    next_number(transaction, _WITHDRAWALS)


def withdrawals(transaction: Transaction) -> int:
    """How many terminals were withdrawn: another number means there is one more."""
    return last_number(transaction, _WITHDRAWALS)


def find_by_token(transaction: Transaction, token_sha256: str) -> Terminal | None:
    """The terminal whose token has that hash."""
    query = select(*_TERMINAL).where(TERMINALS.c.token_sha256 == token_sha256)
    row = transaction.execute(query).one_or_none()
    return _read(row) if row is not None else None


def _read(row: Row[Any]) -> Terminal:
    return Terminal(**{**row._mapping, "kind": TerminalKind(row.kind)})
