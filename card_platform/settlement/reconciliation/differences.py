"""A difference and its steps, each on record."""

from __future__ import annotations

import msgspec

from card_platform.settlement.reconciliation import store
from card_platform.settlement.reconciliation.model import (
    BankDifferenceChanged,
    Difference,
    DifferenceAction,
    DifferenceKind,
    DifferenceState,
    Place,
    Side,
    difference_after,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier


def find(
    tx: Transaction,
    place: Place,
    kind: DifferenceKind,
    own: Side | None,
    theirs: Side | None,
    *,
    at: str,
    by: str,
    reason: str | None = None,
) -> None:
    """Put a difference on record as open; one that is there already stays as it is."""
    if store.difference_of_line(tx, place) is not None:
        return
    found = Difference(
        difference_id=new_identifier("difference"),
        bank=place.bank,
        day=place.day,
        reference=place.reference,
        stage=place.stage,
        kind=kind,
        own_result=own.result if own else None,
        own_fen=own.amount_fen if own else None,
        bank_result=theirs.result if theirs else None,
        bank_fen=theirs.amount_fen if theirs else None,
        state=DifferenceState.OPEN,
        found_at=at,
        reason=reason,
    )
    store.add_difference(tx, found)
    _record(tx, found, "find", None, at=at, by=by)


def step(
    tx: Transaction,
    difference: Difference,
    action: DifferenceAction,
    *,
    reason: str,
    at: str,
    by: str,
    **more: str | int | None,
) -> Difference:
    """Take a difference one step further. Raises BankDifferenceStateForbids."""
    after = difference_after(difference.state, action)
    moved = msgspec.structs.replace(difference, state=after, reason=reason, **more)
    store.save_difference(tx, moved)
    _record(tx, moved, action.value, difference.state.value, at=at, by=by)
    return moved


def _record(
    tx: Transaction, difference: Difference, action: str, before: str | None, *, at: str, by: str
) -> None:
    after = difference.state.value
    told = {"action": action, "before": before, "after": after, "reason": difference.reason}
    store.CHANGES.add(tx, difference.difference_id, **told, at=at, by=by)
    tx.emit(
        BankDifferenceChanged(
            at=at,
            by=by,
            difference_id=difference.difference_id,
            step=action,
            after=after,
            gap_fen=difference.gap_fen,
        )
    )
