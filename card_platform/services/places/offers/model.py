"""An offer of a site: its life as a table, and its event.

Rules:
- Terminals serve the offers of the site they stand at.
- An offer under a catalogue item serves only while that item is in effect and the site is in
  service for it (NM-19, NX-9e): what is withdrawn from the catalogue stops at once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from card_platform.services.places.offers.refusals import OfferStateForbids
from card_platform.services.places.offers.terms import OfferKind, OfferTerms
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class OfferState(StrEnum):
    """Where an offer is."""

    OPEN = "open"
    SUSPENDED = "suspended"
    ENDED = "ended"


class OfferAction(StrEnum):
    """What its department may do with it."""

    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


_S, _A = OfferState, OfferAction
OFFER_LIFE: dict[OfferState, dict[OfferAction, OfferState]] = {
    _S.OPEN: {_A.SUSPEND: _S.SUSPENDED, _A.END: _S.ENDED},
    _S.SUSPENDED: {_A.RESUME: _S.OPEN, _A.END: _S.ENDED},
    _S.ENDED: {},
}


def next_state(state: OfferState, action: OfferAction) -> OfferState:
    """The state after the action. Raises OfferStateForbids: the table has no such row."""
    return state_after(OFFER_LIFE, state, action, OfferStateForbids)


class Offer(msgspec.Struct, frozen=True):
    """What a site offers.

    Attributes:
        operator: whose account of the ledger is paid.
        field: of use, as agreements between regions name it.
        item_id: of the catalogue; None for one outside it.
        document: the paper on which the department decided.
    """

    offer_id: str
    site_id: str
    operator: str
    kind: OfferKind
    field: str
    item_id: str | None
    name_zh: str
    name_en: str
    document: str
    terms: OfferTerms
    state: OfferState
    at: str
    by: str


class OfferChanged(Event, frozen=True, kw_only=True):
    """An offer was opened, suspended, resumed or ended."""

    action: ClassVar[str] = "change-offer"
    card_id: None = None
    offer_id: str
    step: str

    @property
    def detail(self) -> str:
        """The step and the offer."""
        return f"{self.step} {self.offer_id}"
