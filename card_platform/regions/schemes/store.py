"""Tables and SQL of schemes and their holders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
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
    func,
    select,
    update,
)

from card_platform.regions.schemes.model import (
    Origin,
    Scheme,
    SchemeHolder,
    SchemeProgress,
    SchemeState,
)
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA

SCHEMES = Table(
    "card_schemes",
    METADATA,
    Column("scheme_id", String, primary_key=True),
    Column("name_zh", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("scene", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("document", String),
    Column("state", String, nullable=False),
    Column("item_id", String, ForeignKey("catalogue_items.item_id")),
    Column("uses", String, nullable=False),
)
HOLDERS = Table(
    "scheme_holders",
    METADATA,
    Column("scheme_id", String, ForeignKey("card_schemes.scheme_id"), nullable=False),
    Column("scheme_number", String, nullable=False),
    Column("card_number", String),
    Column("moved_at", String),
    PrimaryKeyConstraint("scheme_id", "scheme_number"),
    UniqueConstraint("scheme_id", "card_number", name="uq_scheme_holders_card"),
)
_SCHEME = [each for each in SCHEMES.c if each.name != "uses"]
_HOLDER = [HOLDERS.c.scheme_number, HOLDERS.c.card_number, HOLDERS.c.moved_at]


def add_scheme(tx: Transaction, scheme: Scheme, uses: Sequence[str]) -> None:
    """Save a new scheme."""
    told = msgspec.json.encode(list(uses)).decode()
    tx.execute(SCHEMES.insert().values(**asdict(scheme), uses=told))


def find_scheme(tx: Transaction, scheme_id: str, *, to_change: bool = False) -> Scheme | None:
    """The scheme; with `to_change`, others wait until this request ends."""
    query = select(*_SCHEME).where(SCHEMES.c.scheme_id == scheme_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return _read(row) if row is not None else None


def schemes(tx: Transaction, page: Page) -> Paged[Scheme]:
    """A page of all schemes, oldest first."""
    return page_of(tx, select(*_SCHEME), [SCHEMES.c.scheme_id], page).made(_scheme)


def uses_of(tx: Transaction, scheme_id: str) -> list[str]:
    """What the scheme is used for."""
    text = tx.execute(select(SCHEMES.c.uses).where(SCHEMES.c.scheme_id == scheme_id)).scalar_one()
    return msgspec.json.decode(text, type=list[str])


def save_scheme(tx: Transaction, scheme: Scheme) -> None:
    """Save its state and the item it is merged into."""
    row = SCHEMES.c.scheme_id == scheme.scheme_id
    tx.execute(update(SCHEMES).where(row).values(state=scheme.state.value, item_id=scheme.item_id))


def add_holder(tx: Transaction, scheme_id: str, number: str) -> None:
    """Enter a holder, once."""
    if find_holder(tx, scheme_id, number) is None:
        tx.execute(HOLDERS.insert().values(scheme_id=scheme_id, scheme_number=number))


def find_holder(tx: Transaction, scheme_id: str, number: str) -> SchemeHolder | None:
    """Who holds the number of the scheme."""
    mine = (HOLDERS.c.scheme_id == scheme_id) & (HOLDERS.c.scheme_number == number)
    row = tx.execute(select(*_HOLDER).where(mine)).one_or_none()
    return SchemeHolder(**row._mapping) if row is not None else None


def find_loaded(tx: Transaction, scheme_id: str, card_number: str) -> SchemeHolder | None:
    """Whose function is loaded on the card."""
    mine = (HOLDERS.c.scheme_id == scheme_id) & (HOLDERS.c.card_number == card_number)
    row = tx.execute(select(*_HOLDER).where(mine)).one_or_none()
    return SchemeHolder(**row._mapping) if row is not None else None


def move_holder(
    tx: Transaction, scheme_id: str, number: str, card_number: str, moved_at: str
) -> None:
    """The function is on the card from now on."""
    mine = (HOLDERS.c.scheme_id == scheme_id) & (HOLDERS.c.scheme_number == number)
    tx.execute(update(HOLDERS).where(mine).values(card_number=card_number, moved_at=moved_at))


def progress_of(tx: Transaction, scheme_id: str) -> SchemeProgress:
    """How many holders there are and how many have moved."""
    query = select(
        func.count().label("holders"), func.count(HOLDERS.c.moved_at).label("moved")
    ).where(HOLDERS.c.scheme_id == scheme_id)
    row = tx.execute(query).one()
    return SchemeProgress(row.holders, row.moved)


def _read(row: Row[Any]) -> Scheme:
    return _scheme(dict(row._mapping))


def _scheme(row: dict[str, Any]) -> Scheme:
    states = {"origin": Origin(row["origin"]), "state": SchemeState(row["state"])}
    return Scheme(**{**row, **states})
