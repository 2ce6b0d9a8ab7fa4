"""Orders to the card maker: many cards at once, their images, and the chips it reports.

Rules: an order takes each of its cards through the same step as a single one. A reported chip that
is wrong holds up no other: each report has its own answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from card_platform.errors import Refusal
from card_platform.issuance.production import store
from card_platform.issuance.production.model import Order, ProductionOrdered
from card_platform.issuance.production.refusals import (
    CardIsNotOfTheOrder,
    NothingToOrder,
    OrderIsUnknown,
)
from card_platform.issuance.service import Issuance
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of

ORDER_MAX = 200
"""Most cards of one order, and of one report: each is a step of a card's life."""


class ProductionOrders:
    """Orders of one region to its card maker."""

    def __init__(self, issuance: Issuance, clock: Clock) -> None:
        self._issuance = issuance
        self._clock = clock

    def order(self, tx: Transaction, collection_site: str | None, cards_max: int, by: str) -> Order:
        """Order the cards that wait longest, for one site of collection or for all.

        Raises:
            NothingToOrder: none waits.
        """
        waiting = store.cards_applied_for(tx, collection_site, cards_max)
        if not waiting:
            raise NothingToOrder
        for card_id in waiting:
            self._issuance.personalise(tx, card_id, by)
        at = moment_of(self._clock.now())
        order = Order(new_identifier("order"), collection_site, len(waiting), at, by)
        store.add_order(tx, order, waiting)
        tx.emit(ProductionOrdered(at=at, by=by, order_id=order.order_id, cards=order.cards))
        return order

    def look(self, tx: Transaction, order_id: str) -> Order:
        """The order. Raises OrderIsUnknown."""
        found = store.find_order(tx, order_id)
        if found is None:
            raise OrderIsUnknown
        return found

    def report(
        self, tx: Transaction, order_id: str, chips: Sequence[tuple[str, str]], by: str
    ) -> list[Refusal | None]:
        """Take finished cards in, each for itself: card id and what was read from its chip.

        Returns:
            For each why it was not taken, None where it was.

        Raises:
            OrderIsUnknown.
        """
        self.look(tx, order_id)
        return [self._take_in(tx, order_id, *chip, by) for chip in chips]

    def _take_in(
        self, tx: Transaction, order_id: str, card_id: str, historical_bytes: str, by: str
    ) -> Refusal | None:
        if not store.is_of_order(tx, order_id, card_id):
            return CardIsNotOfTheOrder()
        try:
            with tx.part():
                self._issuance.report_production(tx, card_id, historical_bytes, by)
        except Refusal as refused:
            return refused
        return None
