"""The steps of a visit from registration to admission, each at a designated institution.

Every step finds the designation under which the terminal stands, holds the visit, asks the table,
and leaves its row in the history. `discharge` and `billing` go on from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from card_platform.issuance.ecards.codes import Codes
from card_platform.regions import RegionPolicy
from card_platform.services.medical.benefits.service import Benefits
from card_platform.services.medical.institutions.model import Designation, InstitutionKind
from card_platform.services.medical.institutions.refusals import InstitutionIsOfAnotherKind
from card_platform.services.medical.institutions.service import Institutions
from card_platform.services.medical.visits import prescriptions, store
from card_platform.services.medical.visits.admission import find_buyer, find_patient
from card_platform.services.medical.visits.model import (
    LINES_MAX,
    PrescribedItem,
    Prescription,
    Visit,
    VisitAction,
    VisitChanged,
    VisitState,
)
from card_platform.services.medical.visits.prescriptions import Charge
from card_platform.services.medical.visits.refusals import (
    BuyerHasNoMandate,
    LinesAreTooMany,
    VisitIsUnknown,
)
from card_platform.services.medical.visits.stays import OtherStays, require_no_other_stay
from card_platform.services.verification.presented import Presented
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, Moment, moment_of
from card_platform.web.authentication import Caller


class Patient(msgspec.Struct, frozen=True):
    """Who is registered; `card_id` is None for a holder of another region, which was asked."""

    region: str
    card_number: str
    name: str
    card_id: str | None


class Registration(msgspec.Struct, frozen=True):
    """What is registered: the hospital's department, or what a sale needs."""

    department: str | None = None
    prescription_id: str | None = None
    buyer: str | None = None
    """Document number of an agent who buys for the holder."""


