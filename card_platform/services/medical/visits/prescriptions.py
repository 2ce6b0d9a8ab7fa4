"""Pricing lines by the catalogue, and prescriptions: issued, filled once, given back.

Rules: what is charged is in the region's catalogue; its class on the day goes with the line. A
pharmacy sells medicines. The fund pays there for what is prescribed, as much of it as is; the rest
is over the counter, and a medicine on prescription is not sold over it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from card_platform.regions.medical_policy import MedicalItem, MedicalRules
from card_platform.services.medical.benefits.model import PricedLine
from card_platform.services.medical.visits import store
from card_platform.services.medical.visits.model import (
    PrescribedItem,
    Prescription,
    PrescriptionAction,
    PrescriptionState,
    Visit,
)
from card_platform.services.medical.visits.refusals import (
    ItemIsNoMedicine,
    ItemIsNotListed,
    PrescriptionHasExpired,
    PrescriptionIsNeeded,
    PrescriptionIsUnknown,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier


class Charge(msgspec.Struct, frozen=True):
    """So much of an item at a price."""

    code: str
    quantity: int
    unit_price_fen: int


def priced(rules: MedicalRules, charge: Charge, day: date, *, covered: bool = True) -> PricedLine:
    """A line of a bill. Raises ItemIsNotListed."""
    item = listed(rules, charge.code)
    return PricedLine(
        code=item.code,
        name_zh=item.name_zh,
        name_en=item.name_en,
        catalogue=item.catalogue,
        own_percent=item.own_percent_on(day),
        quantity=charge.quantity,
        unit_price_fen=charge.unit_price_fen,
        covered=covered,
    )


def listed(rules: MedicalRules, code: str) -> MedicalItem:
    """The item of that code. Raises ItemIsNotListed."""
    item = rules.item(code)
    if item is None:
        raise ItemIsNotListed(item=code)
    return item


def require_medicine(rules: MedicalRules, code: str) -> MedicalItem:
    """The same for a medicine. Raises ItemIsNotListed, ItemIsNoMedicine."""
    item = listed(rules, code)
    if item.kind != "medicine":
        raise ItemIsNoMedicine(item=code)
    return item


def sold(
    tx: Transaction, rules: MedicalRules, sale: Visit, charges: Sequence[Charge], day: date
) -> list[PricedLine]:
    """The lines of a sale: covered as far as the prescription goes, over the counter beyond.

    Raises:
        ItemIsNotListed, ItemIsNoMedicine, PrescriptionIsNeeded.
    """
    left = Counter[str]()
    if sale.prescription_id is not None:
        prescription = store.find_prescription(tx, sale.prescription_id)
        assert prescription is not None  # noqa: S101 - the sale was registered with it
        left.update({each.code: each.quantity for each in prescription.items})
    for line in store.lines_of(tx, sale.visit_id):
        if line.covered:
            left[line.code] -= line.quantity
    lines = []
    for charge in charges:
        item = require_medicine(rules, charge.code)
        covered = left[charge.code] >= charge.quantity
        if item.on_prescription and not covered:
            raise PrescriptionIsNeeded(item=charge.code)
        if covered:
            left[charge.code] -= charge.quantity
        lines.append(priced(rules, charge, day, covered=covered))
    return lines


def issue(
    tx: Transaction, rules: MedicalRules, visit: Visit, items: Sequence[PrescribedItem], at: str
) -> Prescription:
    """Prescribe for a pharmacy; of an item named twice both quantities count.

    Raises:
        ItemIsNotListed, ItemIsNoMedicine.
    """
    quantities = Counter[str]()
    for each in items:
        require_medicine(rules, each.code)
        quantities[each.code] += each.quantity
    day = date.fromisoformat(at[:10])
    days = rules.prescription_valid_for.on_or_first(day)
    prescription = Prescription(
        prescription_id=new_identifier("prescription"),
        visit_id=visit.visit_id,
        region=visit.region,
        card_number=visit.card_number,
        level=visit.level,
        items=[PrescribedItem(code, quantity) for code, quantity in quantities.items()],
        state=PrescriptionState.ISSUED,
        issued_at=at,
        valid_until=(day + timedelta(days=days - 1)).isoformat(),
    )
    store.add_prescription(tx, prescription)
    return prescription


def require_to_fill(
    tx: Transaction, prescription_id: str, region: str, card_number: str, today: str
) -> Prescription:
    """A prescription of that holder that can be filled today.

    Raises:
        PrescriptionIsUnknown, PrescriptionStateForbids, PrescriptionHasExpired.
    """
    found = store.find_prescription(tx, prescription_id)
    if found is None or (found.region, found.card_number) != (region, card_number):
        raise PrescriptionIsUnknown
    found.after(PrescriptionAction.DISPENSE)
    if today > found.valid_until:
        raise PrescriptionHasExpired(until=found.valid_until)
    return found


def change(tx: Transaction, sale: Visit, action: PrescriptionAction, today: str) -> None:
    """Fill the prescription of a sale, or give it back; a sale without one has nothing to do.

    Raises:
        PrescriptionStateForbids, PrescriptionHasExpired.
    """
    if sale.prescription_id is None:
        return
    found = store.find_prescription(tx, sale.prescription_id, to_change=True)
    assert found is not None  # noqa: S101 - the sale was registered with it
    after = found.after(action)
    if action is PrescriptionAction.DISPENSE and today > found.valid_until:
        raise PrescriptionHasExpired(until=found.valid_until)
    store.save_prescription_state(tx, msgspec.structs.replace(found, state=after))
