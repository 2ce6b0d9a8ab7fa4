"""All stays of a holder of this region that it knows of, here and in other regions."""

from __future__ import annotations

from card_platform.exchange.medical import stays_store
from card_platform.exchange.medical.model import reference_of, reference_there
from card_platform.services.medical.held_bills.model import HeldBill, KnownStay
from card_platform.services.medical.visits import store as visit_store
from card_platform.storage import Transaction


def known_stays(tx: Transaction, own: str, person_id: str) -> list[KnownStay]:
    """Stays here, then those that other regions told of."""
    here = visit_store.stays_of(tx, person_id, own)
    elsewhere = stays_store.stays_of(tx, person_id)
    return [
        *(
            KnownStay(
                each.visit_id,
                own,
                each.admitted_on or "",
                visit_store.ended_on(tx, each.visit_id),
            )
            for each in here
        ),
        *(
            KnownStay(
                reference_of(each.region, each.reference),
                each.region,
                each.admitted_on,
                each.ended_on,
            )
            for each in elsewhere
        ),
    ]


def forget_double(tx: Transaction, cleared: HeldBill) -> None:
    """The stay of a bill that was cleared overlaps no other."""
    there = reference_there(cleared.region, cleared.bill)
    stays_store.forget_double(tx, cleared.region, there)
