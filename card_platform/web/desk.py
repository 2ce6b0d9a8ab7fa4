"""The desk: takes one request to the database as one transaction and brings the answer back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.datastructures import State

from card_platform.storage import Database, Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller
from card_platform.web.idempotency import once, read_client_id

ApiRequest = Request[Caller, Any, State]
Kept = TypeVar("Kept", bound=msgspec.Struct)
_JSON = "application/json"
_encode = msgspec.json.Encoder().encode


class Desk:
    """Runs the work of routes.

    Args:
        database: where transactions run.
        clock: gives the moment kept with client ids.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def perform(
        self,
        request: ApiRequest,
        work: Callable[[Transaction], msgspec.Struct],
        status: int = 200,
    ) -> Response[Any]:
        """Do the work once for its Idempotency-Key; the answer is durable when it is sent."""
        client = await self._client_id(request)
        at = moment_of(self._clock.now())
        answer = await self._database.write(
            lambda transaction: once(transaction, client, at, lambda tx: _encode(work(tx)))
        )
        return Response(answer, status_code=status, media_type=_JSON)

    async def perform_and_reveal(
        self,
        request: ApiRequest,
        work: Callable[[Transaction], Kept],
        reveal: Callable[[Transaction, Kept], msgspec.Struct],
        kept: type[Kept],
        status: int = 200,
    ) -> Response[Any]:
        """The same for answers that hold keys or tokens: only a reference to them is kept.

        `reveal` builds the answer from the reference, the first time and on every replay.
        """
        client = await self._client_id(request)
        at = moment_of(self._clock.now())

        def whole(transaction: Transaction) -> bytes:
            reference = once(transaction, client, at, lambda tx: _encode(work(tx)))
            return _encode(reveal(transaction, msgspec.json.decode(reference, type=kept)))

        answer = await self._database.write(whole)
        return Response(answer, status_code=status, media_type=_JSON)

    async def record(
        self, work: Callable[[Transaction], msgspec.Struct], status: int = 200
    ) -> Response[Any]:
        """Do work that creates nothing but its trace in the audit: no Idempotency-Key."""
        answer = await self._database.write(work)
        return Response(_encode(answer), status_code=status, media_type=_JSON)

    async def look_up(self, query: Callable[[Transaction], msgspec.Struct]) -> Response[Any]:
        """Answer from a read."""
        answer = await self._database.read(query)
        return Response(_encode(answer), status_code=200, media_type=_JSON)

    async def _client_id(self, request: ApiRequest) -> Any:
        return read_client_id(
            request.user.name,
            request.headers.get("idempotency-key"),
            f"{request.method} {request.url.path}",
            await request.body(),
        )
