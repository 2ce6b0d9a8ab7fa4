"""SQL of credit files and their credits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update

from card_platform.settlement.payouts.bank_file import Credit
from card_platform.settlement.payouts.model import CreditFile, FileState
from card_platform.settlement.payouts.tables import EXCEPTION_CHANGES, FILES
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.counters import next_number
from card_platform.vocabulary.identifier import new_identifier

_COUNTER = "payout-file"
_ADD_CREDIT = Statement(
    "INSERT INTO payout_credits (file, line, account_ref, amount_fen)"
    " VALUES (:file, :line, :account_ref, :amount_fen)"
)
_CREDITS = Statement(
    "SELECT line, account_ref, amount_fen FROM payout_credits WHERE file = :file ORDER BY line"
)
_CREDITS_OF_LINES = Statement(
    "SELECT payout_credits.line, payout_credits.amount_fen, payout_lines.person_id"
    " FROM payout_credits JOIN payout_lines ON payout_lines.batch = :batch"
    " AND payout_lines.line = payout_credits.line"
    " WHERE payout_credits.file = :file AND payout_credits.line IN EACH(:lines)"
)
_RELEASED = Statement(
    "SELECT line FROM payout_exceptions WHERE batch = :batch AND state = 'due' AND reason = :reason"
)


def new_number(tx: Transaction) -> int:
    """The number of a new file."""
    return next_number(tx, _COUNTER)


def add(tx: Transaction, file: CreditFile, rows: Iterable[Sequence[object]]) -> None:
    """Save a new file and its credits: line, account, fen."""
    values = {**msgspec.structs.asdict(file), "state": file.state.value}
    tx.execute(insert(FILES).values(values))
    tx.add_ordered(_ADD_CREDIT, ((file.file, *each) for each in rows))


def save(tx: Transaction, file: CreditFile) -> None:
    """Save what became of a file."""
    values = {**msgspec.structs.asdict(file), "state": file.state.value}
    tx.execute(update(FILES).where(FILES.c.file == file.file).values(values))


def find_to_change(tx: Transaction, file: int) -> CreditFile | None:
    """The file of that number, locked until the transaction ends."""
    row = tx.execute(select(FILES).where(FILES.c.file == file).with_for_update()).one_or_none()
    return None if row is None else _file_of(dict(row._mapping))


def due(tx: Transaction, now: str) -> CreditFile | None:
    """The file whose bank is to be asked first by now, locked."""
    query = select(FILES).where(FILES.c.due_at <= now).order_by(FILES.c.due_at, FILES.c.file)
    row = tx.execute(query.limit(1).with_for_update(skip_locked=True)).one_or_none()
    return None if row is None else _file_of(dict(row._mapping))


def credits_of(tx: Transaction, file: int) -> Iterator[Credit]:
    """The credits of a file, by line."""
    return map(Credit._make, tx.rows(_CREDITS, {"file": file}))


def credits_of_lines(
    tx: Transaction, file: CreditFile, lines: list[int]
) -> list[tuple[int, int, str]]:
    """Line, fen and person of these credits."""
    values: dict[str, object] = {"file": file.file, "batch": file.batch, "lines": lines}
    return [(row[0], row[1], row[2]) for row in tx.rows_of_each(_CREDITS_OF_LINES, values)]


def page_of_files(tx: Transaction, batch: int, page: Page) -> Paged[CreditFile]:
    """A page of a batch's files, in the order they were made."""
    query = select(FILES).where(FILES.c.batch == batch)
    return page_of(tx, query, [FILES.c.file], page).made(_file_of)


def settled_of(tx: Transaction, batch: int) -> tuple[int, int, int, int]:
    """Of a batch: lines and fen ordered so far, fen settled, fen that came back."""
    settled = func.sum(FILES.c.sum_fen).filter(FILES.c.state == FileState.SETTLED.value)
    sums = (func.sum(FILES.c.lines), func.sum(FILES.c.sum_fen), settled, func.sum(FILES.c.back_fen))
    row = tx.select(select(*sums).where(FILES.c.batch == batch))[0]
    lines, ordered, done, back = (int(each or 0) for each in row)
    return lines, ordered, done, back


def add_change(
    tx: Transaction,
    batch: int,
    line: int,
    *,
    action: str,
    after: str,
    reason: str,
    at: str,
    by: str,
) -> None:
    """Put on record what somebody, or a bank, did with a line that was not simply paid."""
    row = {"action": action, "after": after, "reason": reason, "at": at, "by": by}
    change_id = new_identifier("payout-change")
    tx.execute(insert(EXCEPTION_CHANGES).values(change_id=change_id, batch=batch, line=line, **row))


def changes_of(tx: Transaction, batch: int, line: int) -> list[dict[str, Any]]:
    """What was done with a line, in order."""
    of_it = (EXCEPTION_CHANGES.c.batch == batch, EXCEPTION_CHANGES.c.line == line)
    query = select(EXCEPTION_CHANGES).where(*of_it).order_by(EXCEPTION_CHANGES.c.change_id)
    return [dict(row._mapping) for row in tx.execute(query)]


def released_although(tx: Transaction, batch: int, reason: str) -> frozenset[int]:
    """Lines of a batch that were stopped for this reason, and that a person has issued again."""
    return frozenset(row[0] for row in tx.rows(_RELEASED, {"batch": batch, "reason": reason}))


def _file_of(values: dict[str, Any]) -> CreditFile:
    return CreditFile(**{**values, "state": FileState(values["state"])})
