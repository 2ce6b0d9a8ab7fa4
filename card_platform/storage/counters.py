"""Numbers given out in order, one row a counter.

The row is locked until the transaction ends, so no number is given twice and none is lost to a
refused request.
"""

from __future__ import annotations

from card_platform.storage.statement import Statement
from card_platform.storage.unit_of_work import Transaction

_NEXT = Statement(
    "INSERT INTO counters (name, value) VALUES (:name, 1)"
    " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
)
_NEXT_MANY = Statement(
    "INSERT INTO counters (name, value) VALUES (:name, :count)"
    " ON CONFLICT (name) DO UPDATE SET value = counters.value + :count RETURNING value"
)
_VALUE = Statement("SELECT value FROM counters WHERE name = :name")


def next_number(transaction: Transaction, name: str) -> int:
    """The counter's next number; the first is 1."""
    number: int = transaction.rows(_NEXT, {"name": name})[0][0]
    return number


def next_numbers(transaction: Transaction, name: str, count: int) -> int:
    """The counter's next numbers, so many at once; the first of them."""
    return int(transaction.rows(_NEXT_MANY, {"name": name, "count": count})[0][0]) - count + 1


def last_number(transaction: Transaction, name: str) -> int:
    """The number given last; 0 where none was."""
    rows = transaction.rows(_VALUE, {"name": name})
    return int(rows[0][0]) if rows else 0
