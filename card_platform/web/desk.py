"""The desk: takes one request to the database as one transaction and brings the answer back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.datastructures import State

from card_platform.errors import PlatformIsBusy, Refusal
from card_platform.storage import Database, Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller
from card_platform.web.back_office import BackOffice, Call
from card_platform.web.batching import Batching, Foresee
from card_platform.web.idempotency import (
    ClientId,
    find_kept,
    keep_answer,
    plain_digest,
    read_client_id,
)

ApiRequest = Request[Caller, Any, State]
Answer = TypeVar("Answer")
Kept = TypeVar("Kept", bound=msgspec.Struct)
Found = TypeVar("Found")
_JSON = "application/json"
_encode = msgspec.json.Encoder().encode


class Desk:
    """Runs the work of routes.

    Args:
        database: where transactions run.
        clock: gives the moment kept with client ids.
        office: does large batches beside this process, if there is one.
    """

    def __init__(self, database: Database, clock: Clock, office: BackOffice | None = None) -> None:
        self._database = database
        self._clock = clock
        self._batching = Batching(database, clock, office)

    async def perform(
        self,
        request: ApiRequest,
        work: Callable[[Transaction], msgspec.Struct],
        status: int = 200,
    ) -> Response[Any]:
        """Do the work once for its Idempotency-Key; the answer is durable when it is sent."""
        answer = await self.answer(await self._client_id(request), work)
        return Response(answer, status_code=status, media_type=_JSON)

    async def answer(
        self, client: ClientId, work: Callable[[Transaction], msgspec.Struct]
    ) -> bytes:
        """The encoded answer of the work, done once for its client id and durable."""
        at = moment_of(self._clock.now())
        try:
            return await self._database.write(
                lambda tx: keep_answer(tx, client, at, _encode(work(tx)))
            )
        except Exception as failure:  # noqa: BLE001 - raised again where nothing is kept
            return await self._kept_for(client, failure)

    async def perform_in_parts(
        self,
        request: ApiRequest,
        works: AsyncIterator[Callable[[Transaction], Found]],
        join: Callable[[list[Found]], msgspec.Struct],
        status: int = 200,
    ) -> Response[Any]:
        """Do works one after another, a transaction each, and keep what `join` makes of them.

        For what each work does once by itself: where the request was cut off, the same works are
        done again, and tell what was done before.
        """
        client = await self._client_id(request)
        answer = await self._database.read(lambda tx: find_kept(tx, client))
        if answer is None:
            told = [await self._database.write(work) async for work in works]
            answer = await self.answer(client, lambda _: join(told))
        return Response(answer, status_code=status, media_type=_JSON)

    async def perform_after(
        self,
        request: ApiRequest,
        prepare: Callable[[], Awaitable[None]],
        work: Callable[[Transaction], msgspec.Struct],
        status: int = 200,
    ) -> Response[Any]:
        """As `perform`, after something long that takes transactions of its own.

        For what goes on where it was left when it is asked for again. It is left out where the
        answer is kept already.
        """
        client = await self._client_id(request)
        answer = await self._database.read(lambda tx: find_kept(tx, client))
        if answer is None:
            await prepare()
            answer = await self.answer(client, work)
        return Response(answer, status_code=status, media_type=_JSON)

    def answer_in_batch(
        self,
        call: Call,
        work: Callable[[Transaction], msgspec.Struct],
        foresee: Foresee,
    ) -> asyncio.Future[bytes | None]:
        """The same for a work that only reads and adds rows, together with others.

        None where it must be done alone: ask `answer` then. Raises PlatformIsBusy.
        """
        return self._batching.answer(call, work, foresee)

    async def perform_and_reveal(
        self,
        request: ApiRequest,
        work: Callable[[Transaction], Kept],
        reveal: Callable[[Transaction, Kept], msgspec.Struct],
        kept: type[Kept],
        status: int = 200,
        *,
        digest: Callable[[bytes], bytes] = plain_digest,
    ) -> Response[Any]:
        """The same for answers that hold keys or tokens: only a reference to them is kept.

        `reveal` builds the answer from the reference, the first time and on every replay. `digest`
        is a keyed one for a request that holds a secret itself.
        """
        client = await self._client_id(request, digest)
        at = moment_of(self._clock.now())

        def show(transaction: Transaction, reference: bytes) -> bytes:
            return _encode(reveal(transaction, msgspec.json.decode(reference, type=kept)))

        try:
            answer = await self._database.write(
                lambda tx: show(tx, keep_answer(tx, client, at, _encode(work(tx))))
            )
        except Exception as failure:  # noqa: BLE001 - raised again where nothing is kept
            reference = await self._kept_for(client, failure)
            answer = await self._database.write(lambda tx: show(tx, reference))
        return Response(answer, status_code=status, media_type=_JSON)

    async def settle(
        self, request: ApiRequest, work: Callable[[Transaction], Kept], kept: type[Kept]
    ) -> Kept:
        """What the work decided, once for its Idempotency-Key, for a route that goes on with it.

        For a refusal that must stay on record, and for an answer that must not be kept.
        """
        answer = await self.answer(await self._client_id(request), work)
        return msgspec.json.decode(answer, type=kept)

    async def _kept_for(self, client: ClientId, failure: Exception) -> bytes:
        """What the client id was answered before; without that, the failure stands."""
        if isinstance(failure, PlatformIsBusy):
            raise failure
        kept = await self._database.read(lambda tx: find_kept(tx, client))
        if kept is None:
            await self._leave_trace(failure)
            raise failure
        return kept

    async def _leave_trace(self, failure: Exception) -> None:
        """What a refusal leaves, in a transaction of its own: its own was undone."""
        trace = failure.trace if isinstance(failure, Refusal) else None
        if trace is not None:
            await self._database.write(lambda tx: tx.emit(trace))

    async def record(
        self, work: Callable[[Transaction], msgspec.Struct], status: int = 200
    ) -> Response[Any]:
        """Do work that creates nothing but its trace in the audit: no Idempotency-Key."""
        answer = await self._database.write(work)
        return Response(_encode(answer), status_code=status, media_type=_JSON)

    async def decide(self, work: Callable[[Transaction], Found]) -> Found:
        """What work decided and keeps, for a route that goes on with it: no Idempotency-Key."""
        return await self._database.write(work)

    async def consult(self, query: Callable[[Transaction], Found]) -> Found:
        """What a read finds, for a route that goes on with it."""
        return await self._database.read(query)

    async def look_up(self, query: Callable[[Transaction], msgspec.Struct]) -> Response[Any]:
        """Answer from a read."""
        answer = await self._database.read(query)
        return Response(_encode(answer), status_code=200, media_type=_JSON)

    async def _client_id(
        self, request: ApiRequest, digest: Callable[[bytes], bytes] = plain_digest
    ) -> Any:
        return read_client_id(
            request.user.keys_of or request.user.name,
            request.headers.get("idempotency-key"),
            f"{request.method} {request.scope['path']}",
            await request.body(),
            digest,
        )
