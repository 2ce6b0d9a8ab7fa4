"""SQL of lines: movements as the platform learned them, lines of the banks' files.

A movement is written when the platform learns what a bank booked; a statement line when the bank's
file is read. Both are found by bank, reference and stage, and by day in the order of the index, so
that a day of a million lines is compared a piece at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from card_platform.settlement.reconciliation.model import CREDIT_FILE, Line, Result, Side, Stage
from card_platform.storage import Statement, Transaction

PIECE: Final = 5_000
"""Lines one query or one transaction deals with."""
_ADD_MOVEMENT = Statement(
    "INSERT INTO bank_movements (bank, reference, stage, day, result, amount_fen, at)"
    " VALUES (:bank, :reference, :stage, :day, :result, :amount_fen, :at)"
    " ON CONFLICT (bank, reference, stage) DO NOTHING"
)
_MOVEMENT = Statement(
    "SELECT day, result, amount_fen FROM bank_movements"
    " WHERE bank = :bank AND reference = :reference AND stage = :stage"
)
_OWN_TOTALS = Statement(
    "SELECT COUNT(*), CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM bank_movements"
    " WHERE bank = :bank AND day = :day"
)
_NEXT_BANK = Statement("SELECT bank FROM bank_movements WHERE bank > :bank ORDER BY bank LIMIT 1")
_NEXT_DAY = Statement(
    "SELECT day FROM bank_movements WHERE bank = :bank AND day >= :first AND day < :end"
    " AND day > :after ORDER BY day LIMIT 1"
)
_OWN_LINES = Statement(
    "SELECT reference, result, amount_fen, at, stage FROM bank_movements"
    " WHERE bank = :bank AND day = :day AND (reference, stage) > (:reference, :stage)"
    " ORDER BY reference, stage LIMIT :most"
)
_ADD_LINE = Statement(
    "INSERT INTO bank_statement_lines (bank, day, reference, stage, result, amount_fen, at)"
    " VALUES (:bank, :day, :reference, :stage, :result, :amount_fen, :at)"
)
_STATEMENT_LINE = Statement(
    "SELECT result, amount_fen FROM bank_statement_lines WHERE bank = :bank AND day = :day"
    " AND reference = :reference AND stage = :stage"
)
_OWN_THAT_DIFFER = Statement(
    "SELECT own.reference, own.stage, own.result, own.amount_fen, theirs.result,"
    " theirs.amount_fen FROM bank_movements AS own LEFT JOIN bank_statement_lines AS theirs"
    " ON theirs.bank = own.bank AND theirs.day = own.day"
    " AND theirs.reference = own.reference AND theirs.stage = own.stage"
    " WHERE own.bank = :bank AND own.day = :day"
    " AND (own.reference, own.stage) > (:reference, :stage)"
    " AND (theirs.reference IS NULL OR theirs.result <> own.result"
    " OR theirs.amount_fen <> own.amount_fen) ORDER BY own.reference, own.stage LIMIT :most"
)
_ONLY_THEIRS = Statement(
    "SELECT theirs.reference, theirs.stage, NULL, NULL, theirs.result, theirs.amount_fen"
    " FROM bank_statement_lines AS theirs LEFT JOIN bank_movements AS own"
    " ON own.bank = theirs.bank AND own.reference = theirs.reference"
    " AND own.stage = theirs.stage AND own.day = theirs.day"
    " WHERE theirs.bank = :bank AND theirs.day = :day"
    " AND (theirs.reference, theirs.stage) > (:reference, :stage) AND own.reference IS NULL"
    " ORDER BY theirs.reference, theirs.stage LIMIT :most"
)
_STATE_OF_ORDER = Statement(
    "SELECT state FROM bank_orders WHERE order_id = :reference AND bank = :bank"
)
_STATE_OF_FILE = Statement("SELECT state FROM payout_files WHERE file = :file AND bank = :bank")
_NUMBER_DIGITS_MAX: Final = 9


def add_movement(tx: Transaction, bank: str, line: Line) -> bool:
    """Save what the bank booked, as the platform learned it; False where it was known."""
    row = {**line._asdict(), "result": line.result.value, "stage": line.stage.value}
    return bool(tx.run(_ADD_MOVEMENT, {**row, "bank": bank, "day": line.at[:10]}))


def movement_of(
    tx: Transaction, bank: str, reference: str, stage: Stage
) -> tuple[str, Side] | None:
    """The day and the platform's side of a line."""
    rows = tx.rows(_MOVEMENT, {"bank": bank, "reference": reference, "stage": stage.value})
    return (rows[0][0], Side(rows[0][1], rows[0][2])) if rows else None


