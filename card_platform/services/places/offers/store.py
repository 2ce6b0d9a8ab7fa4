"""Table and SQL of offers."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select, update

from card_platform.services.places.offers.model import Offer, OfferState
from card_platform.services.places.offers.terms import OfferTerms
from card_platform.services.sites.store import SITE_SERVICES
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

OFFERS = Table(
    "offers",
    METADATA,
    Column("offer_id", String, primary_key=True),
    Column("site_id", String, ForeignKey("sites.site_id"), nullable=False),
    Column("operator", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("field", String, nullable=False),
    Column("item_id", String, ForeignKey("catalogue_items.item_id")),
    Column("name_zh", String, nullable=False),
    Column("name_en", String, nullable=False),
    Column("document", String, nullable=False),
    Column("terms", String, nullable=False),
    Column("state", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_offers_of_site", "site_id", "offer_id"),
)
CHANGES = History("offer_changes", "offers.offer_id", "reason")


def add(tx: Transaction, offer: Offer) -> None:
    """Save a new offer."""
    terms = msgspec.json.encode(offer.terms).decode()
    tx.execute(insert(OFFERS).values({**msgspec.structs.asdict(offer), "terms": terms}))


def save_state(tx: Transaction, offer_id: str, state: OfferState) -> None:
    """Save the state of an offer."""
    tx.execute(update(OFFERS).where(OFFERS.c.offer_id == offer_id).values(state=state.value))


def find(tx: Transaction, offer_id: str, *, to_change: bool = False) -> Offer | None:
    """The offer of that id; with `to_change` locked until the transaction ends."""
    query = select(OFFERS).where(OFFERS.c.offer_id == offer_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return None if row is None else _offer(dict(row._mapping))


def lends_at(tx: Transaction, site_id: str) -> bool:
    """Whether the site has an open lending offer."""
    columns = OFFERS.c
    query = select(columns.offer_id).where(
        columns.site_id == site_id, columns.kind == "lending", columns.state == OfferState.OPEN
    )
    return bool(tx.select(query.limit(1)))


def is_in_service(tx: Transaction, site_id: str, item_id: str) -> bool:
    """Whether the site is in service for the item."""
    columns = SITE_SERVICES.c
    query = select(columns.since).where(columns.site_id == site_id, columns.item_id == item_id)
    return bool(tx.select(query))


def page_of_offers(tx: Transaction, site_id: str | None, page: Page) -> Paged[Offer]:
    """A page of the offers that have not ended, of one site or of all, the oldest first."""
    query = select(OFFERS).where(OFFERS.c.state != OfferState.ENDED.value)
    if site_id is not None:
        query = query.where(OFFERS.c.site_id == site_id)
    return page_of(tx, query, [OFFERS.c.offer_id], page).made(_offer)


def _offer(values: dict[str, Any]) -> Offer:
    terms = msgspec.json.decode(values["terms"], type=OfferTerms)
    return Offer(**{**values, "terms": terms, "state": OfferState(values["state"])})
