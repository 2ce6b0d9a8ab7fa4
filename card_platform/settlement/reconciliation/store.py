"""SQL of statements and differences."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update

from card_platform.settlement.reconciliation.model import (
    LEFT,
    BankStatement,
    Difference,
    DifferenceKind,
    DifferenceState,
    Place,
    Stage,
    StatementState,
)
from card_platform.settlement.reconciliation.tables import DIFFERENCES, IS_LEFT, STATEMENTS
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.counters import next_number
from card_platform.storage.history import History

CHANGES = History("bank_difference_changes", "bank_differences.difference_id", "reason")


def take_turn(tx: Transaction, bank: str) -> None:
    """Until this transaction ends nobody else compares or learns anything of the bank.

    Else what is learned while a day is being compared would be seen by neither.
    """
    next_number(tx, f"bank-days:{bank}")


def add_statement(tx: Transaction, statement: BankStatement) -> None:
    """Save a new statement."""
    tx.execute(insert(STATEMENTS).values(msgspec.structs.asdict(statement)))


def save_statement(tx: Transaction, statement: BankStatement) -> None:
    """Save how far a statement has come."""
    by_key = (STATEMENTS.c.bank == statement.bank, STATEMENTS.c.day == statement.day)
    tx.execute(update(STATEMENTS).where(*by_key).values(msgspec.structs.asdict(statement)))


def find_statement(
    tx: Transaction, bank: str, day: str, *, to_change: bool = False
) -> BankStatement | None:
    """The statement of a bank and day, locked where it is to change."""
    query = select(STATEMENTS).where(STATEMENTS.c.bank == bank, STATEMENTS.c.day == day)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return None if row is None else _statement_of(dict(row._mapping))


def page_of_statements(tx: Transaction, page: Page) -> Paged[BankStatement]:
    """A page of all statements, the latest day first."""
    keys = [STATEMENTS.c.day, STATEMENTS.c.bank]
    return page_of(tx, select(STATEMENTS), keys, page, latest_first=True).made(_statement_of)


def days_compared(tx: Transaction, first: str, end: str) -> set[tuple[str, str]]:
    """Day and bank of the statements that were compared, from the first day to before the end."""
    columns = STATEMENTS.c
    read = columns.state != StatementState.READING.value
    query = select(columns.day, columns.bank).where(columns.day >= first, columns.day < end, read)
    return {(row[0], row[1]) for row in tx.select(query)}


def add_difference(tx: Transaction, difference: Difference) -> None:
    """Save a new difference."""
    tx.execute(insert(DIFFERENCES).values(msgspec.structs.asdict(difference)))


def save_difference(tx: Transaction, difference: Difference) -> None:
    """Save what became of a difference."""
    by_id = DIFFERENCES.c.difference_id == difference.difference_id
    tx.execute(update(DIFFERENCES).where(by_id).values(msgspec.structs.asdict(difference)))


def find_difference(
    tx: Transaction, difference_id: str, *, to_change: bool = False
) -> Difference | None:
    """The difference of that id, locked where it is to change."""
    query = select(DIFFERENCES).where(DIFFERENCES.c.difference_id == difference_id)
    return _one(tx, query.with_for_update() if to_change else query)


def difference_of_line(tx: Transaction, place: Place) -> Difference | None:
    """The difference of a line, locked until the transaction ends."""
    of_line = (
        DIFFERENCES.c.bank == place.bank,
        DIFFERENCES.c.day == place.day,
        DIFFERENCES.c.reference == place.reference,
        DIFFERENCES.c.stage == place.stage.value,
    )
    return _one(tx, select(DIFFERENCES).where(*of_line).with_for_update())


def page_of_left(tx: Transaction, page: Page) -> Paged[Difference]:
    """A page of the differences still to be worked off, in the order they were found."""
    query = select(DIFFERENCES).where(IS_LEFT)
    return page_of(tx, query, [DIFFERENCES.c.difference_id], page).made(_difference_of)


def page_of_day(tx: Transaction, bank: str, day: str, page: Page) -> Paged[Difference]:
    """A page of all differences of a bank's day, by reference."""
    query = select(DIFFERENCES).where(DIFFERENCES.c.bank == bank, DIFFERENCES.c.day == day)
    keys = [DIFFERENCES.c.reference, DIFFERENCES.c.stage]
    return page_of(tx, query, keys, page).made(_difference_of)


def count_of_day(tx: Transaction, bank: str, day: str) -> tuple[int, int]:
    """Of a bank's day: all differences, those that are left."""
    left = func.count().filter(DIFFERENCES.c.state.in_([each.value for each in LEFT]))
    query = select(func.count(), left).where(DIFFERENCES.c.bank == bank, DIFFERENCES.c.day == day)
    row = tx.select(query)[0]
    return int(row[0]), int(row[1])


def count_left_before(tx: Transaction, day: str) -> int:
    """Differences of days before this one that are left."""
    query = select(func.count()).where(IS_LEFT, DIFFERENCES.c.day < day)
    return int(tx.select(query)[0][0])


def _one(tx: Transaction, query: Any) -> Difference | None:
    row = tx.execute(query).one_or_none()
    return None if row is None else _difference_of(dict(row._mapping))


def _statement_of(values: dict[str, Any]) -> BankStatement:
    return BankStatement(**{**values, "state": StatementState(values["state"])})


def _difference_of(values: dict[str, Any]) -> Difference:
    typed = {
        "stage": Stage(values["stage"]),
        "kind": DifferenceKind(values["kind"]),
        "state": DifferenceState(values["state"]),
    }
    return Difference(**{**values, **typed})
