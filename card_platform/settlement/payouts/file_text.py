"""A payout file as it comes in, whatever its format: a header, then lines, read as a stream.

Rules: a file is read from its beginning to its end with a few thousand lines in memory. What is
wrong with a line does not keep the next from being read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, Protocol

from card_platform.settlement.payouts.line_faults import Fault, LineFault, fault

AMOUNT_MAX_FEN: Final = 10_000_000_00
"""Most one line pays."""
LINES_MAX: Final = 5_000_000
"""Most lines of a file."""
NAME_MAX: Final = 50
REASON_MAX: Final = 100
_REASON_MIN: Final = 2
MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9._:/-]{1,35}")
_LINE_ID: Final = MESSAGE_ID.fullmatch
_DOCUMENT: Final = re.compile(r"[1-9][0-9]{16}[0-9X]").fullmatch
_BANK: Final = re.compile(r"[a-z][a-z-]{1,39}").fullmatch
_ACCOUNT: Final = re.compile(r"[0-9]{12,30}").fullmatch
_YUAN: Final = re.compile(r"([0-9]{1,13})\.([0-9]{2})").fullmatch


class Header(NamedTuple):
    """What a file says of itself."""

    message_id: str
    programme: str
    period: str
    lines: int
    sum_fen: int


class OtherAccount(NamedTuple):
    """An account that is not the card's, and why it is to be paid to."""

    bank: str
    account: str
    reason: str


class FileLine(NamedTuple):
    """A line as it was read; without a fault all its fields are there."""

    line: int
    line_id: str
    document_number: str
    name: str
    amount_fen: int | None
    other: OtherAccount | None
    faults: list[Fault] | None


class PayoutFile(Protocol):
    """A file that is read once, from its beginning."""

    format: str
    header: Header

    def lines(self) -> Iterator[FileLine]:
        """Its lines in order, with the faults of their text."""
        ...


def fen_of(text: str) -> int | None:
    """Yuan with two decimals as fen; None for any other text. Nothing is rounded."""
    found = _YUAN(text)
    return int(found[1] + found[2]) if found else None


class Lines:
    """Makes lines of fields, and sees what one line alone does not show."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def make(
        self, line: int, line_id: str, document: str, name: str, yuan: str, *other: str
    ) -> FileLine:
        """A line of the fields of a file; `other` is bank, account and reason, or nothing."""
        amount = fen_of(yuan)
        if (
            amount is not None
            and 0 < amount <= AMOUNT_MAX_FEN
            and not (other and any(other))
            and name
            and len(name) <= NAME_MAX
            and _DOCUMENT(document)
            and _LINE_ID(line_id)
            and line_id not in self._seen
        ):
            self._seen.add(line_id)
            return FileLine(line, line_id, document, name, amount, None, None)
        read = FileLine(line, line_id, document, name, amount, None, None)
        return self._look_closely(read, yuan, other)

    def _look_closely(self, read: FileLine, yuan: str, other: tuple[str, ...]) -> FileLine:
        """The same with all that is wrong with its text."""
        line, line_id, document, name, amount, _, _ = read
        faults: list[Fault] = []

        def tell(field: str, code: LineFault, found: str) -> None:
            faults.append(fault(line, field, code, found))

        if not _LINE_ID(line_id):
            tell("line_id", LineFault.LINE_ID, line_id)
        elif line_id in self._seen:
            tell("line_id", LineFault.LINE_ID_TWICE, line_id)
        self._seen.add(line_id)
        if not _DOCUMENT(document):
            tell("document_number", LineFault.DOCUMENT_NUMBER, document)
        if not 0 < len(name) <= NAME_MAX:
            tell("name", LineFault.NAME, name)
        elif not is_clean(name):
            tell("name", LineFault.TEXT, name)
        if amount is None or not 0 < amount <= AMOUNT_MAX_FEN:
            tell("amount", LineFault.AMOUNT, yuan)
        named = None
        if any(other):
            named = OtherAccount(*other)
            if not (_BANK(named.bank) and _ACCOUNT(named.account)):
                tell("account", LineFault.OTHER_BANK, f"{named.bank} {named.account}")
            if not (_REASON_MIN <= len(named.reason) <= REASON_MAX and is_clean(named.reason)):
                tell("exception_reason", LineFault.OTHER_REASON, named.reason)
        return read._replace(other=named, faults=faults or None)


def is_clean(text: str) -> bool:
    """Whether a text was read as UTF-8 and any database can keep it."""
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def not_read(line: int, field: str, code: LineFault, found: object) -> FileLine:
    """A line whose fields are not known."""
    return FileLine(line, "", "", "", None, None, [fault(line, field, code, found)])
