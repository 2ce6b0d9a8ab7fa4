"""Nobody lies in two hospitals: what is asked before an admission, and a second stay named.

Rules: of a holder of this region the stays here and those other regions tell of count; a holder of
another region is asked about there, and is told of.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from card_platform.services.medical.held_bills.model import HeldBill, KnownStay
from card_platform.services.medical.visits import store
from card_platform.services.medical.visits.model import Visit, VisitState
from card_platform.services.medical.visits.refusals import PatientIsAdmittedElsewhere
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number

ADMISSIONS = "medical-admissions"
"""The counter whose row an admission takes: of two of one patient the later sees the other."""


class OtherStays(Protocol):
    """Stays in hospitals of other regions, where direct settlement is agreed on."""

    def region_of_stay(self, tx: Transaction, card_id: str) -> str | None:
        """The other region where the holder lies in a hospital."""
        ...

    def stays_of(self, tx: Transaction, card_id: str) -> list[KnownStay]:
        """All stays of the holder of one of this region's cards, here and elsewhere."""
        ...

    def forget_double(self, tx: Transaction, cleared: HeldBill) -> None:
        """A stay whose bill was cleared, of another region, is a double one no longer."""
        ...

    def tell(self, tx: Transaction, visit: Visit, ended_on: str | None = None) -> None:
        """Tell the holder's region that a stay began here, or has ended."""
        ...

    def tell_decision(self, tx: Transaction, held: HeldBill) -> None:
        """Tell another region what became of a bill of its hospital that was held here."""
        ...


def require_no_other_stay(tx: Transaction, visit: Visit, others: OtherStays) -> None:
    """Refuse an admission while another stay of the patient is known.

    Raises:
        PatientIsAdmittedElsewhere.
    """
    next_number(tx, ADMISSIONS)
    if store.has_another_stay(tx, visit):
        raise PatientIsAdmittedElsewhere
    if visit.card_id is not None and others.region_of_stay(tx, visit.card_id) is not None:
        raise PatientIsAdmittedElsewhere


def bear_double_stay(tx: Transaction, visit: Visit) -> Visit:
    """Name a stay that another region found to be a second one, for correction: the visit bears the
    code until it is asked to be settled; one that was asked already stays as it is.
    """
    if visit.state not in (VisitState.ADMITTED, VisitState.DISCHARGED):
        return visit
    why = PatientIsAdmittedElsewhere()
    named = msgspec.structs.replace(
        visit, problem_code=why.code, problem_zh=why.detail_zh, problem_en=why.detail_en
    )
    store.save(tx, named)
    return named