class Visits:
    """The visits to one region's institutions."""

    def __init__(
        self,
        policy: RegionPolicy,
        institutions: Institutions,
        benefits: Benefits,
        codes: Codes,
        clock: Clock,
        *,
        stays: OtherStays,
    ) -> None:
        self._stays = stays
        self.region = policy.region.code
        self.rules = policy.medical
        self._institutions = institutions
        self._benefits = benefits
        self._codes = codes
        self._clock = clock

    def register(
        self, tx: Transaction, shown: Presented, asked: Registration, caller: Caller
    ) -> Visit:
        """Register a holder of this region's cards (挂号), or begin a sale.

        Raises:
            InstitutionIsNotDesignated and the other refusals of `Institutions.at`, CardRefusal,
            CodeRefusal, PatientIsNotInsured, and those of `register_patient`.
        """
        self._institutions.at(tx, caller.site)
        found = find_patient(tx, self._codes, shown, caller.name)
        self._benefits.insurance_of(tx, found.person_id, self.today().isoformat())
        patient = Patient(self.region, found.card_number, found.name, found.card_id)
        return self.register_patient(tx, patient, asked, caller)

    def register_patient(
        self, tx: Transaction, patient: Patient, asked: Registration, caller: Caller
    ) -> Visit:
        """Register whoever was found to hold the card.

        Raises:
            InstitutionIsNotDesignated and the other refusals of `Institutions.at`,
            InstitutionIsOfAnotherKind, BuyerHasNoMandate, PrescriptionIsUnknown,
            PrescriptionStateForbids, PrescriptionHasExpired.
        """
        place = self._institutions.at(tx, caller.site)
        is_sale = place.kind is InstitutionKind.PHARMACY
        if not is_sale and (asked.prescription_id or asked.buyer):
            raise InstitutionIsOfAnotherKind(kind=place.kind.value)
        now = self.now()
        level, agent_id = place.level or 1, None
        if asked.prescription_id is not None:
            prescription = prescriptions.require_to_fill(
                tx, asked.prescription_id, patient.region, patient.card_number, now[:10]
            )
            level = prescription.level
        if asked.buyer is not None:
            if patient.card_id is None:
                raise BuyerHasNoMandate
            agent_id = find_buyer(tx, patient.card_id, asked.buyer, now[:10])
        visit = Visit(
            visit_id=new_identifier("visit"),
            kind=place.kind,
            designation_id=place.designation_id,
            operator=caller.operator,
            region=patient.region,
            card_number=patient.card_number,
            holder_name=patient.name,
            level=level,
            state=VisitState.REGISTERED,
            registered_at=now,
            by=caller.name,
            card_id=patient.card_id,
            department=asked.department,
            prescription_id=asked.prescription_id,
            agent_id=agent_id,
        )
        store.add(tx, visit)
        self.record(tx, visit, "register", before=None, by=caller.name)
        return visit

    def consult(self, tx: Transaction, visit_id: str, diagnosis: str, caller: Caller) -> Visit:
        """The doctor has seen the patient. Raises as `step`."""
        return self.step(tx, visit_id, VisitAction.CONSULT, caller, diagnosis=diagnosis)

    def charge(
        self, tx: Transaction, visit_id: str, charges: Sequence[Charge], caller: Caller
    ) -> Visit:
        """Put lines on the bill.

        Raises:
            ItemIsNotListed, ItemIsNoMedicine, PrescriptionIsNeeded, LinesAreTooMany, and as `step`.
        """
        return self._charge(tx, visit_id, VisitAction.CHARGE, charges, caller)

    def prescribe_here(
        self, tx: Transaction, visit_id: str, charges: Sequence[Charge], caller: Caller
    ) -> Visit:
        """Prescribe medicines that the hospital hands out itself. Raises as `charge`."""
        for each in charges:
            prescriptions.require_medicine(self.rules, each.code)
        return self._charge(tx, visit_id, VisitAction.PRESCRIBE, charges, caller)

    def prescribe_for_pharmacy(
        self, tx: Transaction, visit_id: str, items: Sequence[PrescribedItem], caller: Caller
    ) -> tuple[Visit, Prescription]:
        """Prescribe medicines for a pharmacy.

        Raises:
            ItemIsNotListed, ItemIsNoMedicine, and as `step`.
        """
        visit = self.step(tx, visit_id, VisitAction.PRESCRIBE, caller)
        return visit, prescriptions.issue(tx, self.rules, visit, items, self.now())

    def admit(self, tx: Transaction, visit_id: str, caller: Caller) -> Visit:
        """Take the patient in.

        Raises:
            PatientIsAdmittedElsewhere, and as `step`.
        """
        visit, today = self.held(tx, visit_id, caller), self.today().isoformat()
        visit.after(VisitAction.ADMIT)
        require_no_other_stay(tx, visit, self._stays)
        admitted = self.move(tx, visit, VisitAction.ADMIT, caller.name, admitted_on=today)
        if visit.card_id is None:
            self._stays.tell(tx, admitted)
        return admitted

    def cancel(self, tx: Transaction, visit_id: str, caller: Caller) -> Visit:
        """Give the visit up before anything was settled. Raises as `step`."""
        return self.step(tx, visit_id, VisitAction.CANCEL, caller)

    def look(self, tx: Transaction, visit_id: str, caller: Caller) -> Visit:
        """A visit of the terminal's own institution, designated still or not.

        Raises:
            VisitIsUnknown.
        """
        visit = store.find(tx, visit_id)
        if visit is None or not self._is_of(tx, visit, caller):
            raise VisitIsUnknown
        return visit

    def held(self, tx: Transaction, visit_id: str, caller: Caller) -> Visit:
        """A visit of the terminal's own institution, locked until the transaction ends.

        Raises:
            VisitIsUnknown, and the refusals of `Institutions.at`.
        """
        place = self._institutions.at(tx, caller.site)
        visit = store.find(tx, visit_id, to_change=True)
        if visit is None or visit.designation_id != place.designation_id:
            raise VisitIsUnknown
        return visit

    def step(
        self, tx: Transaction, visit_id: str, action: VisitAction, caller: Caller, **changed: Any
    ) -> Visit:
        """One step of a visit.

        Raises:
            VisitStateForbids, and as `held`.
        """
        return self.move(tx, self.held(tx, visit_id, caller), action, caller.name, **changed)

    def move(
        self, tx: Transaction, visit: Visit, action: VisitAction, by: str, **changed: Any
    ) -> Visit:
        """Take a step with a visit that is held. Raises VisitStateForbids."""
        reason = changed.pop("reason", None)
        moved = msgspec.structs.replace(visit, state=visit.after(action), **changed)
        store.save(tx, moved)
        self.record(tx, moved, action.value, before=visit.state, by=by, reason=reason)
        return moved

    def record(
        self,
        tx: Transaction,
        visit: Visit,
        step: str,
        *,
        before: VisitState | None,
        by: str,
        reason: str | None = None,
    ) -> None:
        """Leave the step in the history and tell of it."""
        at = self.now()
        store.CHANGES.add(
            tx,
            visit.visit_id,
            action=step,
            before=before.value if before else None,
            after=visit.state.value,
            reason=reason,
            at=at,
            by=by,
        )
        told = VisitChanged(at=at, by=by, card_id=visit.card_id, visit_id=visit.visit_id, step=step)
        tx.emit(told)

    def require_place(self, tx: Transaction, caller: Caller) -> None:
        """Nobody is asked about a patient where nothing is settled. Raises `Institutions.at`'s."""
        self._institutions.at(tx, caller.site)

    def place_of(self, tx: Transaction, visit: Visit) -> Designation:
        """The designation of the institution of a visit."""
        return self._institutions.look(tx, visit.designation_id)

    def now(self) -> Moment:
        """This moment."""
        return moment_of(self._clock.now())

    def today(self) -> date:
        """This day."""
        return self._clock.now().date()

    def _charge(
        self,
        tx: Transaction,
        visit_id: str,
        action: VisitAction,
        charges: Sequence[Charge],
        caller: Caller,
    ) -> Visit:
        visit = self.step(tx, visit_id, action, caller)
        if visit.kind is InstitutionKind.PHARMACY:
            lines = prescriptions.sold(tx, self.rules, visit, charges, self.today())
        else:
            lines = [prescriptions.priced(self.rules, each, self.today()) for each in charges]
        if len(lines) + len(store.lines_of(tx, visit_id)) > LINES_MAX:
            raise LinesAreTooMany(limit=LINES_MAX)
        store.add_lines(tx, visit_id, lines)
        return visit

    def _is_of(self, tx: Transaction, visit: Visit, caller: Caller) -> bool:
        return self._institutions.look(tx, visit.designation_id).site_id == caller.site
