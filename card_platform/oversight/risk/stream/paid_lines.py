"""Lines of payouts as events of the stream: read from the credits, so that paying costs no more.

Rules: credit files are taken in the order their banks settled them, so that a bank which never
answers keeps nobody else's waiting; without the lines the bank refused. The place is the number of
the file among the settled ones, and the line. A line is told once, however often it was issued:
its event's id is made of batch and line, and one that was issued again counts where it was sent
last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from card_platform.oversight.risk.history import Detail, HistoryEvent
from card_platform.oversight.risk.stream import store
from card_platform.storage import Statement, Transaction

PIECE = 1_000
BY = "payouts"
_MONTH = re.compile(r"\d{4}-\d{2}")
_NEXT_FILE = Statement(
    "SELECT payout_files.file, payout_files.batch, payout_files.settled_as,"
    " payout_files.settled_at, payout_files.ordered_at, payout_batches.programme,"
    " payout_batches.period, payout_files.last_line FROM payout_files"
    " JOIN payout_batches ON payout_batches.batch = payout_files.batch"
    " WHERE payout_files.settled_as >= :number"
    " AND (payout_files.settled_as > :number OR payout_files.last_line > :line)"
    " ORDER BY payout_files.settled_as LIMIT 1"
)
_LINES = Statement(
    "SELECT payout_credits.line, payout_lines.person_id, payout_credits.account_ref,"
    " payout_credits.amount_fen, payout_exceptions.state FROM payout_credits"
    " JOIN payout_lines ON payout_lines.batch = :batch"
    " AND payout_lines.line = payout_credits.line"
    " LEFT JOIN payout_exceptions ON payout_exceptions.batch = :batch"
    " AND payout_exceptions.line = payout_credits.line"
    " WHERE payout_credits.file = :file AND payout_credits.line > :line"
    " ORDER BY payout_credits.line LIMIT :most"
)
_SENT_LATER = Statement(
    "SELECT payout_credits.line FROM payout_files"
    " JOIN payout_credits ON payout_credits.file = payout_files.file"
    " WHERE payout_files.batch = :batch AND payout_files.file > :file"
    " AND payout_credits.line IN EACH(:lines)"
)
_SENT_AGAIN = "sent"


class PaidLinesTaken:
    """Takes lines over."""

    def has_new(self, tx: Transaction, paid_to: str) -> bool:
        """Whether there are any behind the last one."""
        return _next_file(tx, paid_to) is not None

    def take_over(self, tx: Transaction, paid_to: str) -> str:
        """Keep the next of them as events; the place of the last."""
        file = _next_file(tx, paid_to)
        if file is None:
            return paid_to
        number, line = _place_of(paid_to)
        values = {"file": file.file, "batch": file.batch, "most": PIECE}
        after = {"line": line if number == file.settled_as else 0}
        lines = [_PaidLine(*row) for row in tx.rows(_LINES, values | after)]
        store.keep_many(tx, _kept(file, _to_tell(tx, file, lines)))
        return f"{file.settled_as}:{lines[-1].line if lines else file.last_line}"


class _File(msgspec.Struct, frozen=True, array_like=True):
    file: int
    batch: int
    settled_as: int
    settled_at: str
    ordered_at: str
    programme: str
    period: str
    last_line: int

    def event_of(self, line: int) -> str:
        """The id of a line's event."""
        return f"payout-line-{self.batch}-{line}"


class _PaidLine(NamedTuple):
    line: int
    person_id: str
    account_ref: str
    amount_fen: int
    state: str | None
    """None where it was simply paid."""


def _next_file(tx: Transaction, paid_to: str) -> _File | None:
    number, line = _place_of(paid_to)
    rows = tx.rows(_NEXT_FILE, {"number": number, "line": line})
    return _File(*rows[0]) if rows else None


def _place_of(paid_to: str) -> tuple[int, int]:
    number, _, line = paid_to.partition(":")
    return int(number or 0), int(line or 0)


def _to_tell(tx: Transaction, file: _File, lines: list[_PaidLine]) -> list[_PaidLine]:
    """Those that were paid by this file and are not told of yet."""
    again = [each.line for each in lines if each.state == _SENT_AGAIN]
    if again:
        asked: dict[str, object] = {"batch": file.batch, "file": file.file, "lines": again}
        later = {row[0] for row in tx.rows_of_each(_SENT_LATER, asked)}
        told = store.known(tx, [file.event_of(line) for line in again])
        again = [line for line in again if line not in later and file.event_of(line) not in told]
    issued_again = frozenset(again)
    return [each for each in lines if each.state is None or each.line in issued_again]


def _kept(file: _File, lines: list[_PaidLine]) -> Iterator[tuple[str, str, str, str]]:
    at, received_at = (f"{each[:19]}+08:00" for each in (file.ordered_at, file.settled_at))
    period = file.period if _MONTH.fullmatch(file.period) else None
    for each in lines:
        event = HistoryEvent(
            id=file.event_of(each.line),
            kind="payout.paid",
            at=at,
            received_at=received_at,
            region="",
            person=each.person_id,
            account=each.account_ref,
            amount_fen=each.amount_fen,
            detail=Detail(programme=file.programme[:64], period=period),
        )
        yield event.id, received_at, msgspec.json.encode(event).decode(), BY
