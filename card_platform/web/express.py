"""The express lane: the hottest routes answered without the framework (decision 0001).

Rules:
- It takes only what is plain: a caller already known, one JSON body of the documented shape, a
  proper Idempotency-Key. Everything else goes to the ordinary route, unread or read again, so that
  no refusal of a request's shape is written twice.
- Every express route has an ordinary one with the same path and the same work: that one is
  documented, and answers whatever is not plain.
- Refusals of the work itself are told as everywhere, by `problem_details`.
- The server asks it by its doors, without ASGI and without a task for each request; who speaks ASGI
  comes by the same doors.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from card_platform.errors import Refusal
from card_platform.storage import Question, Transaction
from card_platform.web.authentication import Caller, Doorkeeper
from card_platform.web.back_office import Call
from card_platform.web.desk import Desk
from card_platform.web.idempotency import ClientId, read_client_id
from card_platform.web.problem_details import (
    PROBLEM_MEDIA_TYPE,
    Problem,
    problem_of,
    problem_of_fault,
)
from card_platform.web.rate_limits import RateLimits, TooManyRequests
from card_platform.web.request_body import BODY_MAX_BYTES, RequestIsMalformed, may_hold_nul

_JSON = b"application/json"
_PROBLEM = PROBLEM_MEDIA_TYPE.encode("ascii")
_NUL, _NOWHERE = "\0", "/-"
"""A path with NUL is nobody's, and PostgreSQL cannot be asked for it."""

Headers = Sequence[tuple[bytes, bytes]]
"""Names in lower case, and values."""
Reply = Callable[[int, bytes, bytes], None]
"""Takes status, media type and body of the answer, once."""
Door = Callable[[Headers, bytes, Reply], bool]
"""Takes headers and body of a POST; False, and nothing done, where it is not plain."""
Work = Callable[[Transaction], msgspec.Struct]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]
"""The types of ASGI as its specification has them, without the framework's."""


@dataclass(frozen=True, slots=True)
class ExpressRoute:
    """One POST on the express lane.

    Attributes:
        path: the whole path; it has no parameters.
        roles: who may call.
        body: the struct of the request.
        work: what to do with a body, given its caller; may raise RequestIsMalformed.
        status: of the answer.
        foresees: where the work only reads and adds rows, and may share a transaction with others:
            what it will ask first.
    """

    path: str
    roles: frozenset[str]
    body: type[msgspec.Struct]
    work: Callable[[Any, Caller], Work]
    status: int
    foresees: Callable[[Any], Sequence[Question]] | None = None


def by_path(
    routes: Sequence[ExpressRoute],
) -> dict[str, tuple[ExpressRoute, Callable[[bytes], Any]]]:
    """Each route, and what decodes its bodies."""
    return {each.path: (each, msgspec.json.Decoder(each.body).decode) for each in routes}


