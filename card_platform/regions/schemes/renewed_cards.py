"""Functions follow their holder from a card to the one that came in its place (CQ-12b, NM-7d).

Rules:
- When the new card is handed over, every function that still stands on the card before it is bound
  to the new one, in the same transaction: it works on line at once, as from any active card.
- The chip of the new card has nothing of it yet: each function waits to be loaded at the counter.
- One that ended, or was ending, does not come back; the department may move it as before.
- What the old chip may still hold is told to terminals (`store.ended_on_chips`).
"""

from __future__ import annotations

from card_platform.issuance import registers
from card_platform.issuance.model import CardAction, CardStateChanged
from card_platform.regions.schemes import card_functions_store, store
from card_platform.regions.schemes.function_life import FunctionAction, next_function_state
from card_platform.regions.schemes.model import SchemeChanged
from card_platform.storage import Event, Transaction


def follow_renewals(tx: Transaction, event: Event) -> None:
    """Bind what stands on the old card to the new one that is handed over."""
    if not isinstance(event, CardStateChanged) or event.step is not CardAction.ACTIVATE:
        return
    old_card_id, _ = registers.succession_of(tx, event.card_id)
    if old_card_id is None:
        return
    old, new = (store.number_of_card(tx, each) or "" for each in (old_card_id, event.card_id))
    for scheme_id, number, state in card_functions_store.standing_on(tx, old):
        bound = next_function_state(state, FunctionAction.FOLLOW)
        card_functions_store.follow_to(tx, scheme_id, number, card_number=new, state=bound)
        tx.emit(
            SchemeChanged(
                at=event.at,
                by=event.by,
                card_id=event.card_id,
                scheme_id=scheme_id,
                step="follow-to-new-card",
            )
        )
