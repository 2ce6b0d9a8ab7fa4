"""Tables and SQL of orders to the card maker, deliveries and cards made on the spot."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, func, select, update

from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.production.model import Delivery, DeliveryState, Order
from card_platform.issuance.registers import HAND_OVERS
from card_platform.issuance.store import CARDS
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA

ORDERS = Table(
    "production_orders",
    METADATA,
    Column("order_id", String, primary_key=True),
    Column("collection_site", String),
    Column("cards", Integer, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
ORDERED_CARDS = Table(
    "ordered_cards",
    METADATA,
    Column("order_id", String, ForeignKey("production_orders.order_id"), primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), primary_key=True),
)
DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("delivery_id", String, primary_key=True),
    Column("site", String, nullable=False),
    Column("consignment", String, nullable=False),
    Column("cards", Integer, nullable=False),
    Column("sent_at", String, nullable=False),
    Column("sent_by", String, nullable=False),
    Column("counted_at", String),
    Column("counted_by", String),
)
DELIVERED_CARDS = Table(
    "delivered_cards",
    METADATA,
    Column("card_id", String, ForeignKey("cards.card_id"), primary_key=True),
    Column("delivery_id", String, ForeignKey("deliveries.delivery_id"), nullable=False),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Index("ix_delivered_cards_delivery_id", "delivery_id", "card_id"),
)
"""A card is sent once: what comes after a lost one is another card."""
ON_THE_SPOT = Table(
    "cards_made_on_the_spot",
    METADATA,
    Column("card_id", String, ForeignKey("cards.card_id"), primary_key=True),
    Column("site_id", String, ForeignKey("sites.site_id"), nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("finished_at", String),
)


def cards_applied_for(tx: Transaction, collection_site: str | None, most: int) -> list[str]:
    """Cards that wait for production, the oldest first; locked until the transaction ends."""
    query = select(CARDS.c.card_id).where(CARDS.c.state == CardState.APPLIED.value)
    if collection_site is not None:
        query = query.join(HAND_OVERS, HAND_OVERS.c.card_id == CARDS.c.card_id)
        query = query.where(HAND_OVERS.c.collection_site == collection_site)
    query = query.order_by(CARDS.c.card_serial).limit(most).with_for_update(of=CARDS)
    return list(tx.execute(query).scalars())


def add_order(tx: Transaction, order: Order, card_ids: Sequence[str]) -> None:
    """Save an order with its cards."""
    tx.execute(ORDERS.insert().values(asdict(order)))
    rows = [{"order_id": order.order_id, "card_id": card_id} for card_id in card_ids]
    tx.execute(ORDERED_CARDS.insert().values(rows))


def find_order(tx: Transaction, order_id: str) -> Order | None:
    """The order."""
    row = tx.execute(select(ORDERS).where(ORDERS.c.order_id == order_id)).one_or_none()
    return None if row is None else Order(**row._mapping)


def page_of_orders(tx: Transaction, page: Page) -> Paged[Order]:
    """A page of the orders, the latest first."""
    found = page_of(tx, select(ORDERS), [ORDERS.c.order_id], page, latest_first=True)
    return found.made(lambda row: Order(**row))


def states_of_order(tx: Transaction, order_id: str) -> dict[str, int]:
    """How many of the order's cards are in which state."""
    query = (
        select(CARDS.c.state, func.count())
        .join(ORDERED_CARDS, ORDERED_CARDS.c.card_id == CARDS.c.card_id)
        .where(ORDERED_CARDS.c.order_id == order_id)
        .group_by(CARDS.c.state)
        .order_by(CARDS.c.state)
    )
    rows: list[Any] = list(tx.execute(query))
    return {str(row[0]): int(row[1]) for row in rows}


def is_of_order(tx: Transaction, order_id: str, card_id: str) -> bool:
    """Whether the order has the card."""
    columns = ORDERED_CARDS.c
    query = select(columns.card_id).where(columns.order_id == order_id, columns.card_id == card_id)
    return tx.execute(query).first() is not None


def page_of_cards_in_production(tx: Transaction, order_id: str, page: Page) -> Paged[str]:
    """A page of the order's cards the card maker has not reported yet."""
    query = (
        select(CARDS.c.card_id)
        .join(ORDERED_CARDS, ORDERED_CARDS.c.card_id == CARDS.c.card_id)
        .where(ORDERED_CARDS.c.order_id == order_id, CARDS.c.state == CardState.IN_PRODUCTION.value)
    )
    found = page_of(tx, query, [ORDERED_CARDS.c.card_id], page)
    return found.made(lambda row: str(row["card_id"]))


def add_delivery(tx: Transaction, delivery: Delivery, card_ids: Sequence[str]) -> None:
    """Save a consignment with its cards."""
    tx.execute(DELIVERIES.insert().values(asdict(delivery)))
    sent = {
        "delivery_id": delivery.delivery_id,
        "state": DeliveryState.SENT.value,
        "state_since": delivery.sent_at,
    }
    rows = [{"card_id": card_id, **sent} for card_id in card_ids]
    tx.execute(DELIVERED_CARDS.insert().values(rows))


