"""A batch: many small works in one transaction, their rows sent together.

For the works of hot routes that only read and add rows: a check, a tap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import CursorResult, Executable

from card_platform.storage.array_rows import array_of, arrays_of, insert_of_arrays
from card_platform.storage.schema import METADATA
from card_platform.storage.statement import Statement
from card_platform.storage.unit_of_work import (
    Outcome,
    Question,
    Transaction,
    Work,
    rows_refused,
)


class NotForBatch(Exception):
    """A work did in a batch what none may: a fault of ours."""


class Batch(Transaction):
    """Works that share one transaction without a savepoint each.

    They may only read, and write by `later` and `add_once`: what a work leaves is its list of rows,
    so that a refused one is undone by forgetting that list. No work sees the rows of another.
    """

    __slots__ = ("_foreseen", "_rows")

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction.connection, transaction._handlers)
        self._rows: list[tuple[Statement, Mapping[str, object]]] = []
        self._foreseen: dict[Statement, dict[object, list[tuple[Any, ...]]]] = {}

    def foresee(self, questions: Iterable[Question]) -> None:
        """Ask what the works will ask by `rows`: once for each text, of one value each."""
        values_of: dict[Statement, list[object]] = {}
        for statement, values in questions:
            values_of.setdefault(statement, []).extend(values.values())
        found = {each: self._ask(each, list(dict.fromkeys(values_of[each]))) for each in values_of}
        for statement, asked in values_of.items():
            told: dict[object, list[tuple[Any, ...]]] = {value: [] for value in asked}
            for row in found[statement].fetchall():
                told[row[0]].append(row[1:])
            self._foreseen[statement] = told

    def _ask(self, statement: Statement, asked: list[object]) -> Any:
        """A cursor of the rows."""
        if self._sqlite:
            values = msgspec.json.encode(asked).decode()
            return self._driver.execute(statement.sqlite_of_many, [values])
        (name,) = statement.names
        return self._driver.execute(statement.of_many, {name: array_of(asked)})

    def rows(self, statement: Statement, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """As foreseen, or asked now."""
        foreseen = self._foreseen.get(statement)
        if foreseen is not None:
            (value,) = values.values()
            if value in foreseen:
                return foreseen[value]
        return super().rows(statement, values)

    def later(self, statement: Statement, values: Mapping[str, object]) -> None:
        """Keep a row until `send`."""
        self._rows.append((statement, values))

    def add_once(self, statement: Statement, values: Mapping[str, object]) -> bool:
        """Keep a row until `send`, as one whose keys are free."""
        self._rows.append((statement, values))
        return True

    def run(self, statement: Statement, values: Mapping[str, object]) -> int:
        """Refused: a work that needs to know what it wrote is no work for a batch."""
        raise NotForBatch(f"a work in a batch writes by `later`: {statement, values}")

    def execute(self, statement: Executable) -> CursorResult[Any]:
        """Refused, as `run`; `select` reads."""
        raise NotForBatch(f"a work in a batch reads by `rows` or `select`: {statement}")

    def outcome_of(self, work: Work) -> Outcome:
        """Run one work; where it raises, its rows are forgotten."""
        before = len(self._rows)
        try:
            return Outcome(work(self))
        except NotForBatch:
            raise
        except Exception as refused:  # noqa: BLE001 - handed to the request that waits for it
            del self._rows[before:]
            return Outcome(error=refused)

    def add_many(self, statement: Statement, rows: Iterable[Mapping[str, object]]) -> None:
        """Keep rows until `send`."""
        self._rows.extend((statement, values) for values in rows)

    def send(self) -> None:
        """Give the database all rows, those of one statement at once; who is named before who names
        them. On PostgreSQL all are one statement.

        Raises:
            RowsAreRefused: one of them breaks a constraint; the transaction is lost.
        """
        by_statement: dict[Statement, list[Sequence[object]]] = {}
        for statement, values in self._rows:
            by_statement.setdefault(statement, []).append(statement.in_order(values))
        self._rows = []
        places = _places_of_tables()
        statements = sorted(by_statement, key=lambda each: places[each.table])
        if self._sqlite:
            for statement in statements:
                self.add_ordered(statement, by_statement[statement])
        elif statements:
            arrays = [array for each in statements for array in arrays_of(by_statement[each])]
            with rows_refused(self.connection):
                self._driver.execute(insert_of_arrays(tuple(statements)), arrays)


@cache
def _places_of_tables() -> dict[str, int]:
    """Where each table stands when those that rows name come before those that name them."""
    return {table.name: place for place, table in enumerate(METADATA.sorted_tables)}