def days_booked(tx: Transaction, first: str, end: str) -> list[tuple[str, str]]:
    """Day and bank, in their order, where a bank booked something from the first day to before the
    end. Goes from day to day along the index, however many lines a day has.
    """
    found: list[tuple[str, str]] = []
    bank = ""
    while banks := tx.rows(_NEXT_BANK, {"bank": bank}):
        bank, day = str(banks[0][0]), ""
        asked = {"bank": bank, "first": first, "end": end}
        while days := tx.rows(_NEXT_DAY, {**asked, "after": day}):
            day = str(days[0][0])
            found.append((day, bank))
    return sorted(found)


def own_totals(tx: Transaction, bank: str, day: str) -> tuple[int, int]:
    """Lines and their sum in fen of the platform's own file."""
    lines, sum_fen = tx.rows(_OWN_TOTALS, {"bank": bank, "day": day})[0]
    return int(lines), int(sum_fen)


def own_lines(tx: Transaction, bank: str, day: str, after: Line | None) -> list[Line]:
    """The next piece of the platform's own file."""
    place = (after.reference, after.stage.value) if after else ("", "")
    rows = tx.rows(_OWN_LINES, _after(bank, day, place))
    return [Line(row[0], Result(row[1]), row[2], row[3]) for row in rows]


def add_lines(tx: Transaction, bank: str, day: str, lines: Iterable[Line]) -> None:
    """Save lines of a statement."""
    tx.add_ordered(
        _ADD_LINE,
        (
            (bank, day, each.reference, each.stage.value, each.result.value, each[2], each.at)
            for each in lines
        ),
    )


def statement_line(
    tx: Transaction, bank: str, day: str, reference: str, stage: Stage
) -> Side | None:
    """The bank's side of a line."""
    at = {"bank": bank, "day": day, "reference": reference, "stage": stage.value}
    rows = tx.rows(_STATEMENT_LINE, at)
    return Side(*rows[0]) if rows else None


def differing(
    tx: Transaction, bank: str, day: str, after: tuple[str, str], *, own: bool
) -> list[tuple[str, Stage, Side | None, Side | None]]:
    """The next piece of lines that are not the same: those of our file, or only in theirs."""
    rows = tx.rows(_OWN_THAT_DIFFER if own else _ONLY_THEIRS, _after(bank, day, after))
    return [
        (row[0], Stage(row[1]), Side(row[2], row[3]) if row[2] else None, _theirs(row))
        for row in rows
    ]


def state_of_order(tx: Transaction, bank: str, reference: str) -> str | None:
    """How the order of that reference stands here; None where nobody here ordered it."""
    if not reference.startswith(CREDIT_FILE):
        rows = tx.rows(_STATE_OF_ORDER, {"bank": bank, "reference": reference})
    else:
        number = reference.removeprefix(CREDIT_FILE).partition(":")[0]
        if not (number.isascii() and number.isdecimal() and len(number) <= _NUMBER_DIGITS_MAX):
            return None
        rows = tx.rows(_STATE_OF_FILE, {"bank": bank, "file": int(number)})
    return str(rows[0][0]) if rows else None


def _theirs(row: tuple[Any, ...]) -> Side | None:
    return Side(row[4], row[5]) if row[4] else None


def _after(bank: str, day: str, place: tuple[str, str]) -> dict[str, object]:
    named: dict[str, object] = {"reference": place[0], "stage": place[1]}
    return {**named, "bank": bank, "day": day, "most": PIECE}
