"""Tables and SQL of the catalogue. History is added to, never changed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    func,
    select,
    update,
)

from card_platform.regions.catalogue.model import Change, Content, Item, Pilot, Version
from card_platform.regions.catalogue.workflow import CatalogueAction, VersionState
from card_platform.regions.policy import Named
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA

ITEMS = Table(
    "catalogue_items",
    METADATA,
    Column("item_id", String, primary_key=True),
    Column("area", String, nullable=False),
    Column("filed_at", String),
)
VERSIONS = Table(
    "catalogue_versions",
    METADATA,
    Column("item_id", String, ForeignKey("catalogue_items.item_id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("content", String, nullable=False),
    Column("effective_from", String),
    Column("pilots", String, nullable=False),
    PrimaryKeyConstraint("item_id", "version"),
)
CHANGES = Table(
    "catalogue_changes",
    METADATA,
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("item_id", String, ForeignKey("catalogue_items.item_id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("action", String, nullable=False),
    Column("state_from", String),
    Column("state_to", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("area", String, nullable=False),
    Column("authority", String, nullable=False),
    Column("document", String),
    Column("reason", String),
    Index("ix_catalogue_changes_of_item", "item_id", "number"),
)
SCENES = Table(
    "catalogue_scenes",
    METADATA,
    Column("code", String, primary_key=True),
    Column("name_zh", String, nullable=False),
    Column("name_en", String, nullable=False),
    Column("department", String, nullable=False),
    Column("document", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
_CHANGE = [
    CHANGES.c[name]
    for name in (
        "version", "action", "state_from", "state_to", "at", "by", "area", "authority",
        "document", "reason",
    )
]  # fmt: skip


def add_item(tx: Transaction, item: Item) -> None:
    """Save a new item."""
    tx.execute(ITEMS.insert().values(item_id=item.item_id, area=item.area, filed_at=item.filed_at))


def find_item(tx: Transaction, item_id: str, *, to_change: bool = False) -> Item | None:
    """The item; with `to_change`, others wait until this request ends."""
    query = select(ITEMS).where(ITEMS.c.item_id == item_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return Item(**row._mapping) if row is not None else None


def all_items(tx: Transaction) -> list[Item]:
    """All items, oldest first."""
    return [Item(**row._mapping) for row in tx.execute(select(ITEMS).order_by(ITEMS.c.item_id))]


def page_of_items(tx: Transaction, page: Page) -> Paged[Item]:
    """A page of all items, oldest first."""
    return page_of(tx, select(ITEMS), [ITEMS.c.item_id], page).made(lambda row: Item(**row))


def save_filing(tx: Transaction, item_id: str, at: str) -> None:
    """The item was filed upward."""
    tx.execute(update(ITEMS).where(ITEMS.c.item_id == item_id).values(filed_at=at))


def add_version(tx: Transaction, version: Version) -> None:
    """Save a new version."""
    tx.execute(VERSIONS.insert().values(**_row(version)))


def save_version(tx: Transaction, version: Version) -> None:
    """Save what changed of a version."""
    key = (VERSIONS.c.item_id == version.item_id) & (VERSIONS.c.version == version.version)
    tx.execute(update(VERSIONS).where(key).values(**_row(version)))


def versions_of(tx: Transaction, item_id: str | None = None) -> list[Version]:
    """The versions of an item, or of all, in order."""
    query = select(VERSIONS).order_by(VERSIONS.c.item_id, VERSIONS.c.version)
    if item_id is not None:
        query = query.where(VERSIONS.c.item_id == item_id)
    return [_read(row) for row in tx.execute(query)]


def add_change(tx: Transaction, item_id: str, **values: Any) -> None:
    """Add a row to the history."""
    tx.execute(CHANGES.insert().values(item_id=item_id, **values))


def changes_of(tx: Transaction, item_id: str, page: Page) -> Paged[Change]:
    """A page of the history of an item."""
    query = select(*_CHANGE).where(CHANGES.c.item_id == item_id)
    return page_of(tx, query, [CHANGES.c.number], page).made(lambda row: Change(**row))


def keep_told(tx: Transaction, item: Item, version: Version, change: Change, by: str) -> None:
    """Keep a step of another region's item as that region told it."""
    if find_item(tx, item.item_id) is None:
        add_item(tx, item)
    elif item.filed_at is not None:
        save_filing(tx, item.item_id, item.filed_at)
    if any(each.version == version.version for each in versions_of(tx, item.item_id)):
        save_version(tx, version)
    else:
        add_version(tx, version)
    add_change(tx, item.item_id, **{**asdict(change), "by": by})


def decided_by(tx: Transaction, item_id: str, version: int, action: CatalogueAction) -> set[str]:
    """The areas that took this step on a version since it was last compiled or revised."""
    mine = (CHANGES.c.item_id == item_id) & (CHANGES.c.version == version)
    begun = select(func.max(CHANGES.c.number)).where(
        mine, CHANGES.c.action.in_(("compile", "revise", "reject"))
    )
    query = select(CHANGES.c.area).where(
        mine, CHANGES.c.action == action.value, CHANGES.c.number > begun.scalar_subquery()
    )
    return set(tx.execute(query).scalars())


def every_change_of(tx: Transaction, item_id: str) -> list[Change]:
    """The whole history of an item, in order."""
    query = select(*_CHANGE).where(CHANGES.c.item_id == item_id).order_by(CHANGES.c.number)
    return [Change(**row._mapping) for row in tx.execute(query)]


def last_change_of(tx: Transaction, item_id: str) -> Change:
    """The newest step of an item that has one."""
    query = select(*_CHANGE).where(CHANGES.c.item_id == item_id)
    return Change(**tx.execute(query.order_by(CHANGES.c.number.desc()).limit(1)).one()._mapping)


def published_at(tx: Transaction, item_id: str) -> str | None:
    """When the item was first published."""
    query = select(func.min(CHANGES.c.at)).where(
        CHANGES.c.item_id == item_id, CHANGES.c.action == "publish"
    )
    found: str | None = tx.execute(query).scalar()
    return found


def add_scene(tx: Transaction, scene: Named, **values: str) -> None:
    """A field of use joins."""
    named = {"code": scene.code, "name_zh": scene.name_zh, "name_en": scene.name_en}
    tx.execute(SCENES.insert().values(**named, **values))


def joined_scenes(tx: Transaction) -> list[Named]:
    """Fields of use that joined, in the order of their codes."""
    query = select(SCENES.c.code, SCENES.c.name_zh, SCENES.c.name_en).order_by(SCENES.c.code)
    return [Named(**row._mapping) for row in tx.execute(query)]


def _row(version: Version) -> dict[str, Any]:
    return {
        "item_id": version.item_id,
        "version": version.version,
        "state": version.state.value,
        "content": msgspec.json.encode(version.content).decode(),
        "effective_from": version.effective_from.isoformat() if version.effective_from else None,
        "pilots": msgspec.json.encode(version.pilots).decode(),
    }


def _read(row: Row[Any]) -> Version:
    return Version(
        item_id=row.item_id,
        version=row.version,
        state=VersionState(row.state),
        content=msgspec.json.decode(row.content, type=Content),
        effective_from=date.fromisoformat(row.effective_from) if row.effective_from else None,
        pilots=tuple(msgspec.json.decode(row.pilots, type=list[Pilot])),
    )
