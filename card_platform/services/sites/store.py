"""Tables and SQL of sites."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ForeignKey,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    UniqueConstraint,
    delete,
    select,
    update,
)

from card_platform.services.sites.model import Site
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA

SITES = Table(
    "sites",
    METADATA,
    Column("site_id", String, primary_key=True),
    Column("area", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("name_zh", String, nullable=False),
    Column("address_zh", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("equipment", String, nullable=False),
    Column("hours", String, nullable=False),
    UniqueConstraint("area", "name_zh", name="uq_sites_area"),
)
SITE_SERVICES = Table(
    "site_services",
    METADATA,
    Column("site_id", String, ForeignKey("sites.site_id"), nullable=False),
    Column("item_id", String, ForeignKey("catalogue_items.item_id"), nullable=False),
    Column("since", String, nullable=False),
    PrimaryKeyConstraint("site_id", "item_id"),
)


def add_site(tx: Transaction, site: Site) -> None:
    """Save a new site."""
    tx.execute(SITES.insert().values(**_row(site)))


def save_site(tx: Transaction, site: Site) -> None:
    """Save what changed of a site."""
    tx.execute(update(SITES).where(SITES.c.site_id == site.site_id).values(**_row(site)))


def find_site(tx: Transaction, site_id: str, *, to_change: bool = False) -> Site | None:
    """The site; with `to_change`, others wait until this request ends."""
    query = select(SITES).where(SITES.c.site_id == site_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return _read(row) if row is not None else None


def sites(tx: Transaction) -> list[Site]:
    """All sites, oldest first."""
    return [_read(row) for row in tx.execute(select(SITES).order_by(SITES.c.site_id))]


def page_of_sites(tx: Transaction, page: Page) -> Paged[Site]:
    """A page of all sites, oldest first."""
    return page_of(tx, select(SITES), [SITES.c.site_id], page).made(_site)


def begin_service(tx: Transaction, site_id: str, item_id: str, since: str) -> None:
    """The site is in service for the item."""
    end_service(tx, site_id, item_id)
    tx.execute(SITE_SERVICES.insert().values(site_id=site_id, item_id=item_id, since=since))


def end_service(tx: Transaction, site_id: str, item_id: str) -> None:
    """It is no longer."""
    row = (SITE_SERVICES.c.site_id == site_id) & (SITE_SERVICES.c.item_id == item_id)
    tx.execute(delete(SITE_SERVICES).where(row))


def services(tx: Transaction) -> dict[str, list[str]]:
    """The items each site is in service for."""
    found: dict[str, list[str]] = {}
    for row in tx.execute(select(SITE_SERVICES).order_by(SITE_SERVICES.c.item_id)):
        found.setdefault(row.site_id, []).append(row.item_id)
    return found


def _row(site: Site) -> dict[str, Any]:
    row = {name: getattr(site, name) for name in site.__struct_fields__}
    for name in ("equipment", "hours"):
        row[name] = msgspec.json.encode(row[name]).decode()
    return row


def _read(row: Row[Any]) -> Site:
    return _site(dict(row._mapping))


def _site(row: dict[str, Any]) -> Site:
    values = {name: row[name] for name in Site.__struct_fields__}
    for name in ("equipment", "hours"):
        values[name] = msgspec.json.decode(values[name])
    return msgspec.convert(values, Site)
