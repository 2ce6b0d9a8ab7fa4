"""SQL of lines, by the thousand: payees, claims, standings, and what was not paid.

Every text reads by index a few thousand rows of tables that may have millions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, select, update

from card_platform.settlement.payouts.file_text import OtherAccount
from card_platform.settlement.payouts.tables import EXCEPTIONS, OTHER_ACCOUNTS
from card_platform.storage import Page, Paged, Statement, Transaction, page_of

_PAYEES = Statement(
    "SELECT persons.document_number, persons.person_id, persons.name, cards.state FROM persons"
    " LEFT JOIN cards ON cards.person_id = persons.person_id"
    " AND cards.state <> 'cancelled' AND cards.state <> 'superseded'"
    " WHERE persons.document_kind = 'resident-id' AND persons.document_number IN EACH(:numbers)"
)
_ENDS = Statement(
    "SELECT cards.person_id, cancellations.reason FROM cards"
    " JOIN cancellations ON cancellations.card_id = cards.card_id"
    " WHERE cards.state = 'cancelled' AND cards.person_id IN EACH(:persons)"
    " ORDER BY cancellations.at"
)
_CLAIMED = Statement(
    "SELECT person_id, batch, line FROM payout_lines"
    " WHERE claim = :claim AND person_id IN EACH(:persons)"
)
_ADD_LINE = Statement(
    "INSERT INTO payout_lines (batch, line, line_id, person_id, amount_fen, claim)"
    " VALUES (:batch, :line, :line_id, :person_id, :amount_fen, :claim)"
)
_ADD_OTHER = Statement(
    "INSERT INTO payout_other_accounts (batch, line, bank, account, reason)"
    " VALUES (:batch, :line, :bank, :account, :reason)"
)
_STANDING: Final = (
    "SELECT payout_lines.line, payout_lines.person_id, payout_lines.amount_fen, cards.state,"
    " bank_contracts.contract_id, bank_contracts.bank, bank_contracts.state FROM payout_lines"
    " LEFT JOIN cards ON cards.person_id = payout_lines.person_id"
    " AND cards.state <> 'cancelled' AND cards.state <> 'superseded'"
    " LEFT JOIN bank_contracts ON bank_contracts.card_id = cards.card_id"
    " AND bank_contracts.state <> 'ended' WHERE payout_lines.batch = :batch"
)
_NEXT_LINES = Statement(
    _STANDING + " AND payout_lines.line >= :first AND payout_lines.line <= :last"
    " ORDER BY payout_lines.line"
)
_LINES_DUE = Statement(
    _STANDING  # noqa: S608 - our own text
    + " AND payout_lines.line IN (SELECT line FROM payout_exceptions"
    " WHERE payout_exceptions.batch = :batch AND payout_exceptions.state = 'due'"
    " ORDER BY payout_exceptions.line LIMIT :most) ORDER BY payout_lines.line"
)
_BATCH_WITH_DUE = Statement("SELECT MIN(batch) FROM payout_exceptions WHERE state = 'due'")
_OTHERS = Statement(
    "SELECT line, bank, approved_by FROM payout_other_accounts"
    " WHERE batch = :batch AND line >= :first AND line <= :last"
)
_VALID_UNTIL = Statement(
    "SELECT person_id, valid_until FROM eligibilities WHERE person_id IN EACH(:persons)"
)
_FIRST_AFTER = Statement(
    "SELECT MIN(line) FROM payout_lines WHERE batch = :batch AND line > :after"
)
"""A piece is a span of line numbers from there on: a `LIMIT` may have PostgreSQL sort all that is
left for every piece."""
_FREE = Statement(
    "UPDATE payout_lines SET claim = NULL WHERE batch = :batch AND line >= :first AND line <= :last"
)
_ADD_EXCEPTION = Statement(
    "INSERT INTO payout_exceptions (batch, line, person_id, amount_fen, state, reason, at)"
    " VALUES (:batch, :line, :person_id, :amount_fen, :state, :reason, :at)"
)
_FORGET_EXCEPTIONS = Statement(
    "DELETE FROM payout_exceptions WHERE batch = :batch AND line IN EACH(:lines)"
)
_SENT_AGAIN = Statement(
    "UPDATE payout_exceptions SET state = 'sent', at = :at"
    " WHERE batch = :batch AND state = 'due' AND line IN EACH(:lines)"
)
_LINES: Final = (
    "SELECT payout_lines.line, payout_lines.line_id, payout_lines.amount_fen,"
    " payout_exceptions.state, payout_exceptions.reason FROM payout_lines"
    " LEFT JOIN payout_exceptions ON payout_exceptions.batch = payout_lines.batch"
    " AND payout_exceptions.line = payout_lines.line WHERE payout_lines.batch = :batch"
)
_PAGE_OF_LINES = Statement(
    _LINES + " AND payout_lines.line > :after ORDER BY payout_lines.line LIMIT :most"
)
_SPAN_OF_LINES = Statement(
    _LINES + " AND payout_lines.line >= :first AND payout_lines.line <= :last"
    " ORDER BY payout_lines.line"
)
_FILES_OF_LINES = Statement(
    "SELECT payout_credits.line, payout_files.state FROM payout_files"
    " JOIN payout_credits ON payout_credits.file = payout_files.file"
    " WHERE payout_files.batch = :batch AND payout_files.first_line <= :last"
    " AND payout_files.last_line >= :first AND payout_credits.line >= :first"
    " AND payout_credits.line <= :last ORDER BY payout_files.file"
)


class Payee(NamedTuple):
    """A person of a document: their name, and the state of their card that has not ended."""

    person_id: str
    name: str
    card_state: str | None


class Standing(NamedTuple):
    """A line to pay, its payee's card, and the contract with a bank that goes on."""

    line: int
    person_id: str
    amount_fen: int
    card_state: str | None
    contract_id: str | None
    bank: str | None
    contract_state: str | None


