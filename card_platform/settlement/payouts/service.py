"""Decisions on payouts: release or drop a batch, approve an exception, issue a line again.

Rules: four eyes: who brought a file decides on nothing of it. Due work does what was decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from card_platform.regions import RegionPolicy
from card_platform.settlement.account_changes import Screening
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.payouts import file_store, line_store, store
from card_platform.settlement.payouts.bank_file import FileBank
from card_platform.settlement.payouts.execution import Execution
from card_platform.settlement.payouts.intake import Intake, free_next, tell
from card_platform.settlement.payouts.line_store import ExceptionRow
from card_platform.settlement.payouts.model import (
    Batch,
    BatchAction,
    LineAction,
    LineState,
    PayoutLineChanged,
    batch_after,
    line_after,
)
from card_platform.settlement.payouts.refusals import (
    DecisionIsOnesOwn,
    PayoutBatchIsUnknown,
    PayoutLineStateForbids,
)
from card_platform.settlement.payouts.settling import Settling
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of


class Payouts:
    """The payouts of one region.

    Args:
        banks: each partner bank by its code.
        screening: asked at once about the people of a piece.
    """

    def __init__(
        self,
        policy: RegionPolicy,
        ledger: Ledger,
        banks: Mapping[str, FileBank],
        screening: Screening,
        clock: Clock,
    ) -> None:
        self.intake = Intake(policy, ledger, clock)
        self.policy = policy
        self._execution = Execution(policy, ledger, screening)
        self._settling = Settling(ledger, banks)
        self._clock = clock

    def decide(
        self,
        tx: Transaction,
        number: int,
        decision: Literal["release", "drop"],
        *,
        reason: str,
        by: str,
    ) -> Batch:
        """Release or drop a batch that waits; a held one is released again.

        Raises:
            PayoutBatchIsUnknown, PayoutBatchStateForbids, DecisionIsOnesOwn.
        """
        batch = self._to_decide(tx, number, by)
        at = moment_of(self._clock.now())
        action = BatchAction(decision)
        decided = msgspec.structs.replace(
            batch,
            state=batch_after(batch.state, action),
            due_at=at,
            decided_by=by,
            decided_at=at,
            reason=reason,
        )
        if action is BatchAction.DROP:
            decided = free_next(tx, decided)
        store.save(tx, decided)
        tell(tx, decided, decision, at=at, by=by)
        return decided

    def decide_on_line(
        self,
        tx: Transaction,
        number: int,
        line: int,
        action: Literal["reissue", "close"],
        *,
        note: str,
        by: str,
    ) -> ExceptionRow:
        """Issue a line again that was stopped, refused or returned, or give it up.

        Raises:
            PayoutBatchIsUnknown, PayoutLineStateForbids, DecisionIsOnesOwn.
        """
        self._to_decide(tx, number, by)
        found = line_store.find_exception(tx, number, line)
        if found is None:
            raise PayoutBatchIsUnknown
        return put_step(tx, found, LineAction(action), note, at=moment_of(self._clock.now()), by=by)

    def approve_other_account(
        self, tx: Transaction, number: int, line: int, *, note: str, by: str
    ) -> dict[str, object]:
        """Approve that a line goes to another account than the card's (YD-14b), once.

        Raises:
            PayoutBatchIsUnknown: the line states no other account.
            DecisionIsOnesOwn, PayoutLineStateForbids.
        """
        self._to_decide(tx, number, by)
        found = line_store.find_other(tx, number, line)
        if found is None:
            raise PayoutBatchIsUnknown
        if found["approved_by"] is not None:
            raise PayoutLineStateForbids(state="approved", action="approve", allowed="-")
        at = moment_of(self._clock.now())
        line_store.approve_other(tx, number, line, at=at, by=by)
        _record(tx, number, line, action="approve", after="approved", reason=note, at=at, by=by)
        return {**found, "approved_by": by, "approved_at": at}

    def look(self, tx: Transaction, number: int) -> Batch:
        """A batch. Raises PayoutBatchIsUnknown."""
        found = store.find(tx, number)
        if found is None:
            raise PayoutBatchIsUnknown
        return found

    def do_due(self, tx: Transaction, now: datetime) -> bool:
        """Due work: a piece of a batch, or a file of a bank; True while there may be more."""
        return self._execution.do_due(tx, now) or self._settling.do_due(tx, now)

    def _to_decide(self, tx: Transaction, number: int, by: str) -> Batch:
        batch = store.find_to_change(tx, number)
        if batch is None:
            raise PayoutBatchIsUnknown
        if batch.uploaded_by == by:
            raise DecisionIsOnesOwn
        return batch


def put_step(
    tx: Transaction, found: ExceptionRow, action: LineAction, note: str, *, at: str, by: str
) -> ExceptionRow:
    """A step of a line that was not paid, on record. Raises PayoutLineStateForbids."""
    after = line_after(LineState(found.state), action).value
    decided = found._replace(state=after, decided_by=by, note=note, at=at)
    line_store.save_decision(tx, decided)
    _record(
        tx, found.batch, found.line, action=action.value, after=after, reason=note, at=at, by=by
    )
    return decided


def _record(
    tx: Transaction,
    batch: int,
    line: int,
    *,
    action: str,
    after: str,
    reason: str,
    at: str,
    by: str,
) -> None:
    file_store.add_change(tx, batch, line, action=action, after=after, reason=reason, at=at, by=by)
    tx.emit(PayoutLineChanged(at=at, by=by, batch=batch, line=line, step=action, after=after))
