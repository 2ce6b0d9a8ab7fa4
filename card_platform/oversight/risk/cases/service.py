"""Cases: opened by detection or by hand, assigned, frozen, decided, appealed against, final."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from card_platform.issuance.agency_decisions import AgencyDecisions
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.oversight.accountability.refusals import CaseKindIsUnknown
from card_platform.oversight.accountability.service import Accountability
from card_platform.oversight.risk.cases import credit_store, store
from card_platform.oversight.risk.cases.conduct import DONE_TO_HOLDERS, conduct_of_institution
from card_platform.oversight.risk.cases.credit_file import CreditFile
from card_platform.oversight.risk.cases.model import (
    OPEN,
    WAITS,
    CreditAction,
    RiskCase,
    RiskCaseAction,
    RiskCaseChanged,
    RiskCaseState,
    next_state,
)
from card_platform.oversight.risk.cases.refusals import (
    AppealIsTooLate,
    CaseHasNoCard,
    CaseIsOfAnother,
    DeciderIsTheSame,
    HolderIsLikelyWronged,
    HolderIsUnknown,
    OpenerDoesNotDecide,
    RiskCaseIsUnknown,
    RiskCaseStateForbids,
)
from card_platform.oversight.risk.history import Alert, Typology
from card_platform.regions import RegionPolicy
from card_platform.regions.dated import DatedNumber
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


class RiskCases:
    """The cases of one region."""

    def __init__(
        self,
        policy: RegionPolicy,
        credit: CreditFile,
        decisions: AgencyDecisions,
        accountability: Accountability,
        clock: Clock,
    ) -> None:
        self._rules = policy.oversight
        self._credit = credit
        self._decisions = decisions
        self._accountability = accountability
        self._clock = clock

    def follow(self, tx: Transaction, alert: Alert, now: datetime) -> None:
        """A new alert opens a case, in its own transaction."""
        card_id = credit_store.card_concerned(tx, alert)
        facts = f"{alert.rule}, {alert.score:.2f}: {len(alert.evidence)} events 个事件"
        told = (alert.typology, alert.id, alert.subject_kind, alert.subject)
        self._open(tx, told, card_id, facts, at=moment_of(now), by="clock")

    def open(
        self, tx: Transaction, *, typology: Typology, card_id: str, facts: str, by: str
    ) -> RiskCase:
        """Open one by hand, as after a report. Raises CardIsUnknown."""
        if credit_store.person_of(tx, card_id) is None:
            raise CardIsUnknown
        at = moment_of(self._clock.now())
        told = (typology.value, None, "card", card_id)
        return self._open(tx, told, card_id, facts, at=at, by=by, by_hand=True)

    def _open(
        self,
        tx: Transaction,
        told: tuple[str, str | None, str, str],
        card_id: str | None,
        facts: str,
        *,
        at: str,
        by: str,
        by_hand: bool = False,
    ) -> RiskCase:
        typology, alert_id, kind, subject = told
        case = RiskCase(
            new_identifier("risk"),
            typology,
            alert_id,
            kind,
            subject,
            card_id,
            facts,
            RiskCaseState.OPENED,
            at,
            at,
            opened_by=by if by_hand else None,
            due_at=self._within(self._rules.case_decision),
        )
        store.save(tx, case, is_new=True)
        self._record(tx, case, "open", None, by)
        return case

    def look(self, tx: Transaction, case_id: str, own_card: str = "") -> RiskCase:
        """The case; of another's card it is unknown. Raises RiskCaseIsUnknown."""
        found = store.find(tx, case_id)
        if found is None or (own_card and found.card_id != own_card):
            raise RiskCaseIsUnknown
        return found

    def assign(self, tx: Transaction, case_id: str, to: str, by: str) -> RiskCase:
        """Give it to somebody. Raises RiskCaseIsUnknown, RiskCaseStateForbids."""
        case = replace(self.look(tx, case_id), assigned_to=to)
        return self._step(tx, case, RiskCaseAction.ASSIGN, by)

    def freeze(self, tx: Transaction, case_id: str, ground: str, by: str) -> RiskCase:
        """Freeze the card while the case is worked on; only the agency lifts it.

        Raises:
            RiskCaseIsUnknown, RiskCaseStateForbids, CaseHasNoCard, and those of the freeze.
        """
        case = self.look(tx, case_id)
        if case.state not in OPEN:
            raise RiskCaseStateForbids(state=case.state.value, action="freeze", allowed="-")
        if case.card_id is None:
            raise CaseHasNoCard
        self._decisions.freeze(tx, case.card_id, ground, by)
        frozen = replace(case, frozen=1, frozen_by=by)
        store.save(tx, frozen, is_new=False)
        self._record(tx, frozen, "freeze", case.state, by)
        return frozen

    def confirm(
        self, tx: Transaction, case_id: str, text: str, by: str, *, holder_answers: bool = False
    ) -> RiskCase:
        """A violation: it enters the credit file, and the holder is told how to appeal.

        `holder_answers`: the holder did what is mostly done to holders.

        Raises:
            RiskCaseIsUnknown, RiskCaseStateForbids, CaseIsOfAnother, OpenerDoesNotDecide.
            HolderIsUnknown: it concerns no holder and no institution of this region.
            HolderIsLikelyWronged: others do this to holders, and nobody said it was otherwise.
        """
        until = self._within(self._rules.credit_appeal)
        found = self._to_decide(tx, case_id, RiskCaseAction.CONFIRM, by)
        is_of_institution = found.subject_kind == "institution"
        person_id = credit_store.person_of(tx, found.card_id or "")
        if not is_of_institution and person_id is None:
            raise HolderIsUnknown
        is_done_to_holders = not is_of_institution and found.typology in DONE_TO_HOLDERS
        if is_done_to_holders and not holder_answers:
            raise HolderIsLikelyWronged(typology=found.typology)
        notice = (
            f"经核查，认定存在违规用卡行为（{found.typology}）；可在 {until[:10]} 前申诉。"
            f" A violation ({found.typology}) was confirmed; you may appeal until {until[:10]}."
        )
        case = replace(found, decision=text, decided_by=by, notice=notice, appeal_until=until)
        moved = self._step(tx, case, RiskCaseAction.CONFIRM, by)
        if is_of_institution or person_id is None:
            return self._refer(tx, moved, by)
        self._credit.enter(tx, moved, person_id, by)
        return moved

    def blame_another(self, tx: Transaction, case_id: str, text: str, by: str) -> RiskCase:
        """It happened, and not by the holder: no entry, and a freeze stays, for the card or its
        number is in other hands, until the agency lifts it or the card is replaced.

        Raises:
            RiskCaseIsUnknown, RiskCaseStateForbids, CaseIsOfAnother, OpenerDoesNotDecide.
        """
        notice = (
            "经核查，系他人所为，持卡人不承担责任，不记入诚信档案。"
            " Another did this; you do not answer for it and nothing enters your credit file."
        )
        found = self._to_decide(tx, case_id, RiskCaseAction.BLAME_ANOTHER, by)
        case = replace(found, decision=text, decided_by=by, notice=notice)
        return self._step(tx, case, RiskCaseAction.BLAME_ANOTHER, by)

    def dismiss(self, tx: Transaction, case_id: str, text: str, by: str) -> RiskCase:
        """No violation; a freeze for the case ends.

        Raises:
            RiskCaseIsUnknown, RiskCaseStateForbids, CaseIsOfAnother, OpenerDoesNotDecide.
        """
        notice = "经核查，未认定违规用卡行为。 No violation was found."
        found = self._to_decide(tx, case_id, RiskCaseAction.DISMISS, by)
        case = replace(found, decision=text, decided_by=by, notice=notice)
        return self._lift(tx, self._step(tx, case, RiskCaseAction.DISMISS, by), text, by)

    def appeal(
        self, tx: Transaction, case_id: str, text: str, by: str, own_card: str = ""
    ) -> RiskCase:
        """The holder appeals. Raises RiskCaseIsUnknown, RiskCaseStateForbids, AppealIsTooLate."""
        case = self.look(tx, case_id, own_card)
        next_state(case.state, RiskCaseAction.APPEAL)
        if case.appeal_until and moment_of(self._clock.now()) > case.appeal_until:
            raise AppealIsTooLate(until=case.appeal_until)
        waits = replace(case, appeal=text, due_at=self._within(self._rules.appeal_decision))
        moved = self._step(tx, waits, RiskCaseAction.APPEAL, by)
        self._credit.step(tx, moved, CreditAction.CONTEST, by)
        return moved

    def decide_appeal(
        self, tx: Transaction, case_id: str, action: RiskCaseAction, text: str, by: str
    ) -> RiskCase:
        """Uphold or overturn, by somebody else than who confirmed or froze the card.

        Raises:
            RiskCaseIsUnknown, RiskCaseStateForbids, DeciderIsTheSame.
        """
        case = self.look(tx, case_id)
        next_state(case.state, action)
        if by in {case.decided_by, case.frozen_by}:
            raise DeciderIsTheSame
        upheld = action is RiskCaseAction.UPHOLD
        notice = (
            "申诉未获支持，原认定维持。 The decision stands."
            if upheld
            else "申诉成立，原认定撤销，诚信档案记录已移除。"
            " The decision is undone and its entry removed."
        )
        moved = self._step(tx, replace(case, appeal_decision=text, notice=notice), action, by)
        self._credit.step(tx, moved, CreditAction.UPHOLD if upheld else CreditAction.REMOVE, by)
        return moved if upheld else self._lift(tx, moved, text, by)

    def become_final(self, tx: Transaction, now: datetime) -> None:
        """Due work: confirmed cases nobody appealed against in time."""
        for case in store.confirmed_until(tx, moment_of(now)):
            self._step(tx, case, RiskCaseAction.BECOME_FINAL, "clock")

    def _to_decide(
        self, tx: Transaction, case_id: str, action: RiskCaseAction, by: str
    ) -> RiskCase:
        case = self.look(tx, case_id)
        next_state(case.state, action)
        if case.opened_by == by:
            raise OpenerDoesNotDecide
        if case.assigned_to not in {by, by.partition(":")[2]}:  # as in inspector:li.na
            raise CaseIsOfAnother(assignee=case.assigned_to or "-")
        return case

    def _lift(self, tx: Transaction, case: RiskCase, text: str, by: str) -> RiskCase:
        """The decision that ends a case ends its freeze."""
        if not case.frozen or case.card_id is None:
            return case
        self._decisions.lift_freeze(tx, case.card_id, f"{case.case_id}: {text}", by)
        return self.look(tx, case.case_id)

    def mark_overdue(self, tx: Transaction, now: datetime) -> None:
        """Due work: cases and appeals nobody decided in time are told as overdue, once."""
        at = moment_of(now)
        for case in store.past(tx, at):
            late = replace(case, overdue_since=at)
            store.save(tx, late, is_new=False)
            self._record(tx, late, "fall_overdue", case.state, "clock")

    def _within(self, days: DatedNumber) -> str:
        now = self._clock.now()
        return moment_of(now + timedelta(days=days.on_or_first(now.date())))

    def _refer(self, tx: Transaction, case: RiskCase, by: str) -> RiskCase:
        """A merchant, clinic or employer answers in a case against institutions."""
        kind = conduct_of_institution(case.typology)
        try:
            opened = self._accountability.open(
                tx,
                kind=kind,
                against="institution",
                respondent=case.subject,
                facts=f"{case.case_id}: {case.facts}",
                report_number=None,
                by=by,
            )
        except CaseKindIsUnknown:
            return case  # this region's regulation names no such conduct of institutions
        referred = replace(case, referred_to=opened.case_id)
        store.save(tx, referred, is_new=False)
        return referred

    def _step(self, tx: Transaction, case: RiskCase, action: RiskCaseAction, by: str) -> RiskCase:
        at = moment_of(self._clock.now())
        moved = replace(case, state=next_state(case.state, action), state_since=at)
        if moved.state not in WAITS:
            moved = replace(moved, due_at=None, overdue_since=None)
        store.save(tx, moved, is_new=False)
        self._record(tx, moved, action.value, case.state, by)
        return moved

    def _record(
        self, tx: Transaction, case: RiskCase, step: str, before: RiskCaseState | None, by: str
    ) -> None:
        at, after = moment_of(self._clock.now()), case.state.value
        told = before.value if before else None
        store.CHANGES.add(tx, case.case_id, action=step, before=told, after=after, at=at, by=by)
        tx.emit(
            RiskCaseChanged(
                at=at,
                by=by,
                card_id=case.card_id,
                case_id=case.case_id,
                typology=case.typology,
                step=step,
                after=after,
            )
        )