def save_count(tx: Transaction, delivery: Delivery) -> None:
    """Save when a consignment was counted."""
    tx.execute(
        update(DELIVERIES)
        .where(DELIVERIES.c.delivery_id == delivery.delivery_id)
        .values(counted_at=delivery.counted_at, counted_by=delivery.counted_by)
    )


def find_delivery(tx: Transaction, delivery_id: str, *, to_change: bool = False) -> Delivery | None:
    """The consignment; locked until the transaction ends where it is to change."""
    query = select(DELIVERIES).where(DELIVERIES.c.delivery_id == delivery_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return None if row is None else Delivery(**row._mapping)


def page_of_deliveries(tx: Transaction, page: Page) -> Paged[Delivery]:
    """A page of the consignments, the latest first."""
    found = page_of(tx, select(DELIVERIES), [DELIVERIES.c.delivery_id], page, latest_first=True)
    return found.made(lambda row: Delivery(**row))


def page_of_delivered(tx: Transaction, delivery_id: str, page: Page) -> Paged[dict[str, Any]]:
    """A page of a consignment's cards and where each is."""
    columns = DELIVERED_CARDS.c
    query = select(columns.card_id, columns.state, columns.state_since).where(
        columns.delivery_id == delivery_id
    )
    return page_of(tx, query, [columns.card_id], page)


def states_of_delivery(tx: Transaction, delivery_id: str) -> dict[str, DeliveryState]:
    """Where each card of a consignment is."""
    columns = DELIVERED_CARDS.c
    query = select(columns.card_id, columns.state).where(columns.delivery_id == delivery_id)
    return {row.card_id: DeliveryState(row.state) for row in tx.execute(query)}


def counts_by_state(
    tx: Transaction, delivery_ids: Sequence[str]
) -> dict[str, dict[DeliveryState, int]]:
    """How many cards of each of these consignments are where."""
    columns = DELIVERED_CARDS.c
    query = select(columns.delivery_id, columns.state, func.count().label("cards"))
    found: dict[str, dict[DeliveryState, int]] = {each: {} for each in delivery_ids}
    of_them = query.where(columns.delivery_id.in_(delivery_ids))
    for row in tx.execute(of_them.group_by(columns.delivery_id, columns.state)):
        found[row.delivery_id][DeliveryState(row.state)] = row.cards
    return found


def save_delivered(
    tx: Transaction, card_ids: Collection[str], state: DeliveryState, at: str
) -> None:
    """Save that these cards of a consignment are there now."""
    tx.execute(
        update(DELIVERED_CARDS)
        .where(DELIVERED_CARDS.c.card_id.in_(card_ids))
        .values(state=state.value, state_since=at)
    )


def states_to_change(tx: Transaction, card_ids: Sequence[str]) -> dict[str, CardState]:
    """The states of these cards, locked in the order of their ids until the transaction ends."""
    query = select(CARDS.c.card_id, CARDS.c.state).where(CARDS.c.card_id.in_(card_ids))
    rows = tx.execute(query.order_by(CARDS.c.card_id).with_for_update())
    return {row.card_id: CardState(row.state) for row in rows}


def deliveries_of(tx: Transaction, card_ids: Sequence[str]) -> dict[str, str]:
    """The consignment of each of these cards that was sent."""
    columns = DELIVERED_CARDS.c
    query = select(columns.card_id, columns.delivery_id).where(columns.card_id.in_(card_ids))
    return {row.card_id: row.delivery_id for row in tx.execute(query)}


def delivery_of(tx: Transaction, card_id: str) -> tuple[Delivery, DeliveryState, str] | None:
    """The consignment of a card, where the card is, and since when; None where it was not sent."""
    columns = DELIVERED_CARDS.c
    row = tx.execute(select(DELIVERED_CARDS).where(columns.card_id == card_id)).one_or_none()
    if row is None:
        return None
    delivery = find_delivery(tx, row.delivery_id)
    assert delivery is not None  # noqa: S101 - a foreign key
    return delivery, DeliveryState(row.state), row.state_since


def begin_on_the_spot(tx: Transaction, card_id: str, site_id: str, at: str, by: str) -> None:
    """A site makes the card."""
    tx.execute(ON_THE_SPOT.insert().values(card_id=card_id, site_id=site_id, at=at, by=by))


def site_that_makes(tx: Transaction, card_id: str) -> str | None:
    """The site that makes the card and has not finished it."""
    columns = ON_THE_SPOT.c
    query = select(columns.site_id).where(columns.card_id == card_id, columns.finished_at.is_(None))
    return tx.execute(query).scalar()


def finish_on_the_spot(tx: Transaction, card_id: str, at: str) -> None:
    """It is made and handed over."""
    tx.execute(update(ON_THE_SPOT).where(ON_THE_SPOT.c.card_id == card_id).values(finished_at=at))
