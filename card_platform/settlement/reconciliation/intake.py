"""A bank's file comes in: checked whole, kept a piece at a time, compared when all of it is there.

Rules:
- A file with a fault is refused whole, with every fault.
- The same file again is answered as it stands, and read on where a killed process left it; another
  file of the same bank and day is refused: what was compared stays as evidence.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from card_platform.regions import RegionPolicy
from card_platform.settlement.banks.refusals import BankIsUnknown
from card_platform.settlement.reconciliation import line_store, store
from card_platform.settlement.reconciliation.comparing import compare_day
from card_platform.settlement.reconciliation.model import (
    BankStatement,
    BankStatementChanged,
    Line,
    StatementAction,
    StatementState,
    statement_after,
)
from card_platform.settlement.reconciliation.refusals import (
    BankDayHasNotEnded,
    BankStatementDiffers,
    BankStatementIsAnothers,
)
from card_platform.settlement.reconciliation.statement_file import Header, check_file, lines_of
from card_platform.storage import Database, Transaction
from card_platform.vocabulary.moment import Clock, moment_of

Numbered = tuple[int, Line]


class Intake:
    """Takes the files of banks in for one region."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock

    def read_at_once(
        self, tx: Transaction, content: bytes, by: str, bank: str | None = None
    ) -> BankStatement:
        """A small file, in this transaction; `bank` where a bank brings it.

        Raises:
            BankStatementIsFaulty, BankStatementIsAnothers, and what `begin` raises.
        """
        header = check_file(io.BytesIO(content))
        if bank is not None and header.bank != bank:
            raise BankStatementIsAnothers
        begun = self.begin(tx, header, hashlib.sha256(content).hexdigest(), by)
        for piece in pieces_of(lines_of(io.BytesIO(content))):
            self.take(tx, header, piece)
        return self.finish(tx, begun, by)

    def read_file(
        self,
        database: Database,
        path: Path,
        by: str,
        *,
        progress: Callable[[int], None] = lambda _lines: None,
    ) -> BankStatement:
        """A file of any size, a transaction a piece.

        Raises:
            BankStatementIsFaulty, OSError, and what `begin` raises.
        """
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            source.seek(0)
            header = check_file(source)
            begun = database.write_now(lambda tx: self.begin(tx, header, digest, by))
            source.seek(0)
            read = 0
            for piece in pieces_of(lines_of(source)):
                database.write_now(partial(self.take, header=header, piece=piece))
                read += len(piece)
                progress(read)
        done: BankStatement = database.write_now(lambda tx: self.finish(tx, begun, by))
        return done

    def begin(self, tx: Transaction, header: Header, digest: str, by: str) -> BankStatement:
        """The statement of a file: a new one, or the one it has already.

        Raises:
            BankIsUnknown, BankDayHasNotEnded, BankStatementDiffers.
        """
        now = self._clock.now()
        if self._policy.bank(header.bank) is None:
            raise BankIsUnknown(bank=header.bank)
        if header.day >= now.date().isoformat():
            raise BankDayHasNotEnded(day=header.day)
        store.take_turn(tx, header.bank)
        known = store.find_statement(tx, header.bank, header.day, to_change=True)
        if known is not None:
            if known.digest != digest:
                raise BankStatementDiffers(bank=header.bank, day=header.day)
            return known
        begun = BankStatement(
            bank=header.bank,
            day=header.day,
            digest=digest,
            state=StatementState.READING,
            lines=header.lines,
            sum_fen=header.sum_fen,
            brought_by=by,
            brought_at=moment_of(now),
        )
        store.add_statement(tx, begun)
        return begun

    @staticmethod
    def take(tx: Transaction, header: Header, piece: list[Numbered]) -> None:
        """Keep the next lines of a file; those kept before are passed over."""
        statement = store.find_statement(tx, header.bank, header.day, to_change=True)
        assert statement is not None  # noqa: S101 - it was begun
        fresh = [line for number, line in piece if number > statement.read_to]
        if not fresh or statement.state is not StatementState.READING:
            return
        tx.keep_to_indexes()
        line_store.add_lines(tx, header.bank, header.day, fresh)
        store.save_statement(tx, msgspec.structs.replace(statement, read_to=piece[-1][0]))

    def finish(self, tx: Transaction, begun: BankStatement, by: str) -> BankStatement:
        """All lines are there: compare them with the platform's own."""
        store.take_turn(tx, begun.bank)
        statement = store.find_statement(tx, begun.bank, begun.day, to_change=True)
        assert statement is not None  # noqa: S101 - it was begun
        if statement.state is not StatementState.READING:
            return statement
        tx.expect_whole_tables()
        at = moment_of(self._clock.now())
        own_lines, own_sum_fen = line_store.own_totals(tx, begun.bank, begun.day)
        done = msgspec.structs.replace(
            statement,
            state=statement_after(statement.state, StatementAction.COMPARE),
            own_lines=own_lines,
            own_sum_fen=own_sum_fen,
            matched=compare_day(tx, statement, at, by),
        )
        store.save_statement(tx, done)
        tell(tx, done, StatementAction.COMPARE, at=at, by=by)
        return done


def pieces_of(lines: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    """Lines of a file, so many at a time as one transaction deals with."""
    return iter(lambda: list(islice(lines, line_store.PIECE)), [])


def tell(
    tx: Transaction, statement: BankStatement, action: StatementAction, *, at: str, by: str
) -> None:
    """Put a step of a statement on record."""
    _, left = store.count_of_day(tx, statement.bank, statement.day)
    tx.emit(
        BankStatementChanged(
            at=at,
            by=by,
            bank=statement.bank,
            day=statement.day,
            step=action.value,
            matched=statement.matched,
            left=left,
        )
    )
