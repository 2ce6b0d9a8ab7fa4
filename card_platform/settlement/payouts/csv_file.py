"""Payout files as CSV (docs/interfaces.md, section 8).

Row 1: `onecard.payouts,1,MESSAGE_ID,PROGRAMME,PERIOD,LINES,SUM`, the sum in yuan; row 2: the names
of the columns; then a row a payment. A row has the first four columns, or all seven.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from card_platform.settlement.payouts.file_text import (
    MESSAGE_ID,
    FileLine,
    Header,
    Lines,
    fen_of,
    is_clean,
    not_read,
)
from card_platform.settlement.payouts.line_faults import LineFault
from card_platform.settlement.payouts.refusals import PayoutFileIsUnreadable

FORMAT: Final = "onecard.payouts"
COLUMNS: Final = (
    "line_id", "document_number", "name", "amount", "bank", "account", "exception_reason",
)  # fmt: skip
_NEEDED: Final = 4
_HEADER: Final = "onecard.payouts,1,MESSAGE_ID,PROGRAMME,PERIOD,LINES,SUM"
_DIGITS_MAX: Final = 9


class CsvFile:
    """A CSV file.

    Raises:
        PayoutFileIsUnreadable: its first two rows are not those of the format.
    """

    format = "csv"

    def __init__(self, source: BinaryIO) -> None:
        text = io.TextIOWrapper(source, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._text = text  # keeps the wrapper, and so the source, open while it is read
        self._rows = csv.reader(text, strict=True)
        self.header = self._read_header(self._next_row(_HEADER))
        columns = self._next_row(",".join(COLUMNS))
        if tuple(columns) not in (COLUMNS[:_NEEDED], COLUMNS):
            raise _unreadable(2, ",".join(columns), ",".join(COLUMNS))

    def lines(self) -> Iterator[FileLine]:
        """Its lines."""
        make, rows = Lines().make, self._rows
        while True:
            try:
                for row in rows:
                    if len(row) == _NEEDED:
                        yield make(rows.line_num, row[0], row[1], row[2], row[3])
                    elif len(row) == len(COLUMNS):
                        yield make(rows.line_num, *row)
                    elif row:
                        yield not_read(rows.line_num, "", LineFault.COLUMNS, ",".join(row))
                return
            except csv.Error as wrong:
                yield not_read(rows.line_num, "", LineFault.COLUMNS, wrong)

    def _next_row(self, expected: str) -> list[str]:
        try:
            return next(self._rows)
        except StopIteration:
            raise _unreadable(self._rows.line_num + 1, "end of file", expected) from None
        except csv.Error as wrong:
            raise _unreadable(self._rows.line_num, str(wrong), expected) from None

    @staticmethod
    def _read_header(row: list[str]) -> Header:
        found = ",".join(row)
        if len(row) != _HEADER.count(",") + 1 or row[0] != FORMAT or row[1] != "1":
            raise _unreadable(1, found, _HEADER)
        _, _, message_id, programme, period, lines, total = row
        sum_fen = fen_of(total)
        if not (
            MESSAGE_ID.fullmatch(message_id)
            and lines.isascii()
            and lines.isdecimal()
            and len(lines) <= _DIGITS_MAX
            and sum_fen is not None
        ):
            raise _unreadable(1, found, _HEADER)
        return Header(message_id, programme, period, int(lines), sum_fen)


def _unreadable(line: int, found: str, expected: str) -> PayoutFileIsUnreadable:
    shown = found[:120] if is_clean(found) else "text that is not UTF-8"
    return PayoutFileIsUnreadable(line=line, found=shown or "nothing", expected=expected)
