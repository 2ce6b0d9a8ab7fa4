"""What people do in reconciliation: read the platform's own file, work differences off, close days.

Rules: an operator explains, or proposes against which account of the ledger the difference is
booked; a supervisor who is somebody else approves or rejects. The bank's account is always the
other side, and the gap of the difference the amount.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from card_platform.regions import RegionPolicy
from card_platform.settlement.banks.refusals import BankIsUnknown
from card_platform.settlement.ledger import Ledger, closing_store
from card_platform.settlement.ledger.accounts import AccountName, bank_account
from card_platform.settlement.ledger.model import Period, Transfer, period_after, period_text
from card_platform.settlement.ledger.refusals import PeriodHasDaysNotCompared, PeriodHasDifferences
from card_platform.settlement.reconciliation import differences, line_store, store
from card_platform.settlement.reconciliation.intake import Intake, tell
from card_platform.settlement.reconciliation.model import (
    BankStatement,
    Difference,
    DifferenceAction,
    Line,
    OpenDay,
    Result,
    StatementAction,
    statement_after,
)
from card_platform.settlement.reconciliation.refusals import (
    ApprovalIsOnesOwn,
    BankDayHasDifferences,
    BankDifferenceIsUnknown,
    BankDifferenceMovesNothing,
    BankStatementIsUnknown,
    OrderMovesByItself,
)
from card_platform.settlement.reconciliation.statement_file import Header, is_day
from card_platform.storage import Page, Paged, Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.money import Fen


class Reconciliation:
    """The reconciliation of one region with its banks."""

    def __init__(self, policy: RegionPolicy, ledger: Ledger, clock: Clock) -> None:
        self.intake = Intake(policy, clock)
        self._policy = policy
        self._ledger = ledger
        self._clock = clock

    def look(
        self, tx: Transaction, bank: str, day: str, *, to_change: bool = False
    ) -> BankStatement:
        """The statement of a bank and day. Raises BankStatementIsUnknown."""
        found = store.find_statement(tx, bank, day, to_change=to_change)
        if found is None:
            raise BankStatementIsUnknown
        return found

    def own_header(self, tx: Transaction, bank: str, day: str) -> Header:
        """The header of the platform's own file.

        Raises:
            BankIsUnknown, BankStatementIsUnknown: the day is none.
        """
        if self._policy.bank(bank) is None:
            raise BankIsUnknown(bank=bank)
        if not is_day(day):
            raise BankStatementIsUnknown
        return Header(bank, day, *line_store.own_totals(tx, bank, day))

    @staticmethod
    def own_lines(tx: Transaction, bank: str, day: str) -> Iterator[Line]:
        """The lines of the platform's own file, by reference, a piece in memory at a time."""
        after: Line | None = None
        while piece := line_store.own_lines(tx, bank, day, after):
            yield from piece
            after = piece[-1]

    def close(self, tx: Transaction, bank: str, day: str, by: str) -> BankStatement:
        """Close a day of which no difference is left.

        Raises:
            BankStatementIsUnknown, BankStatementStateForbids, BankDayHasDifferences.
        """
        statement = self.look(tx, bank, day, to_change=True)
        after = statement_after(statement.state, StatementAction.CLOSE)
        _, left = store.count_of_day(tx, bank, day)
        if left:
            raise BankDayHasDifferences(bank=bank, day=day, left=left)
        at = moment_of(self._clock.now())
        closed = msgspec.structs.replace(statement, state=after, closed_by=by, closed_at=at)
        store.save_statement(tx, closed)
        tell(tx, closed, StatementAction.CLOSE, at=at, by=by)
        return closed

    @staticmethod
    def look_at(tx: Transaction, difference_id: str, *, to_change: bool = False) -> Difference:
        """A difference. Raises BankDifferenceIsUnknown."""
        found = store.find_difference(tx, difference_id, to_change=to_change)
        if found is None:
            raise BankDifferenceIsUnknown
        return found

    def explain(self, tx: Transaction, difference_id: str, reason: str, by: str) -> Difference:
        """Say why it is; nothing is booked.

        Raises:
            BankDifferenceIsUnknown, BankDifferenceStateForbids.
        """
        found = self.look_at(tx, difference_id, to_change=True)
        return self._step(tx, found, DifferenceAction.EXPLAIN, reason, by)

    def propose(
        self, tx: Transaction, difference_id: str, account: AccountName, reason: str, by: str
    ) -> Difference:
        """Propose the account against which the gap is booked.

        Raises:
            BankDifferenceIsUnknown, BankDifferenceStateForbids, BankDifferenceMovesNothing,
            OrderMovesByItself.
        """
        found = self.look_at(tx, difference_id, to_change=True)
        _require_bookable(tx, found)
        action = DifferenceAction.PROPOSE
        return self._step(tx, found, action, reason, by, account=account, proposed_by=by)

    def decide(
        self,
        tx: Transaction,
        difference_id: str,
        decision: Literal["approve", "reject"],
        reason: str,
        by: str,
    ) -> Difference:
        """Book what was proposed, or send it back.

        Raises:
            BankDifferenceIsUnknown, BankDifferenceStateForbids, ApprovalIsOnesOwn,
            BankDifferenceMovesNothing, OrderMovesByItself, and what `Ledger.transfer` raises.
        """
        found = self.look_at(tx, difference_id, to_change=True)
        if decision == "reject":
            gone = {"account": None, "proposed_by": None}
            return self._step(tx, found, DifferenceAction.REJECT, reason, by, **gone)
        if found.proposed_by == by:
            raise ApprovalIsOnesOwn
        approved = self._step(tx, found, DifferenceAction.APPROVE, reason, by)
        _require_bookable(tx, found)
        done = self._ledger.transfer(tx, self._transfer(tx, found, by), by)
        booked = msgspec.structs.replace(approved, transfer_id=done.transfer_id)
        store.save_difference(tx, booked)
        return booked

    def require_none_left(self, tx: Transaction, period: Period) -> None:
        """Guard of the closing of a month.

        Raises:
            PeriodHasDifferences, PeriodHasDaysNotCompared.
        """
        end = _first_day(period_after(period))
        left = store.count_left_before(tx, end)
        if left:
            raise PeriodHasDifferences(period=period_text(period), left=left)
        days = _open_days(tx, end)
        if days:
            day, bank = days[0]
            told = {"period": period_text(period), "bank": bank, "day": day}
            raise PeriodHasDaysNotCompared(**told, count=len(days))

    def open_days(self, tx: Transaction, page: Page) -> Paged[OpenDay]:
        """Days that are over and were not compared, the first day first, of the months that are not
        closed: whose bank has brought no file yet.
        """
        today = moment_of(self._clock.now())[:10]
        left = [each for each in _open_days(tx, today) if page.after is None or each > page.after]
        shown = left[: page.limit]
        rows = [OpenDay(bank, day, *line_store.own_totals(tx, bank, day)) for day, bank in shown]
        return Paged(rows, [*shown], len(left) > page.limit)

    def _transfer(self, tx: Transaction, found: Difference, by: str) -> Transfer:
        bank, account = bank_account(found.bank), AccountName(found.account or "")
        self._ledger.begin_account(tx, bank, by)
        debit, credit = (account, bank) if found.gap_fen > 0 else (bank, account)
        purpose = f"difference with {found.bank} of {found.day}"
        return Transfer(found.difference_id, debit, credit, Fen(abs(found.gap_fen)), purpose)

    def _step(
        self,
        tx: Transaction,
        found: Difference,
        action: DifferenceAction,
        reason: str,
        by: str,
        **more: str | None,
    ) -> Difference:
        at = moment_of(self._clock.now())
        return differences.step(tx, found, action, reason=reason, at=at, by=by, **more)


def _open_days(tx: Transaction, end: str) -> list[tuple[str, str]]:
    """Day and bank of what was not compared, of the months that are not closed, before the end."""
    last = closing_store.last_closed(tx)
    first = _first_day(period_after(Period(last))) if last else ""
    compared = store.days_compared(tx, first, end)
    return [each for each in line_store.days_booked(tx, first, end) if each not in compared]


def _first_day(period: Period) -> str:
    return f"{period_text(period)}-01"


def _require_bookable(tx: Transaction, found: Difference) -> None:
    """Refuse to book what moves nothing, or what the order itself moves sooner or later."""
    if not found.gap_fen:
        raise BankDifferenceMovesNothing
    own = line_store.movement_of(tx, found.bank, found.reference, found.stage)
    order = line_store.state_of_order(tx, found.bank, found.reference)
    is_here = own is not None and own[0] == found.day
    if order is not None and not is_here and order not in (Result.REFUSED, Result.RETURNED):
        raise OrderMovesByItself(state=order)
