"""A bank's day as a file, read and written as a stream (docs/interfaces.md, section 18).

Row 1: `onecard.statement,1,BANK,DAY,LINES,SUM_FEN`; row 2: the names of the columns; then a row for
each line. Whatever is wrong is told at once; a file with a fault is refused whole.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import BinaryIO, Final, NamedTuple

from card_platform.settlement.reconciliation.model import Line, Result
from card_platform.settlement.reconciliation.refusals import BankStatementIsFaulty
from card_platform.vocabulary.faults import FOUND_LENGTH_MAX, Fault

FORMAT: Final = "onecard.statement"
COLUMNS: Final = ("reference", "result", "amount_fen", "moment")
LINES_MAX: Final = 5_000_000
"""Most lines of a file."""
AMOUNT_MAX_FEN: Final = 10**14
FAULTS_TOLD_MAX: Final = 1_000
"""Most faults that are told one by one; the rest is counted."""
DAY: Final = re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]")
_HEADER: Final = f"{FORMAT},1,BANK,DAY,LINES,SUM_FEN"
_BANK: Final = re.compile(r"[a-z][a-z-]{1,39}").fullmatch
_REFERENCE: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}").fullmatch
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,16}").fullmatch
_MOMENT: Final = re.compile(
    r"(.{10})T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}\.[0-9]{3}\+08:00"
).fullmatch
_RESULTS: Final = {each.value: each for each in Result}


class Header(NamedTuple):
    """What a file says of itself."""

    bank: str
    day: str
    lines: int
    sum_fen: int


def check_file(source: BinaryIO) -> Header:
    """The header of a file without fault; reads the whole of it.

    Raises:
        BankStatementIsFaulty: with every fault.
    """
    check = _Check()
    rows = _rows(source, check)
    header = check.header(next(rows, (1, [])))
    columns = next(rows, (2, []))[1]
    if tuple(columns) != COLUMNS:
        check.tell("line 2", ",".join(columns), ",".join(COLUMNS))
    for number, row in rows:
        if row:
            check.line(number, row, header)
    if header is not None:
        check.controls(header)
    if check.count or header is None:
        raise BankStatementIsFaulty(check.faults, check.count)
    return header


def lines_of(source: BinaryIO) -> Iterator[tuple[int, Line]]:
    """The lines of a file that was checked, with their numbers in it."""
    rows = _rows(source, _Check())
    next(rows), next(rows)
    for number, row in rows:
        if row:
            yield number, Line(row[0], Result(row[1]), int(row[2]), row[3])


def write_file(header: Header, lines: Iterable[Line]) -> Iterator[str]:
    """A file, row by row."""
    yield f"{FORMAT},1,{header.bank},{header.day},{header.lines},{header.sum_fen}\r\n"
    yield ",".join(COLUMNS) + "\r\n"
    for line in lines:
        yield f"{line.reference},{line.result.value},{line.amount_fen},{line.at}\r\n"


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, written 2026-01-05."""
    if DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class _Check:
    """What was found wrong, and what only all lines together show."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.count = 0
        self._lines = self._sum_fen = 0
        self._seen: set[str] = set()

    def tell(self, place: str, found: str, expected: str) -> None:
        self.count += 1
        if len(self.faults) < FAULTS_TOLD_MAX:
            shown = found.encode("ascii", "backslashreplace").decode()[:FOUND_LENGTH_MAX]
            self.faults.append(Fault(place, shown or "nothing", expected))

    def header(self, numbered: tuple[int, list[str]]) -> Header | None:
        row = numbered[1]
        if len(row) != _HEADER.count(",") + 1 or row[:2] != [FORMAT, "1"]:
            self.tell("line 1", ",".join(row), _HEADER)
            return None
        _, _, bank, day, lines, sum_fen = row
        told = self.count
        if not _BANK(bank):
            self.tell("line 1 bank", bank, "the code of a bank")
        if not is_day(day):
            self.tell("line 1 day", day, "a day such as 2026-01-05")
        if not _NUMBER(lines) or int(lines) > LINES_MAX:
            self.tell("line 1 lines", lines, f"a number from 0 to {LINES_MAX}")
        if not _NUMBER(sum_fen):
            self.tell("line 1 sum_fen", sum_fen, "the sum of all lines in fen")
        return Header(bank, day, int(lines), int(sum_fen)) if self.count == told else None

    def line(self, number: int, row: list[str], header: Header | None) -> None:
        self._lines += 1
        if len(row) != len(COLUMNS):
            self.tell(f"line {number}", ",".join(row), f"{len(COLUMNS)} columns")
            return
        reference, result, amount, at = row
        if not _REFERENCE(reference):
            self.tell(f"line {number} reference", reference, "1 to 64 of A-Z a-z 0-9 . _ : -")
        if result not in _RESULTS:
            self.tell(f"line {number} result", result, ", ".join(_RESULTS))
        if not _NUMBER(amount) or int(amount) > AMOUNT_MAX_FEN:
            self.tell(f"line {number} amount_fen", amount, "whole fen")
        else:
            self._sum_fen += int(amount)
        moment = _MOMENT(at)
        if moment is None or (header is not None and moment[1] != header.day):
            day = header.day if header else "2026-01-05"
            self.tell(f"line {number} moment", at, f"a moment of the day: {day}T09:00:00.000+08:00")
        key = f"{reference}/{result == Result.RETURNED}"
        if key in self._seen:
            self.tell(f"line {number} reference", reference, "each order, each return, once")
        self._seen.add(key)

    def controls(self, header: Header) -> None:
        if header.lines != self._lines:
            self.tell("line 1 lines", str(header.lines), f"{self._lines}, as there are lines")
        if header.sum_fen != self._sum_fen:
            self.tell("line 1 sum_fen", str(header.sum_fen), f"{self._sum_fen}, the sum of lines")


def _rows(source: BinaryIO, check: _Check) -> Iterator[tuple[int, list[str]]]:
    text = io.TextIOWrapper(source, encoding="utf-8-sig", errors="surrogateescape", newline="")
    rows = csv.reader(text, strict=True)
    try:
        while True:
            try:
                for row in rows:
                    yield rows.line_num, row
                return
            except csv.Error as wrong:
                check.tell(f"line {rows.line_num}", str(wrong), "a row of RFC 4180")
    finally:
        text.detach()  # the source stays open for whoever brought it
