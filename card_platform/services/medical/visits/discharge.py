"""The end of a stay in a hospital.

Rules (YD-13, SC-n): the region of a holder from elsewhere is told. Of a holder of this region the
stays are looked at again: where a stay elsewhere was told of before this end was put on record,
both bills are held, and the days may show now that they were never at once.
"""

from __future__ import annotations

from datetime import date

from card_platform.services.medical.held_bills.service import HeldBills
from card_platform.services.medical.visits.model import Visit, VisitAction
from card_platform.services.medical.visits.service import Visits
from card_platform.services.medical.visits.stays import ADMISSIONS, OtherStays
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number
from card_platform.web.authentication import Caller


class Discharges:
    """Lets patients of one region's hospitals go."""

    def __init__(self, visits: Visits, held_bills: HeldBills, stays: OtherStays) -> None:
        self._visits = visits
        self._held_bills = held_bills
        self._stays = stays

    def discharge(self, tx: Transaction, visit_id: str, caller: Caller) -> Visit:
        """Let the patient go; the days of the stay, at least one. Raises as `Visits.step`."""
        next_number(tx, ADMISSIONS)  # first: a notice that clears bills takes it before the visit
        visit, today = self._visits.held(tx, visit_id, caller), self._visits.today()
        visit.after(VisitAction.DISCHARGE)
        assert visit.admitted_on is not None  # noqa: S101 - only an admitted one is discharged
        days = max((today - date.fromisoformat(visit.admitted_on)).days, 1)
        if visit.card_id is None:
            self._stays.tell(tx, visit, today.isoformat())
        gone = self._visits.move(tx, visit, VisitAction.DISCHARGE, caller.name, days=days)
        if gone.card_id is None:
            return gone
        stays = self._stays.stays_of(tx, gone.card_id)
        for cleared in self._held_bills.look_again(tx, stays, caller.name):
            self._stays.forget_double(tx, cleared)
        return self._visits.held(tx, visit_id, caller)
