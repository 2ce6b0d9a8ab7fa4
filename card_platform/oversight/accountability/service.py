"""Opening cases, ordering corrections, mending; what falls overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from card_platform.oversight.accountability import store
from card_platform.oversight.accountability.model import (
    Case,
    CaseAction,
    CaseChanged,
    CaseKind,
    CaseState,
    all_kinds,
    next_state,
)
from card_platform.oversight.accountability.refusals import (
    CaseIsUnknown,
    CaseKindIsUnknown,
    ReportIsUnknown,
)
from card_platform.oversight.complaints.store import look_at as look_at_complaint
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


class Accountability:
    """The cases of one region."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._region = policy.region.code
        self._clock = clock

    def kinds(self) -> list[CaseKind]:
        """The kinds the regulation of this region names."""
        return [each for each in all_kinds().values() if each.is_of(self._region)]

    def open(
        self,
        tx: Transaction,
        *,
        kind: str,
        against: str,
        respondent: str,
        facts: str,
        report_number: str | None,
        by: str,
    ) -> Case:
        """Open a case.

        Raises:
            CaseKindIsUnknown, ReportIsUnknown.
        """
        known = {each.code: each for each in self.kinds()}.get(kind)
        if known is None or known.against not in {against, "both"}:
            raise CaseKindIsUnknown(kind=kind)
        if report_number is not None:
            report = look_at_complaint(tx, report_number)
            if report is None or report.conduct not in {None, kind}:
                raise ReportIsUnknown(number=report_number)
        at = moment_of(self._clock.now())
        case = Case(
            new_identifier("case"),
            kind,
            against,
            respondent,
            facts,
            report_number,
            CaseState.OPENED,
            at,
            at,
        )
        store.save(tx, case, is_new=True)
        record_step(tx, case, "open", None, at=at, by=by)
        return case

    def look(self, tx: Transaction, case_id: str) -> Case:
        """The case. Raises CaseIsUnknown."""
        found = store.find(tx, case_id)
        if found is None:
            raise CaseIsUnknown
        return found

    def order(self, tx: Transaction, case_id: str, *, text: str, days: int, by: str) -> Case:
        """Order to correct within so many days. Raises CaseIsUnknown, CaseStateForbids."""
        due_at = moment_of(self._clock.now() + timedelta(days=days))
        case = replace(self.look(tx, case_id), order_text=text, due_at=due_at)
        return self._step(tx, case, CaseAction.ORDER, by)

    def decide(
        self, tx: Transaction, case_id: str, action: CaseAction, *, text: str, by: str
    ) -> Case:
        """Mend, confirm, dismiss or refer. Raises CaseIsUnknown, CaseStateForbids."""
        found = self.look(tx, case_id)
        is_mending = action is CaseAction.MEND
        case = replace(found, mending=text) if is_mending else replace(found, outcome=text)
        return self._step(tx, case, action, by)

    def _step(self, tx: Transaction, case: Case, action: CaseAction, by: str) -> Case:
        at = moment_of(self._clock.now())
        moved = replace(case, state=next_state(case.state, action), state_since=at)
        store.save(tx, moved, is_new=False)
        record_step(tx, moved, action.value, case.state.value, at=at, by=by)
        return moved


def record_step(
    tx: Transaction, case: Case, action: str, before: str | None, *, at: str, by: str
) -> None:
    """Put one step of a case on record."""
    after = case.state.value
    store.CHANGES.add(tx, case.case_id, action=action, before=before, after=after, at=at, by=by)
    told = {"case_id": case.case_id, "kind": case.kind, "step": action, "after": after}
    tx.emit(CaseChanged(at=at, by=by, card_id=None, **told))


def mark_overdue(tx: Transaction, now: datetime) -> None:
    """Due work: orders that were not obeyed in time."""
    at = moment_of(now)
    for each in store.ordered_past(tx, at):
        state = next_state(each.state, CaseAction.FALL_OVERDUE)
        late = replace(each, state=state, state_since=at, overdue_since=at)
        store.save(tx, late, is_new=False)
        record_step(tx, late, CaseAction.FALL_OVERDUE.value, each.state.value, at=at, by="clock")
