"""Rows as arrays, a column each: how PostgreSQL takes the rows of several tables in one statement.

Unlike COPY, such a statement is a transaction by itself: the server is waited for once. The text of
an array is made here, since the driver makes it value by value.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import cast

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql

from card_platform.storage.schema import METADATA
from card_platform.storage.statement import Statement

_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


@cache
def insert_of_arrays(statements: tuple[Statement, ...]) -> str:
    """INSERTs of one row each as one statement of many rows of each, whose values are `arrays_of`
    the rows of the first, then those of the next: all or nothing (PostgreSQL's manual, 7.8.4). Rows
    may name one another, whichever comes first: that is looked at when all are there.

    Raises:
        ValueError: one is another text, or its values are not those of its columns, in order.
    """
    *others, last = map(_insert_of_arrays, statements)
    if not others:
        return last
    parts = ", ".join(f"rows_{place} AS ({text})" for place, text in enumerate(others))
    return f"WITH {parts} {last}"


def _insert_of_arrays(statement: Statement) -> str:
    columns = METADATA.tables[statement.table].columns
    names = [name.strip().strip('"') for name in statement.columns.split(",")]
    arrays = ", ".join(f"%s::{columns[name].type.compile(dialect=_DIALECT)}[]" for name in names)
    return f"INSERT INTO {statement.table} ({statement.columns}) SELECT * FROM unnest({arrays})"  # noqa: S608


def arrays_of(rows: Sequence[Sequence[object]]) -> list[str]:
    """The columns of rows, each as the text of an array."""
    return [array_of(column) for column in zip(*rows, strict=True)]


def array_of(values: Sequence[object]) -> str:
    """Values as the text of an array (PostgreSQL's manual, 8.15.6)."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return "{" + ",".join(map(str, values)) + "}"
    if kinds == {str}:
        joined = '","'.join(cast("Sequence[str]", values))
        if "\\" not in joined and joined.count('"') == 2 * (len(values) - 1):
            return '{"' + joined + '"}'
    return "{" + ",".join(map(_element_of, values)) + "}"


def _element_of(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
