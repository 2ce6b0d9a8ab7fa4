"""What the end of a freeze means for the cases it was for."""

from __future__ import annotations

from card_platform.issuance.lifecycle import FROZEN_STATES
from card_platform.issuance.model import CardStateChanged
from card_platform.oversight.risk.cases import store
from card_platform.storage import Event, Transaction


def end_freezes_for_cases(tx: Transaction, event: Event) -> None:
    """A card that is no longer frozen is frozen for no case; called with every event."""
    if (
        isinstance(event, CardStateChanged)
        and event.before in FROZEN_STATES
        and event.after not in FROZEN_STATES
    ):
        store.end_freezes(tx, event.card_id)
