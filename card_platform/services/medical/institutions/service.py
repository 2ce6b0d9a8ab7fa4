"""Designating sites, and finding the designation under which a terminal settles."""

from __future__ import annotations

from datetime import date

import msgspec

from card_platform.services.medical.benefits.refusals import DaysAreReversed
from card_platform.services.medical.institutions import store
from card_platform.services.medical.institutions.model import (
    Designation,
    DesignationAction,
    DesignationChanged,
    DesignationState,
    InstitutionKind,
    next_state,
)
from card_platform.services.medical.institutions.refusals import (
    DesignationIsOutOfTime,
    DesignationIsSuspended,
    DesignationIsUnknown,
    InstitutionIsNotDesignated,
    InstitutionIsOfAnotherKind,
    LevelDoesNotFit,
    SiteIsDesignated,
)
from card_platform.services.sites.refusals import SiteIsUnknown
from card_platform.services.sites.store import find_site
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


class Institutions:
    """The designated institutions of one region."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def designate(
        self,
        tx: Transaction,
        *,
        site_id: str,
        kind: InstitutionKind,
        level: int | None,
        from_day: date,
        until: date | None,
        by: str,
    ) -> Designation:
        """Designate a site.

        Raises:
            SiteIsUnknown, SiteIsDesignated, LevelDoesNotFit, DaysAreReversed.
        """
        if (level is None) != (kind is InstitutionKind.PHARMACY):
            raise LevelDoesNotFit
        if until is not None and until < from_day:
            raise DaysAreReversed(until=until.isoformat(), since=from_day.isoformat())
        site = find_site(tx, site_id, to_change=True)
        if site is None:
            raise SiteIsUnknown
        if store.of_site(tx, site_id) is not None:
            raise SiteIsDesignated
        designation = Designation(
            designation_id=new_identifier("designation"),
            site_id=site_id,
            name_zh=site.name_zh,
            kind=kind,
            level=level,
            state=DesignationState.DESIGNATED,
            from_day=from_day.isoformat(),
            until=until.isoformat() if until else None,
            at=moment_of(self._clock.now()),
            by=by,
        )
        store.add(tx, designation)
        self._record(tx, designation, "designate", before=None, reason=None, by=by)
        return designation

    def change(
        self, tx: Transaction, designation_id: str, action: DesignationAction, reason: str, by: str
    ) -> Designation:
        """Suspend, resume or end a designation.

        Raises:
            DesignationIsUnknown, DesignationStateForbids.
        """
        found = store.find(tx, designation_id, to_change=True)
        if found is None:
            raise DesignationIsUnknown
        changed = msgspec.structs.replace(found, state=next_state(found.state, action))
        store.save_state(tx, designation_id, changed.state)
        self._record(tx, changed, action.value, before=found.state, reason=reason, by=by)
        return changed

    def at(self, tx: Transaction, site: str, kind: InstitutionKind | None = None) -> Designation:
        """The designation in force today at the place of a terminal.

        Args:
            site: where the terminal was enrolled.
            kind: what it must be designated as; None for either.

        Raises:
            InstitutionIsNotDesignated, DesignationIsSuspended, DesignationIsOutOfTime,
            InstitutionIsOfAnotherKind: the first that holds.
        """
        found = store.of_site(tx, site)
        if found is None:
            raise InstitutionIsNotDesignated(site=site)
        if found.state is DesignationState.SUSPENDED:
            raise DesignationIsSuspended
        today = self._clock.now().date().isoformat()
        if today < found.from_day or (found.until is not None and today > found.until):
            raise DesignationIsOutOfTime(since=found.from_day, until=found.until or "-")
        if kind is not None and found.kind is not kind:
            raise InstitutionIsOfAnotherKind(kind=found.kind.value)
        return found

    def was_in_force(self, tx: Transaction, site: str, moment: str) -> bool:
        """Whether a designation was in force at a place at a moment (2026-01-05T08:30:00): for what
        is told of later.
        """
        day = moment[:10]
        return any(
            each.from_day <= day
            and (each.until is None or day <= each.until)
            and _state_at(tx, each, moment) is DesignationState.DESIGNATED
            for each in store.all_of_site(tx, site)
        )

    def look(self, tx: Transaction, designation_id: str) -> Designation:
        """A designation, in force or not. Raises DesignationIsUnknown."""
        found = store.find(tx, designation_id)
        if found is None:
            raise DesignationIsUnknown
        return found

    def _record(
        self,
        tx: Transaction,
        designation: Designation,
        step: str,
        *,
        before: DesignationState | None,
        reason: str | None,
        by: str,
    ) -> None:
        at = moment_of(self._clock.now())
        store.CHANGES.add(
            tx,
            designation.designation_id,
            action=step,
            before=before.value if before else None,
            after=designation.state.value,
            reason=reason,
            at=at,
            by=by,
        )
        tx.emit(
            DesignationChanged(
                at=at,
                by=by,
                designation_id=designation.designation_id,
                site_id=designation.site_id,
                step=step,
            )
        )


def _state_at(tx: Transaction, designation: Designation, moment: str) -> DesignationState:
    """Designated from its first day, whenever that was put on record, until a later step."""
    state = DesignationState.DESIGNATED
    for step in store.CHANGES.of(tx, designation.designation_id)[1:]:
        if step["at"][: len(moment)] <= moment:
            state = DesignationState(step["after"])
    return state
