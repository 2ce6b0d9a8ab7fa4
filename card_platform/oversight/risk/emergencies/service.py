"""Alarms out of alerts or by hand, and the steps of an emergency."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from card_platform.oversight.risk.emergencies import store
from card_platform.oversight.risk.emergencies.model import (
    Emergency,
    EmergencyAction,
    EmergencyChanged,
    EmergencyState,
    next_state,
)
from card_platform.oversight.risk.emergencies.refusals import EmergencyIsOpen, EmergencyIsUnknown
from card_platform.oversight.risk.history import Alert, Typology
from card_platform.oversight.risk.stream.store import alerts_since
from card_platform.oversight.risk.stream.watch import rules_in_force
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


class Emergencies:
    """The emergencies of one region."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def follow(self, tx: Transaction, alert: Alert, now: datetime) -> None:
        """Weigh a new alert with those of its kind before it: enough of them raise an alarm.

        Those before the last emergency of the kind ended were judged with it.
        """
        numbers = rules_in_force(tx).on(now.date())
        is_forged = alert.typology == Typology.FORGED_CARD
        needed = numbers["alarm.forged_alerts" if is_forged else "alarm.alerts"]
        window = now - timedelta(seconds=numbers["alarm.window_s"])
        since = max(f"{window:%Y-%m-%dT%H:%M:%S}+08:00", store.last_end(tx, alert.typology))
        found = alerts_since(tx, alert.typology, since)
        if len(found) >= needed and store.open_of_kind(tx, alert.typology) is None:
            reason = f"{len(found)} 条 {alert.typology} 告警 alerts: {', '.join(found[:20])}"
            self._raise(tx, alert.typology, reason, "clock")

    def raise_by_hand(self, tx: Transaction, kind: str, reason: str, by: str) -> Emergency:
        """An alarm of an operator. Raises EmergencyIsOpen."""
        under_way = store.open_of_kind(tx, kind)
        if under_way is not None:
            raise EmergencyIsOpen(emergency_id=under_way.emergency_id)
        return self._raise(tx, kind, reason, by)

    def look(self, tx: Transaction, emergency_id: str) -> Emergency:
        """The emergency. Raises EmergencyIsUnknown."""
        found = store.find(tx, emergency_id)
        if found is None:
            raise EmergencyIsUnknown
        return found

    def step(
        self, tx: Transaction, emergency_id: str, action: EmergencyAction, done: str, by: str
    ) -> Emergency:
        """The next step, with what was done. Raises EmergencyIsUnknown, EmergencyStateForbids."""
        found = self.look(tx, emergency_id)
        at = moment_of(self._clock.now())
        moved = replace(found, state=next_state(found.state, action), state_since=at)
        store.save(tx, moved, is_new=False)
        self._record(tx, moved, action.value, found.state, done, by=by)
        return moved

    def _raise(self, tx: Transaction, kind: str, reason: str, by: str) -> Emergency:
        at = moment_of(self._clock.now())
        state = EmergencyState.ALARMED
        raised = Emergency(new_identifier("emergency"), kind, reason, state, at, at)
        store.save(tx, raised, is_new=True)
        self._record(tx, raised, "raise", None, reason, by=by)
        return raised

    def _record(
        self,
        tx: Transaction,
        emergency: Emergency,
        step: str,
        before: EmergencyState | None,
        done: str,
        *,
        by: str,
    ) -> None:
        at, after = emergency.state_since, emergency.state.value
        told = before.value if before else None
        name = emergency.emergency_id
        store.STEPS.add(tx, name, action=step, before=told, after=after, done=done, at=at, by=by)
        kind = emergency.kind
        tx.emit(
            EmergencyChanged(at=at, by=by, emergency_id=name, kind=kind, step=step, after=after)
        )
