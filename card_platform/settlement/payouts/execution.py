"""Released lines become files of credits for the banks, a piece at a time.

Rules:
- A piece is one transaction: who is stopped, the credits, the money from the fund to the clearing
  account of each bank, and how far the batch has come. Killed at any moment, a piece is done or is
  not.
- How a payee stands is asked when the money goes, not when the file came in.
- A fund that is frozen or closed holds the whole batch, with that reason, until it is released
  again.
- Lines that are issued again go the same way, in pieces of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from card_platform.errors import Refusal
from card_platform.regions import RegionPolicy
from card_platform.settlement.account_changes import Screening
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import AccountName, clearing_account
from card_platform.settlement.ledger.model import Transfer
from card_platform.settlement.payouts import file_store, line_store, store
from card_platform.settlement.payouts.intake import free_next, tell
from card_platform.settlement.payouts.line_store import Standing
from card_platform.settlement.payouts.model import (
    CLOCK,
    PIECE,
    Batch,
    BatchAction,
    BatchState,
    CreditFile,
    FileState,
    LineState,
    batch_after,
)
from card_platform.settlement.payouts.standing import Stopped, gather_facts, judge
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import moment_of
from card_platform.vocabulary.money import Fen


class Execution:
    """Brings released lines on their way."""

    def __init__(self, policy: RegionPolicy, ledger: Ledger, screening: Screening) -> None:
        self._policy = policy
        self._ledger = ledger
        self._screening = screening

    def do_due(self, tx: Transaction, now: datetime) -> bool:
        """Due work: the next piece of a batch, or of the lines that are issued again.

        True where there was one.
        """
        batch = store.due(tx, moment_of(now))
        if batch is None:
            return self._issue_again(tx, now)
        tx.keep_to_indexes()
        if batch.state is BatchState.RELEASED:
            self._execute_piece(tx, batch, now)
        else:
            store.save(tx, free_next(tx, batch))
        return True

    def _execute_piece(self, tx: Transaction, batch: Batch, now: datetime) -> None:
        lines = line_store.next_lines(tx, batch.batch, batch.done_to, PIECE)
        if not lines:
            self._step(tx, batch, BatchAction.EXECUTE, now)
            return
        try:
            with tx.part():
                self._send(tx, batch, lines, now)
        except Refusal as refused:
            self._step(tx, batch, BatchAction.HOLD, now, reason=refused.code)
            return
        store.save(tx, msgspec.structs.replace(batch, done_to=lines[-1].line))

    def _issue_again(self, tx: Transaction, now: datetime) -> bool:
        number = line_store.batch_with_due_lines(tx)
        if number is None:
            return False
        batch = store.find_to_change(tx, number)
        assert batch is not None  # noqa: S101 - it has lines
        tx.keep_to_indexes()
        lines = line_store.lines_due(tx, number, PIECE)
        if not lines:  # who held the batch has sent them
            return True
        try:
            with tx.part():
                sent = self._send(tx, batch, lines, now)
                line_store.note_sent_again(tx, number, sent, moment_of(now))
        except Refusal as refused:
            self._stop(tx, batch, [(each, refused.code) for each in lines], now)
        return True

    def _send(
        self, tx: Transaction, batch: Batch, lines: Sequence[Standing], now: datetime
    ) -> list[int]:
        """Order what may be paid, stop the rest; the lines that were ordered."""
        facts = gather_facts(tx, self._policy, batch, lines, screening=self._screening, now=now)
        by_bank: dict[str, list[tuple[Standing, str]]] = {}
        stopped: list[tuple[Standing, str]] = []
        for each in lines:
            judged = judge(each, facts)
            if isinstance(judged, Stopped):
                stopped.append((each, judged.reason))
            else:
                by_bank.setdefault(judged.bank, []).append((each, judged.account_ref))
        for bank, payable in sorted(by_bank.items()):
            self._order(tx, batch, bank, payable, now)
        self._stop(tx, batch, stopped, now)
        return [each.line for payable in by_bank.values() for each, _ in payable]

    def _order(
        self,
        tx: Transaction,
        batch: Batch,
        bank: str,
        payable: Sequence[tuple[Standing, str]],
        now: datetime,
    ) -> None:
        at, number = moment_of(now), file_store.new_number(tx)
        sum_fen = sum(each.amount_fen for each, _ in payable)
        clearing = clearing_account(bank)
        self._ledger.begin_account(tx, clearing, CLOCK)
        purpose = f"{batch.programme} {batch.period}"
        fund = AccountName(batch.fund)
        ordered = Transfer(f"payout-file:{number}", fund, clearing, Fen(sum_fen), purpose)
        self._ledger.transfer(tx, ordered, CLOCK)
        file = CreditFile(
            file=number,
            batch=batch.batch,
            bank=bank,
            fund=batch.fund,
            first_line=payable[0][0].line,
            last_line=payable[-1][0].line,
            lines=len(payable),
            sum_fen=sum_fen,
            state=FileState.ORDERED,
            ordered_at=at,
            due_at=at,
        )
        file_store.add(
            tx, file, ((each.line, account_ref, each.amount_fen) for each, account_ref in payable)
        )

    def _stop(
        self,
        tx: Transaction,
        batch: Batch,
        stopped: Sequence[tuple[Standing, str]],
        now: datetime,
    ) -> None:
        rows = [(each.line, each.person_id, each.amount_fen, reason) for each, reason in stopped]
        line_store.keep_exceptions(tx, batch.batch, rows, LineState.STOPPED.value, moment_of(now))

    def _step(
        self,
        tx: Transaction,
        batch: Batch,
        action: BatchAction,
        now: datetime,
        *,
        reason: str | None = None,
    ) -> None:
        moved = msgspec.structs.replace(
            batch, state=batch_after(batch.state, action), due_at=None, reason=reason
        )
        store.save(tx, moved)
        tell(tx, moved, action.value, at=moment_of(now), by=CLOCK)
