"""An order to the card maker, a delivery to a site, a card made on the spot, and their events.

Rules:
- An order takes cards that were applied for, the oldest first; how far it is follows from the
  states of its cards, and is written nowhere else.
- Finished cards go to the site where they are collected, as a consignment. A card on its way is
  handed over to nobody; one that did not arrive is missing until it is found.
- A site that can make cards itself makes one while its holder waits: the same steps of the same
  table, so that card and record are those of any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from card_platform.storage import Event


class DeliveryState(StrEnum):
    """Where a card of a consignment is."""

    SENT = "sent"
    ARRIVED = "arrived"
    MISSING = "missing"


class DeliveryAction(StrEnum):
    """What the site of collection finds of it."""

    ARRIVE = "arrive"
    MISS = "miss"


S, A = DeliveryState, DeliveryAction
DELIVERY_LIFE: dict[DeliveryState, dict[DeliveryAction, DeliveryState]] = {
    S.SENT: {A.ARRIVE: S.ARRIVED, A.MISS: S.MISSING},
    S.MISSING: {A.ARRIVE: S.ARRIVED},
    S.ARRIVED: {},
}


@dataclass(frozen=True, slots=True)
class Order:
    """Cards ordered from the card maker together; `collection_site` None is every site."""

    order_id: str
    collection_site: str | None
    cards: int
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A consignment of finished cards to the site where they are collected.

    Attributes:
        consignment: the carrier's number.
        counted_at: when the site first counted it; None while it is on its way.
    """

    delivery_id: str
    site: str
    consignment: str
    cards: int
    sent_at: str
    sent_by: str
    counted_at: str | None = None
    counted_by: str | None = None


class ProductionOrdered(Event, frozen=True, kw_only=True):
    """Cards were ordered from the card maker together."""

    action: ClassVar[str] = "order-production"
    card_id: None = None
    order_id: str
    cards: int

    @property
    def detail(self) -> str:
        """Which order, how many cards."""
        return f"{self.order_id}: {self.cards}"


class DeliveryChanged(Event, frozen=True, kw_only=True):
    """A consignment was sent or counted."""

    action: ClassVar[str] = "deliver-cards"
    card_id: None = None
    delivery_id: str
    step: str
    cards: int
    missing: int = 0

    @property
    def detail(self) -> str:
        """Which, what, how many."""
        return f"{self.delivery_id}: {self.step}, {self.cards} cards, {self.missing} missing"


class CardMadeOnTheSpot(Event, frozen=True, kw_only=True):
    """A site began to make a card for a holder who waits."""

    action: ClassVar[str] = "make-on-the-spot"
    card_id: str
    site_id: str

    @property
    def detail(self) -> str:
        """Where."""
        return f"site {self.site_id}"
