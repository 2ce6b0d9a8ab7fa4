"""Pages of a list: a page begins after the keys of the last row that was told.

Rules:
- The keys of a list name one row and are indexed in this order, so a page costs its own rows only,
  however far in the list it is, and a row that comes or goes meanwhile moves no other to the page
  before or after.
- One row more than asked for is read: it says whether there is a next page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_

from card_platform.storage.unit_of_work import Transaction

LIMIT_DEFAULT = 50
LIMIT_MAX = 200
Keys = tuple[str | int, ...]
Row = TypeVar("Row")
Made = TypeVar("Made")
_KEY = "page_key_"


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for: at most `limit` rows, after those keys."""

    limit: int = LIMIT_DEFAULT
    after: Keys | None = None


@dataclass(frozen=True, slots=True)
class Paged(Generic[Row]):
    """Rows of a page with their keys; `more` says whether the list goes on."""

    rows: list[Row]
    keys: list[Keys]
    more: bool

    @property
    def last(self) -> Keys | None:
        """Where the next page begins; None at the end of the list."""
        return self.keys[-1] if self.more else None

    def made(self, make: Callable[[Row], Made]) -> Paged[Made]:
        """The same page of other things."""
        return Paged([make(row) for row in self.rows], self.keys, self.more)


def page_of(
    tx: Transaction,
    query: Select[Any],
    keys: Sequence[ColumnElement[Any]],
    page: Page,
    *,
    latest_first: bool = False,
) -> Paged[dict[str, Any]]:
    """One page of a query, in the order of its keys, as dicts by column names."""
    names = [f"{_KEY}{place}" for place in range(len(keys))]
    ordered = query.add_columns(*(key.label(name) for key, name in zip(keys, names, strict=True)))
    if page.after is not None:
        told = tuple_(*(literal(key) for key in page.after))
        ordered = ordered.where(tuple_(*keys) < told if latest_first else tuple_(*keys) > told)
    ordered = ordered.order_by(*(key.desc() if latest_first else key for key in keys))
    found = [dict(row._mapping) for row in tx.execute(ordered.limit(page.limit + 1))]
    shown = found[: page.limit]
    told_keys = [tuple(row.pop(name) for name in names) for row in shown]
    return Paged(shown, told_keys, len(found) > page.limit)


def merged(parts: Sequence[Paged[Row]], page: Page, *, latest_first: bool = False) -> Paged[Row]:
    """One page of several lists with the same keys, from the same page of each."""
    joined = [pair for part in parts for pair in zip(part.keys, part.rows, strict=True)]
    joined.sort(key=lambda pair: pair[0], reverse=latest_first)
    more = len(joined) > page.limit or any(part.more for part in parts)
    shown = joined[: page.limit]
    return Paged([row for _, row in shown], [keys for keys, _ in shown], more)


def sifted(
    fetch: Callable[[Page], Paged[Row]], make: Callable[[Row], Made | None], page: Page
) -> Paged[Made]:
    """One page of what is made of the rows of a list, without those of which nothing is made."""
    rows: list[Made] = []
    keys: list[Keys] = []
    after = page.after
    while True:
        chunk = fetch(Page(page.limit, after))
        for row, key in zip(chunk.rows, chunk.keys, strict=True):
            made = make(row)
            if made is None:
                continue
            if len(rows) == page.limit:
                return Paged(rows, keys, more=True)
            rows.append(made)
            keys.append(key)
        if not chunk.more:
            return Paged(rows, keys, more=False)
        after = chunk.keys[-1]