class ExpressLane:
    """ASGI app: the express routes, and the ordinary app for all the rest.

    Args:
        app: answers what is not plain.
        routes: what to answer here.
        desk: runs the work.
        doorkeeper: knows the callers.
        limits: those of callers other than terminals; who is over them is refused by `app`.
    """

    def __init__(
        self,
        app: ASGIApp,
        routes: Sequence[ExpressRoute],
        desk: Desk,
        doorkeeper: Doorkeeper,
        limits: RateLimits,
    ) -> None:
        self._app = app
        self._limits = limits
        self._desk = desk
        self._doorkeeper = doorkeeper
        self._alone: set[asyncio.Task[bytes]] = set()
        self.doors: dict[str, Door] = {
            path: partial(self._take, route, decode)
            for path, (route, decode) in by_path(routes).items()
        }
        """By path."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or hand on."""
        if scope["type"] == "http" and _NUL in scope["path"]:
            scope = {**scope, "path": _NOWHERE, "raw_path": _NOWHERE.encode()}
        door = self.doors.get(scope["path"]) if scope["type"] == "http" else None
        if door is None or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        headers = scope["headers"]
        body, taken = await _read(receive, dict(headers).get(b"content-length", b""))
        told: asyncio.Future[tuple[int, bytes, bytes]] = asyncio.get_running_loop().create_future()

        def reply(*answer: Any) -> None:
            if not told.done():  # the caller hung up, or the platform ends
                told.set_result(answer)

        if body is None or not door(headers, body, reply):
            await self._app(scope, _again(taken, receive), send)
            return
        await _send(send, *await told)

    def _take(
        self,
        route: ExpressRoute,
        decode: Callable[[bytes], Any],
        headers: Headers,
        body: bytes,
        reply: Reply,
    ) -> bool:
        said = dict(headers)
        caller = self._doorkeeper.known(said.get(b"authorization", b"").decode("latin-1"))
        if (
            caller is None
            or caller.role not in route.roles
            or said.get(b"content-type") != _JSON
            or may_hold_nul(body)
        ):
            return False
        try:
            asked = decode(body)
            work = route.work(asked, caller)
            key = said.get(b"idempotency-key", b"").decode("latin-1")
            client = read_client_id(caller.name, key, f"POST {route.path}", body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, RequestIsMalformed):
            return False
        if self._is_over_limit(caller):  # counted last: who is handed on is counted there
            return False
        if route.foresees is None:
            self._do_alone(route, client, work, reply)
            return True
        call = Call(route.path, body, caller, client)
        try:
            answer = self._desk.answer_in_batch(call, work, partial(route.foresees, asked))
        except Refusal as refusal:  # too many wait
            _tell(reply, problem_of(refusal))
        else:
            answer.add_done_callback(partial(self._tell, route, client, work, reply))
        return True

    def _do_alone(self, route: ExpressRoute, client: ClientId, work: Work, reply: Reply) -> None:
        task = asyncio.get_running_loop().create_task(self._desk.answer(client, work))
        self._alone.add(task)
        task.add_done_callback(self._alone.discard)
        task.add_done_callback(partial(self._tell, route, client, work, reply))

    def _tell(
        self,
        route: ExpressRoute,
        client: ClientId,
        work: Work,
        reply: Reply,
        told: asyncio.Future[bytes | None] | asyncio.Task[bytes],
    ) -> None:
        if told.cancelled():  # the platform ends
            return
        fault = told.exception()
        if isinstance(fault, Refusal):
            _tell(reply, problem_of(fault))
        elif isinstance(fault, Exception):
            _tell(reply, problem_of_fault("POST", route.path, fault))
        elif (answer := told.result()) is not None:
            reply(route.status, _JSON, answer)
        else:
            self._do_alone(route, client, work, reply)

    def _is_over_limit(self, caller: Caller) -> bool:
        try:
            self._limits.take_for(caller)
        except TooManyRequests:
            return True
        return False


async def _read(
    receive: Receive, content_length: bytes
) -> tuple[bytes | None, list[dict[str, Any]]]:
    """The whole body, and the messages taken for it; no body where it is not plain.

    The server tells of the end in a message of its own; a body as long as it was announced needs
    no waiting for that.
    """
    if not content_length.isdigit() or int(content_length) > BODY_MAX_BYTES:
        return None, []
    length, body, taken = int(content_length), b"", []
    while len(body) < length:
        message = await receive()
        taken.append(message)
        if message["type"] != "http.request":
            return None, taken
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return (body if len(body) == length else None), taken


def _again(taken: list[dict[str, Any]], receive: Receive) -> Receive:
    """A `receive` that gives the messages already taken before all others."""
    waiting = iter(taken)

    async def give() -> dict[str, Any]:
        message = next(waiting, None)
        return message if message is not None else await receive()

    return give


def _tell(reply: Reply, problem: Problem) -> None:
    reply(problem.status, _PROBLEM, msgspec.json.encode(problem))


async def _send(send: Send, status: int, media_type: bytes, body: bytes) -> None:
    headers = [(b"content-type", media_type), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
