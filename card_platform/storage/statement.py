"""Statements of the hot paths: SQL text written once, run by the driver itself.

SQLAlchemy's Core costs about as much as the statement on SQLite; where a gate waits, the store
keeps a `Statement` instead. Parameters are written `:name`; the text for psycopg is made once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter

_INSERT = re.compile(
    r"INSERT INTO (?P<table>\w+) \((?P<columns>[^)]+)\) VALUES \((?P<values>[^)]+)\)"
)
_SELECT_BY_ONE = re.compile(r"SELECT (?P<rest>.+) WHERE (?P<key>[\w.]+) = :(?P<name>\w+)")
_PARAMETER = re.compile(r"(?<!:):([a-z][a-z0-9_]*)")
_EACH = re.compile(r"IN EACH\((:[a-z][a-z0-9_]*)\)")
_LISTED = re.compile(r"LISTED\((:[a-z][a-z0-9_]*)\)")
_UNNESTED = (
    r"(SELECT ordinality - 1 AS key, unnest AS value FROM unnest(\1::text[]) WITH ORDINALITY)"
)


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, object]], Sequence[object]]:
    """Takes the values of these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


class Statement:
    """One SQL text in the spelling of both drivers.

    `locks_rows` keeps the rows read from others until the transaction ends; SQLite has one
    writer and needs no such lock. `IN EACH(:name)` compares with a list of texts or integers, and
    `LISTED(:name) AS listed` in a FROM has a row for each text of a list: `key`, from 0 in their
    order, and `value`. The text must hold no colon but those of its parameters, and
    no percent sign.
    """

    def __init__(self, text: str, *, locks_rows: bool = False) -> None:
        self._text = text
        self._of_rows: dict[int, str] = {}
        self.names = tuple(dict.fromkeys(_PARAMETER.findall(text)))
        self._pick = _picker(self.names)
        numbers = {name: f"?{number}" for number, name in enumerate(self.names, start=1)}
        of_json = _EACH.sub(r"IN (SELECT value FROM json_each(\1))", text)
        of_json = _LISTED.sub(r"json_each(\1)", of_json)
        of_array = _LISTED.sub(_UNNESTED, _EACH.sub(r"= ANY(\1)", text))
        self.sqlite = _PARAMETER.sub(lambda found: numbers[found[1]], of_json)
        self.postgresql = _PARAMETER.sub(r"%(\1)s", of_array)
        if locks_rows:
            self.postgresql += " FOR NO KEY UPDATE"

    @cached_property
    def copy(self) -> str:
        """An INSERT of one row as PostgreSQL's COPY of many, the columns in the order of the row.

        Raises:
            ValueError: the text is another, or its values are not those of its columns, in order.
        """
        return f"COPY {self.table} ({self.columns}) FROM STDIN"

    @property
    def table(self) -> str:
        """Where an INSERT of one row puts it. Raises ValueError, as `copy`."""
        return self._insert[0]

    @property
    def columns(self) -> str:
        """Those of an INSERT of one row, as it names them. Raises ValueError, as `copy`."""
        return self._insert[1]

    def sqlite_of_rows(self, count: int) -> str:
        """An INSERT of one row as SQLite's of so many, row after row. Raises ValueError, as `copy`.

        One call of the driver for many rows: each call lets another thread have the interpreter.
        """
        found = self._of_rows.get(count)
        if found is None:
            row = f"({', '.join('?' * len(self.names))})"
            found = f"INSERT INTO {self.table} ({self.columns}) VALUES {', '.join([row] * count)}"  # noqa: S608
            self._of_rows[count] = found
        return found

    @cached_property
    def or_nothing(self) -> Statement:
        """An INSERT that leaves out a row whose key is taken."""
        return Statement(f"{self._text} ON CONFLICT DO NOTHING")

    @cached_property
    def of_many(self) -> str:
        """A SELECT by one value as PostgreSQL's of an array, with the value as its first column.

        Raises:
            ValueError: the text does not end with `WHERE column = :name`, its only value.
        """
        return self._by_many(f"ANY(%({self.names[0]})s)" if self.names else "")

    @cached_property
    def sqlite_of_many(self) -> str:
        """The same as SQLite's of a JSON array. Raises ValueError, as `of_many`."""
        return self._by_many("(SELECT value FROM json_each(?))", "IN")

    @cached_property
    def _insert(self) -> tuple[str, str]:
        found = _INSERT.fullmatch(self._text)
        in_order = ", ".join(f":{name}" for name in self.names)
        if found is None or found["values"] != in_order:
            raise ValueError(f"not an INSERT of one row: {self._text}")
        return found["table"], found["columns"]

    def _by_many(self, values: str, compared: str = "=") -> str:
        found = _SELECT_BY_ONE.fullmatch(self._text)
        if found is None or self.names != (found["name"],):
            raise ValueError(f"not a SELECT by one value: {self._text}")
        key = found["key"]
        return f"SELECT {key}, {found['rest']} WHERE {key} {compared} {values}"

    def in_order(self, values: Mapping[str, object]) -> Sequence[object]:
        """The values in the order of the text: SQLite's driver binds by number at half the cost."""
        return self._pick(values)
