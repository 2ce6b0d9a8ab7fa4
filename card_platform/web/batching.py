"""Batches: requests of a hot route that wait at the same time share one transaction.

Rules:
- For works that read and only add rows (`storage.Batch`): a check puts two rows on record, and a
  transaction of its own costs more than both.
- Nobody waits for others to come: the next batch is what came while the last one was written. One
  at a time: two at once were smaller each, and slower on both databases.
- A batch that fails, whatever for, leaves nothing; each of its requests is then done alone and gets
  its own answer or refusal. So is a request whose key was answered before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from card_platform.errors import PlatformIsBusy
from card_platform.storage import Batch, Database, Question, Transaction
from card_platform.storage.unit_of_work import NotForBatch
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.idempotency import ClientId, keep_answers

BATCH_MAX = 128
"""Most requests in one batch."""
WAITING_MAX = 8192
"""Most requests that wait for a batch."""

Work = Callable[[Transaction], msgspec.Struct]


class _Waiting(NamedTuple):
    client: ClientId
    work: Work
    questions: Sequence[Question]
    answer: asyncio.Future[bytes | None]


class Batching:
    """Collects requests into batches."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def answer(
        self, client: ClientId, work: Work, questions: Sequence[Question]
    ) -> bytes | None:
        """The encoded answer of the work, durable; None where it must be done alone.

        Raises:
            PlatformIsBusy: too many wait already.
        """
        if len(self._waiting) >= WAITING_MAX:
            raise PlatformIsBusy
        answer: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(client, work, questions, answer))
        self._begin()
        return await answer

    def _begin(self) -> None:
        if self._waiting and self._writing is None:
            asked, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
            self._writing = asyncio.get_running_loop().create_task(self._write(asked))
            self._writing.add_done_callback(self._go_on)

    def _go_on(self, _written: asyncio.Task[None]) -> None:
        self._writing = None
        self._begin()

    async def _write(self, asked: list[_Waiting]) -> None:
        at = moment_of(self._clock.now())
        answers: list[bytes | None]
        try:
            answers = await self._database.write(lambda tx: _do(tx, at, asked))
        except NotForBatch as fault:
            for each in asked:
                each.answer.set_exception(fault)
            return
        except Exception:  # noqa: BLE001 - each request is done alone, and told its own fault
            answers = [None] * len(asked)
        for each, answer in zip(asked, answers, strict=True):
            if not each.answer.done():  # the caller hung up; the work is done all the same
                each.answer.set_result(answer)


def _do(tx: Transaction, at: str, asked: list[_Waiting]) -> list[bytes | None]:
    batch = Batch(tx)
    answers: list[bytes | None] = []
    kept: list[tuple[ClientId, bytes]] = []
    batch.foresee(question for each in asked for question in each.questions)
    for each in asked:
        outcome = batch.outcome_of(each.work)
        if outcome.error is not None:  # refused, or answered before: to be looked at alone
            answers.append(None)
            continue
        answer = msgspec.json.encode(outcome.answer)
        kept.append((each.client, answer))
        answers.append(answer)
    batch.send()
    keep_answers(tx, at, kept)
    return answers