class ExceptionRow(NamedTuple):
    """A line that was not simply paid."""

    batch: int
    line: int
    person_id: str
    amount_fen: int
    state: str
    reason: str
    at: str
    decided_by: str | None
    note: str | None


class LineRow(NamedTuple):
    """A line with the state of its exception, if it is one, and of its last credit file."""

    line: int
    line_id: str
    amount_fen: int
    exception: str | None
    reason: str | None
    file_state: str | None


def payees(tx: Transaction, numbers: list[str]) -> dict[str, Payee]:
    """The people of these resident ids."""
    found = tx.rows_of_each(_PAYEES, {"numbers": numbers})
    return {row[0]: Payee(*row[1:]) for row in found}


def ends_of_cards(tx: Transaction, persons: list[str]) -> dict[str, str]:
    """Why the last card of each of these people was cancelled."""
    return dict(tx.rows_of_each(_ENDS, {"persons": persons})) if persons else {}


def claimed(tx: Transaction, claim: int, persons: list[str]) -> dict[str, tuple[int, int]]:
    """Batch and line by which each of these people has the payment already."""
    found = tx.rows_of_each(_CLAIMED, {"claim": claim, "persons": persons})
    return {row[0]: (row[1], row[2]) for row in found}


def add_lines(tx: Transaction, rows: Iterable[Sequence[object]]) -> None:
    """Add lines. Raises RowsAreRefused: a person is claimed meanwhile."""
    tx.add_ordered(_ADD_LINE, rows)


def add_others(tx: Transaction, batch: int, others: Iterable[tuple[int, OtherAccount]]) -> None:
    """Add the other accounts that lines state."""
    tx.add_ordered(_ADD_OTHER, [(batch, line, *stated) for line, stated in others])


def next_lines(tx: Transaction, batch: int, after: int, most: int) -> list[Standing]:
    """The lines to execute next, and how their payees stand."""
    first = _first_after(tx, batch, after)
    if first is None:
        return []
    values = {"batch": batch, "first": first, "last": first + most - 1}
    return [Standing(*row) for row in tx.rows(_NEXT_LINES, values)]


def batch_with_due_lines(tx: Transaction) -> int | None:
    """A batch with lines that are issued again."""
    found: int | None = tx.rows(_BATCH_WITH_DUE, {})[0][0]
    return found


def lines_due(tx: Transaction, batch: int, most: int) -> list[Standing]:
    """The lines of a batch that are issued again."""
    return [Standing(*row) for row in tx.rows(_LINES_DUE, {"batch": batch, "most": most})]


def other_accounts(
    tx: Transaction, batch: int, first: int, last: int
) -> dict[int, tuple[str, bool]]:
    """By line: the bank of another account, and whether the exception was approved."""
    rows = tx.rows(_OTHERS, {"batch": batch, "first": first, "last": last})
    return {row[0]: (row[1], row[2] is not None) for row in rows}


def valid_until(tx: Transaction, persons: list[str]) -> dict[str, str]:
    """Until which day each of these people is certified."""
    return dict(tx.rows_of_each(_VALID_UNTIL, {"persons": persons}))


def free_claims(tx: Transaction, batch: int, after: int, most: int) -> int | None:
    """Let the people of the next lines be paid by another file; the last line, None at the end."""
    first = _first_after(tx, batch, after)
    if first is None:
        return None
    tx.run(_FREE, {"batch": batch, "first": first, "last": first + most - 1})
    return first + most - 1


def _first_after(tx: Transaction, batch: int, after: int) -> int | None:
    first: int | None = tx.rows(_FIRST_AFTER, {"batch": batch, "after": after})[0][0]
    return first


