"""How an act stands at a moment: a booking nobody came for is missed once its slot is over.

Nobody is at the desk to say so, and no sweep does: the day, and the slot of the offer, whose terms
are never revised, say it each time the act is looked at.
"""

from __future__ import annotations

import msgspec

from card_platform.services.places.acts.model import Act, ActAction, ActState
from card_platform.services.places.offers import store as offer_store
from card_platform.storage import Transaction

_DATE, _HHMM = slice(0, 10), slice(11, 16)
"""Where a stored moment has its day, and its time of the day."""


def as_it_stands(tx: Transaction, act: Act, now: str) -> Act:
    """The act at a moment as it is stored; an offer is read only for a booking of that very day."""
    if act.state is not ActState.BOOKED or not _is_over(tx, act, now):
        return act
    return msgspec.structs.replace(act, state=act.after(ActAction.LAPSE))


def _is_over(tx: Transaction, booked: Act, now: str) -> bool:
    if booked.day != now[_DATE]:
        return booked.day < now[_DATE]
    offer = offer_store.find(tx, booked.offer_id)
    slot = offer.terms.slot(booked.opens or "") if offer else None
    return slot is not None and slot.closes <= now[_HHMM]
