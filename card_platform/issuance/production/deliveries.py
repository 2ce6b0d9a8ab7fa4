"""Deliveries: finished cards to the site where their holders collect them (YD-7b: 收受分离).

Rules: a card goes to the site its application named and to no other, in one consignment. The site
counts what came; what it misses is handed over to nobody until a later count finds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from card_platform.issuance import registers
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.production import store
from card_platform.issuance.production.model import (
    DELIVERY_LIFE,
    Delivery,
    DeliveryAction,
    DeliveryChanged,
    DeliveryState,
)
from card_platform.issuance.production.refusals import (
    CardGoesElsewhere,
    CardHasNotArrived,
    CardIsNotOfTheDelivery,
    CardIsNotReadyToSend,
    CardIsOnItsWay,
    DeliveryIsUnknown,
)
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of

DELIVERY_MAX = 200
"""Most cards of one consignment."""


class Deliveries:
    """Consignments of one region's finished cards."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def send(
        self, tx: Transaction, site: str, consignment: str, card_ids: Sequence[str], by: str
    ) -> Delivery:
        """Send finished cards to the site where they are collected; all of them or none.

        Raises:
            CardIsUnknown, CardIsNotReadyToSend, CardGoesElsewhere, CardIsOnItsWay.
        """
        wanted = sorted(set(card_ids))  # one order of locks
        self._require_sendable(tx, wanted, site)
        at = moment_of(self._clock.now())
        delivery = Delivery(new_identifier("delivery"), site, consignment, len(wanted), at, by)
        store.add_delivery(tx, delivery, wanted)
        self._tell(tx, delivery, "send", 0, at=at, by=by)
        return delivery

    def count(
        self, tx: Transaction, delivery_id: str, missing: Collection[str], by: str
    ) -> Delivery:
        """The site counts a consignment: all came but the missing. Again when one is found.

        Raises:
            DeliveryIsUnknown, CardIsNotOfTheDelivery.
        """
        found = store.find_delivery(tx, delivery_id, to_change=True)
        if found is None:
            raise DeliveryIsUnknown
        states = store.states_of_delivery(tx, delivery_id)
        open_cards = {each for each, state in states.items() if DELIVERY_LIFE[state]}
        for card_id in missing:
            if card_id not in open_cards:
                raise CardIsNotOfTheDelivery(card_id=card_id)
        at = moment_of(self._clock.now())
        moved = defaultdict(list)
        for card_id in sorted(open_cards):
            action = DeliveryAction.MISS if card_id in missing else DeliveryAction.ARRIVE
            after = DELIVERY_LIFE[states[card_id]].get(action)
            if after is not None:  # what was missing before, and still is, stays as it is
                moved[after].append(card_id)
        for after, cards in moved.items():
            store.save_delivered(tx, cards, after, at)
        counted = replace(found, counted_at=at, counted_by=by)
        store.save_count(tx, counted)
        self._tell(tx, counted, "count", len(set(missing)), at=at, by=by)
        return counted

    def look(self, tx: Transaction, delivery_id: str) -> Delivery:
        """The consignment. Raises DeliveryIsUnknown."""
        found = store.find_delivery(tx, delivery_id)
        if found is None:
            raise DeliveryIsUnknown
        return found

    @staticmethod
    def _require_sendable(tx: Transaction, card_ids: Sequence[str], site: str) -> None:
        states = store.states_to_change(tx, card_ids)
        sites = registers.collection_sites_of(tx, card_ids)
        sent = store.deliveries_of(tx, card_ids)  # after the lock: another may just have sent one
        for card_id in card_ids:
            state = states.get(card_id)
            if state is None:
                raise CardIsUnknown
            if state is not CardState.READY:
                raise CardIsNotReadyToSend(card_id=card_id, state=state.value)
            waits_at = sites.get(card_id, site)
            if waits_at != site:
                raise CardGoesElsewhere(card_id=card_id, site=waits_at)
            if card_id in sent:
                raise CardIsOnItsWay(card_id=card_id, delivery=sent[card_id])

    @staticmethod
    def _tell(
        tx: Transaction, delivery: Delivery, step: str, missing: int, *, at: str, by: str
    ) -> None:
        tx.emit(
            DeliveryChanged(
                at=at,
                by=by,
                delivery_id=delivery.delivery_id,
                step=step,
                cards=delivery.cards,
                missing=missing,
            )
        )


def require_arrived(tx: Transaction, card_id: str) -> None:
    """A card that was sent is at the site of its collection.

    Raises:
        CardHasNotArrived: it is on its way, or missing.
    """
    sent = store.delivery_of(tx, card_id)
    if sent is not None and sent[1] is not DeliveryState.ARRIVED:
        raise CardHasNotArrived(state=sent[1].value)