def keep_exceptions(
    tx: Transaction, batch: int, lines: Sequence[tuple[int, str, int, str]], state: str, at: str
) -> None:
    """Save that lines were not paid: line, person, fen and reason of each."""
    if lines:
        values = {"batch": batch, "lines": [each[0] for each in lines]}
        tx.run_of_each(_FORGET_EXCEPTIONS, values)
        tx.add_ordered(
            _ADD_EXCEPTION,
            (
                (batch, line, person_id, fen, state, reason, at)
                for line, person_id, fen, reason in lines
            ),
        )


def note_sent_again(tx: Transaction, batch: int, lines: list[int], at: str) -> None:
    """Lines that were issued again are on their way."""
    tx.run_of_each(_SENT_AGAIN, {"batch": batch, "lines": lines, "at": at})


def find_exception(tx: Transaction, batch: int, line: int) -> ExceptionRow | None:
    """A line that was not paid, locked until the transaction ends."""
    of_it = and_(EXCEPTIONS.c.batch == batch, EXCEPTIONS.c.line == line)
    row = tx.execute(select(EXCEPTIONS).where(of_it).with_for_update()).one_or_none()
    return None if row is None else ExceptionRow(**row._mapping)


def save_decision(tx: Transaction, found: ExceptionRow) -> None:
    """Save what was decided on a line."""
    of_it = and_(EXCEPTIONS.c.batch == found.batch, EXCEPTIONS.c.line == found.line)
    tx.execute(update(EXCEPTIONS).where(of_it).values(found._asdict()))


def exceptions_of_person(tx: Transaction, person_id: str, reasons: list[str]) -> list[ExceptionRow]:
    """A person's lines that were stopped for one of these reasons, locked."""
    query = select(EXCEPTIONS).where(
        EXCEPTIONS.c.person_id == person_id,
        EXCEPTIONS.c.state == "stopped",
        EXCEPTIONS.c.reason.in_(reasons),
    )
    rows: list[Any] = list(tx.execute(query.with_for_update()))
    return [ExceptionRow(**row._mapping) for row in rows]


def page_of_exceptions(tx: Transaction, batch: int, page: Page) -> Paged[ExceptionRow]:
    """A page of a batch's lines that were not simply paid."""
    query = select(EXCEPTIONS).where(EXCEPTIONS.c.batch == batch)
    return page_of(tx, query, [EXCEPTIONS.c.line], page).made(lambda row: ExceptionRow(**row))


def page_of_lines(tx: Transaction, batch: int, after: int, most: int) -> list[LineRow]:
    """So many lines of a batch in order, and how each stands."""
    rows = tx.rows(_PAGE_OF_LINES, {"batch": batch, "after": after, "most": most})
    return _with_files(tx, batch, rows)


def span_of_lines(tx: Transaction, batch: int, after: int, most: int) -> list[LineRow]:
    """The next lines of a batch, as many as have numbers in the span; none at the end."""
    tx.keep_to_indexes()
    first = _first_after(tx, batch, after)
    if first is None:
        return []
    rows = tx.rows(_SPAN_OF_LINES, {"batch": batch, "first": first, "last": first + most - 1})
    return _with_files(tx, batch, rows)


def _with_files(tx: Transaction, batch: int, rows: list[tuple[Any, ...]]) -> list[LineRow]:
    if not rows:
        return []
    span = {"batch": batch, "first": rows[0][0], "last": rows[-1][0]}
    files: dict[int, str] = dict(tx.rows(_FILES_OF_LINES, span))
    return [LineRow._make((*row, files.get(row[0]))) for row in rows]


def find_other(tx: Transaction, batch: int, line: int) -> dict[str, Any] | None:
    """The other account a line states, locked until the transaction ends."""
    of_it = and_(OTHER_ACCOUNTS.c.batch == batch, OTHER_ACCOUNTS.c.line == line)
    row = tx.execute(select(OTHER_ACCOUNTS).where(of_it).with_for_update()).one_or_none()
    return None if row is None else dict(row._mapping)


def approve_other(tx: Transaction, batch: int, line: int, *, at: str, by: str) -> None:
    """Somebody approved that a line goes to another account."""
    of_it = and_(OTHER_ACCOUNTS.c.batch == batch, OTHER_ACCOUNTS.c.line == line)
    tx.execute(update(OTHER_ACCOUNTS).where(of_it).values(approved_at=at, approved_by=by))


def page_of_others(tx: Transaction, batch: int, page: Page) -> Paged[dict[str, Any]]:
    """A page of the other accounts a batch states."""
    query = select(OTHER_ACCOUNTS).where(OTHER_ACCOUNTS.c.batch == batch)
    return page_of(tx, query, [OTHER_ACCOUNTS.c.line], page)
