"""The ordinary routes by groups of paths: the app of a group is made when it is first asked.

Rules:
- To make one app of all routes takes the framework a third of a second, and most who start a
  platform ask few of them: a test, a scenario, a terminal's region among eight.
- A group is what follows `/v1/`: `/v1/sites...`. Where what follows that is always a name, as in
  `/v1/cards/{card_id}/...`, it is divided once more by what comes then. So whatever has one path
  lies in one group, and a path that is nobody's is told so by any.
- The OpenAPI document tells of all routes: its app is made of all, when it is asked.
- An app is made in a thread: others are answered meanwhile.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from litestar.handlers import HTTPRouteHandler

from card_platform.web.express import ASGIApp

Group = tuple[str, ...]
MakeApp = Callable[[Sequence[HTTPRouteHandler]], ASGIApp]
_NAME = "{"
_WHOLE: Group = ("/",)
"""No group of paths: the app of all."""
_FIRST, _NEXT, _THEN = 1, 2, 3
"""Where these parts of `/v1/cards/ID/bookings` stand."""


class GroupedApp:
    """ASGI app: hands a request to the app of its group.

    Args:
        handlers: of all routes.
        make: an app of some of them.
        make_whole: an app of all that answers `whole_path` too.
        whole_path: what only the app of all can answer.
    """

    def __init__(
        self,
        handlers: Sequence[HTTPRouteHandler],
        make: MakeApp,
        make_whole: MakeApp,
        whole_path: str,
    ) -> None:
        self._handlers = tuple(handlers)
        self._make, self._make_whole, self._whole = make, make_whole, _parts(whole_path)
        self._divided = _divided_further(path for each in handlers for path in each.paths)
        self._of_group: dict[Group, list[HTTPRouteHandler]] = {}
        for handler in handlers:
            for group in {self._group_of(_parts(path)) for path in handler.paths}:
                self._of_group.setdefault(group, []).append(handler)
        self._apps: dict[Group, ASGIApp] = {}
        self._making = threading.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer by the app of the path's group."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        parts = _parts(scope["path"])
        group = _WHOLE if parts == self._whole else self._known(self._group_of(parts))
        app = self._apps.get(group)
        if app is None:
            app = await asyncio.to_thread(self._app_of, group)
        await app(scope, receive, send)

    def _group_of(self, parts: Sequence[str]) -> Group:
        first = list(parts[_FIRST : _FIRST + 1])
        if first and first[0] in self._divided:
            first += [part for part in parts[_THEN : _THEN + 1] if not part.startswith(_NAME)]
        return tuple(first)

    def _known(self, group: Group) -> Group:
        """The group, or one without routes for what is nobody's."""
        return group if group in self._of_group else ()

    def _app_of(self, group: Group) -> ASGIApp:
        with self._making:
            if group not in self._apps:
                if group == _WHOLE:
                    self._apps[group] = self._make_whole(self._handlers)
                else:
                    self._apps[group] = self._make(self._of_group.get(group, ()))
            return self._apps[group]


def _parts(path: str) -> list[str]:
    """Between the slashes; several are one, as for the framework."""
    return [part for part in path.split("/") if part]


def _divided_further(paths: Iterable[str]) -> frozenset[str]:
    """What is always followed by a name, if by anything."""
    found: dict[str, bool] = {}
    for path in paths:
        parts = _parts(path)
        if len(parts) > _FIRST:
            by_name = all(part.startswith(_NAME) for part in parts[_NEXT : _NEXT + 1])
            then_fixed = not any(part.startswith(_NAME) for part in parts[_THEN : _THEN + 1])
            found[parts[_FIRST]] = found.get(parts[_FIRST], True) and by_name and then_fixed
    return frozenset(first for first, divided in found.items() if divided)


async def _live(receive: Any, send: Any) -> None:
    """The server tells that it begins and ends: nothing is to be done."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
