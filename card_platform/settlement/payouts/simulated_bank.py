"""The simulated bank takes files of credits: its own book of them, and its failures as data.

Rules: it behaves as for single orders (`bank_orders.simulated_bank`): the same conduct, set by the
same trainer. Its book has a row a file, and a row a credit only for what it refuses or returns;
which these are follows from the seed, the file's batch and the line alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from card_platform.settlement.bank_orders.bank import AnswerIsLost, BankIsAway, Told
from card_platform.settlement.bank_orders.simulated_bank import Conduct, reach
from card_platform.settlement.payouts.bank_file import Credit, FileAnswer, NotCredited
from card_platform.settlement.payouts.model import CreditFile
from card_platform.settlement.payouts.tables import BANK_FILE_CREDITS, BANK_FILES
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import moment_of


class SimulatedFileBank:
    """One simulated bank."""

    def __init__(self, code: str) -> None:
        self.code = code

    def take(
        self, tx: Transaction, file: CreditFile, lines: Iterable[Credit], now: datetime
    ) -> FileAnswer:
        """Enter the file in the own book, once."""
        conduct = reach(tx, self.code)
        if not self._knows(tx, file):
            settles_at = now + timedelta(seconds=conduct.slow_s)
            count = sum_fen = 0
            failing = []
            picks = conduct.refuse_percent or conduct.return_percent
            for credit in lines:
                count += 1
                sum_fen += credit.amount_fen
                if picks and (row := self._failing(conduct, file, credit, settles_at)):
                    failing.append(row)
            book = {"bank": self.code, "lines": count, "sum_fen": sum_fen}
            settles = moment_of(settles_at)
            tx.execute(insert(BANK_FILES).values(file=file.file, settles_at=settles, **book))
            if failing:
                tx.execute(insert(BANK_FILE_CREDITS).values(failing))
            if conduct.falls("lose", _case(file, 0), conduct.lose_percent):
                raise AnswerIsLost
        return self._answer(tx, file, now)

    def ask(self, tx: Transaction, file: CreditFile, now: datetime) -> FileAnswer:
        """What its book says of the file."""
        reach(tx, self.code)
        return self._answer(tx, file, now)

    def returns(self, tx: Transaction, now: datetime) -> list[NotCredited]:
        """What it sends back by now, told once."""
        try:
            reach(tx, self.code)
        except BankIsAway:
            return []
        table = BANK_FILE_CREDITS
        due = (
            table.c.bank == self.code,
            table.c.told_return == 0,
            table.c.returns_at <= moment_of(now),
        )
        told = (table.c.return_reason, table.c.amount_fen, table.c.returns_at)
        query = select(table.c.file, table.c.line, *told).where(*due)
        found = tx.select(query.order_by(table.c.file, table.c.line))
        if found:
            tx.execute(update(table).where(*due).values(told_return=1))
        return [NotCredited(*row) for row in found]

    @staticmethod
    def _knows(tx: Transaction, file: CreditFile) -> bool:
        return bool(tx.select(select(BANK_FILES.c.file).where(BANK_FILES.c.file == file.file)))

    def _failing(
        self, conduct: Conduct, file: CreditFile, credit: Credit, settles_at: datetime
    ) -> dict[str, object] | None:
        """The row of a credit that the bank refuses, or is going to return."""
        case = _case(file, credit.line)
        refused = conduct.falls("refuse", case, conduct.refuse_percent)
        returned = conduct.falls("return", case, conduct.return_percent)
        if not refused and not returned:
            return None
        returns_at = moment_of(settles_at + timedelta(days=conduct.return_after_days))
        return {
            "file": file.file,
            "line": credit.line,
            "bank": self.code,
            "amount_fen": credit.amount_fen,
            "refused_because": conduct.refuse_reason if refused else None,
            "returns_at": None if refused else returns_at,
            "return_reason": None if refused else conduct.return_reason,
            "told_return": 0,
        }

    @staticmethod
    def _answer(tx: Transaction, file: CreditFile, now: datetime) -> FileAnswer:
        rows = tx.select(select(BANK_FILES.c.settles_at).where(BANK_FILES.c.file == file.file))
        if not rows:
            return FileAnswer(Told.NOTHING_KNOWN)
        if rows[0][0] > moment_of(now):
            return FileAnswer(Told.ACCEPTED)
        table = BANK_FILE_CREDITS
        of_file = (table.c.file == file.file, table.c.refused_because.is_not(None))
        told = (table.c.refused_because, table.c.amount_fen)
        query = select(table.c.file, table.c.line, *told).where(*of_file)
        refused = tuple(NotCredited(*row) for row in tx.select(query.order_by(table.c.line)))
        return FileAnswer(Told.SETTLED, refused, rows[0][0])


def _case(file: CreditFile, line: int) -> str:
    return f"{file.bank} {file.batch} {line}"
