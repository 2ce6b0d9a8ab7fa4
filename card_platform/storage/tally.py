"""Tallies: how many rows there are of each kind."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, func, select

from card_platform.storage.unit_of_work import Transaction


def count_by(tx: Transaction, table: Table, column: str) -> dict[str, int]:
    """How many rows there are of each value of a column."""
    named = table.c[column]
    query = select(named, func.count()).group_by(named).order_by(named)
    rows: list[Any] = list(tx.execute(query))
    return {str(row[0]): int(row[1]) for row in rows}
