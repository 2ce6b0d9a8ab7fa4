"""Histories: what was done to a thing, step by step, in a table of its own; never changed.

The columns every history has: the thing, `step` from 0, `action`, the state `before` and `after`,
the moment `at` (RFC 3339) and who did it, `by`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, String, Table, func, insert, select

from card_platform.storage.paging import Page, Paged, page_of
from card_platform.storage.schema import METADATA
from card_platform.storage.unit_of_work import Transaction


class History:
    """The history of the things in one table.

    Args:
        table: the history's own name.
        of: the key of the things, as `table.column`.
        told: columns beside those every history has.
    """

    def __init__(self, table: str, of: str, *told: str) -> None:
        owner = of.rpartition(".")[2]
        self._table = Table(
            table,
            METADATA,
            Column(owner, String, ForeignKey(of), primary_key=True),
            Column("step", Integer, primary_key=True, autoincrement=False),
            Column("action", String, nullable=False),
            Column("before", String),
            Column("after", String, nullable=False),
            *(Column(name, String) for name in told),
            Column("at", String, nullable=False),
            Column("by", String, nullable=False),
        )
        self._owner = self._table.c[owner]

    def add(self, tx: Transaction, owner: str, **values: str | None) -> None:
        """Add one step; the caller holds the thing's lock, so no two take the same number."""
        taken = select(func.count()).where(self._owner == owner)
        step = int(tx.execute(taken).scalar_one())
        named = {self._owner.name: owner, "step": step}
        tx.execute(insert(self._table).values({**named, **values}))

    def of(self, tx: Transaction, owner: str) -> list[dict[str, Any]]:
        """Its steps, in order."""
        query = select(self._table).where(self._owner == owner).order_by(self._table.c.step)
        return [dict(row._mapping) for row in tx.execute(query)]

    def page_of(self, tx: Transaction, owner: str, page: Page) -> Paged[dict[str, Any]]:
        """A page of its steps, the latest first."""
        query = select(self._table).where(self._owner == owner)
        return page_of(tx, query, [self._table.c.step], page, latest_first=True)
