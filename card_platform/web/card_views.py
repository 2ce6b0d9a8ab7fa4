"""The view of one card: what stands of it, and of each of its lists the newest.

Rules: a card gathers rides and payments for ten years, so a view holds the `NEWEST_MAX` newest of a
list, and `more` the address at which the list goes on. Each list has a route of its own as well,
by pages; view and list go from the latest to the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from card_platform.errors import Refusal
from card_platform.storage import Page, Paged, Transaction
from card_platform.web.desk import Desk
from card_platform.web.paging import LIMIT_DEFAULT, After, Limit, PagedList
from card_platform.web.routing import Routes

NEWEST_MAX = 20
Owner = TypeVar("Owner")


@dataclass(frozen=True, slots=True)
class CardList(Generic[Owner]):
    """One list of a card.

    Attributes:
        name: the field it stands in, in view and page; with hyphens the end of its path.
        summary: of its route, in Chinese and English.
        answer: a page: its rows in the field of that name, and `next`.
        fetch: reads a page, the latest first; its keys are a moment and an id.
    """

    name: str
    summary: str
    answer: type[msgspec.Struct]
    fetch: Callable[[Transaction, Owner, Page], Paged[Any]]


class Newest(NamedTuple):
    """Of each list by name: its newest rows, and where it goes on, null where it does not."""

    rows: dict[str, list[Any]]
    more: dict[str, str | None]


class CardView(Generic[Owner]):
    """The lists of one view.

    Args:
        name: the last part of its path, `/v1/cards/{card_id}/NAME`.
        who: roles that may read it, and so each list.
        find: the card as its lists are kept by; raises what a route refuses of a card.
        lists: what it holds.
    """

    def __init__(
        self,
        name: str,
        who: Sequence[str],
        find: Callable[[Transaction, str], Owner],
        lists: Sequence[CardList[Owner]],
    ) -> None:
        self._name = name
        self._who = who
        self._find = find
        self._lists = {each: PagedList(f"{name}-{each.name}", str, str) for each in lists}

    def newest(self, tx: Transaction, card_id: str, owner: Owner) -> Newest:
        """What the view shows of each list."""
        rows: dict[str, list[Any]] = {}
        more: dict[str, str | None] = {}
        for each, cursors in self._lists.items():
            found = each.fetch(tx, owner, Page(NEWEST_MAX))
            after = cursors.cursor(found.last)
            rows[each.name] = found.rows
            more[each.name] = after and f"{self._path(each).format(card_id=card_id)}?after={after}"
        return Newest(rows, more)

    def routes(
        self, routes: Routes, desk: Desk, *refusals: type[Refusal]
    ) -> list[HTTPRouteHandler]:
        """The route of each list."""
        return [
            self._route(routes, desk, each, cursors, *refusals)
            for each, cursors in self._lists.items()
        ]

    def _route(
        self,
        routes: Routes,
        desk: Desk,
        each: CardList[Owner],
        cursors: PagedList,
        *refusals: type[Refusal],
    ) -> HTTPRouteHandler:
        async def tell(
            card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
        ) -> Any:
            page = cursors.page(limit, after)

            def query(tx: Transaction) -> msgspec.Struct:
                found = each.fetch(tx, self._find(tx, card_id), page)
                return each.answer(**{each.name: found.rows, "next": cursors.cursor(found.last)})

            return await desk.look_up(query)

        tell.__annotations__["return"] = Response[each.answer]  # type: ignore[name-defined]
        path = self._path(each).replace("{card_id}", "{card_id:str}")
        return routes.lists(path, self._who, each.summary, *refusals)(tell)

    def _path(self, each: CardList[Owner]) -> str:
        return f"/v1/cards/{{card_id}}/{self._name}/{each.name.replace('_', '-')}"
