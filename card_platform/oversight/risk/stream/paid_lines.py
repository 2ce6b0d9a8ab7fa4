"""Lines of payouts as events of the stream: read from the credits, so that paying costs no more.

Rules: credit files are taken in the order of their numbers, each once its bank has settled it, and
without the lines the bank refused; one that is not settled yet keeps those behind it waiting. An
event's id is made of file and line, so that a line is told once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from card_platform.oversight.risk.history import Detail, HistoryEvent
from card_platform.oversight.risk.stream import store
from card_platform.storage import Statement, Transaction

PIECE = 1_000
BY = "payouts"
_SETTLED = "settled"
_MONTH = re.compile(r"\d{4}-\d{2}")
_NEXT_FILE = Statement(
    "SELECT payout_files.file, payout_files.batch, payout_files.state, payout_files.ordered_at,"
    " payout_batches.programme, payout_batches.period, payout_files.last_line FROM payout_files"
    " JOIN payout_batches ON payout_batches.batch = payout_files.batch"
    " WHERE payout_files.file > :file"
    " OR payout_files.file = :file AND payout_files.last_line > :line"
    " ORDER BY payout_files.file LIMIT 1"
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
_NOT_PAID = ("refused", "returned")


class PaidLinesTaken:
    """Takes lines over."""

    def has_new(self, tx: Transaction, paid_to: str) -> bool:
        """Whether there are any behind the last one."""
        found = _next_file(tx, paid_to)
        return found is not None and found.state == _SETTLED

    def take_over(self, tx: Transaction, paid_to: str) -> str:
        """Keep the next of them as events; the place of the last."""
        file = _next_file(tx, paid_to)
        if file is None or file.state != _SETTLED:
            return paid_to
        number, line = _place_of(paid_to)
        values = {"file": file.file, "batch": file.batch, "most": PIECE}
        rows = tx.rows(_LINES, values | {"line": line if number == file.file else 0})
        store.keep_many(tx, _kept(file, rows))
        return f"{file.file}:{rows[-1][0] if rows else file.last_line}"


class _File(msgspec.Struct, frozen=True, array_like=True):
    file: int
    batch: int
    state: str
    ordered_at: str
    programme: str
    period: str
    last_line: int


def _next_file(tx: Transaction, paid_to: str) -> _File | None:
    number, line = _place_of(paid_to)
    rows = tx.rows(_NEXT_FILE, {"file": number, "line": line})
    return _File(*rows[0]) if rows else None


def _place_of(paid_to: str) -> tuple[int, int]:
    number, _, line = paid_to.partition(":")
    return int(number or 0), int(line or 0)


def _kept(file: _File, rows: list[tuple[object, ...]]) -> Iterator[tuple[str, str, str, str]]:
    at = f"{file.ordered_at[:19]}+08:00"
    period = file.period if _MONTH.fullmatch(file.period) else None
    for line, person_id, account_ref, amount_fen, state in rows:
        if state in _NOT_PAID:
            continue
        event = HistoryEvent(
            id=f"payout-{file.file}-{line}",
            kind="payout.paid",
            at=at,
            received_at=at,
            region="",
            person=str(person_id),
            account=str(account_ref),
            amount_fen=int(str(amount_fen)),
            detail=Detail(programme=file.programme[:64], period=period),
        )
        yield event.id, at, msgspec.json.encode(event).decode(), BY
