"""Batches: requests of a hot route that wait at the same time share one transaction.

Rules:
- For works that read and only add rows (`storage.Batch`): a check puts two rows on record, and a
  transaction of its own costs more than both.
- A batch is what came at one moment, or while the last one was written. One at a time: two at
  once were smaller each, and slower on both databases. The back office has others waiting, so that
  it need not wait itself, and does together what waits there.
- Nobody waits for others to come, but while many do come: a batch costs half a millisecond whatever
  is in it, so then they begin no closer together than `PACE_S`. How many come is also counted, not
  only seen from the last batch: small ones at every moment keep two processors busy with batches.
- A batch that fails, whatever for, leaves nothing; each of its requests is then done alone and gets
  its own answer or refusal. So is a request whose key was answered before.
- Large batches are done by the back office, where there is one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from card_platform.errors import PlatformIsBusy
from card_platform.storage import Batch, Database, Question, Transaction
from card_platform.storage.batch import NotForBatch
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.back_office import BackOffice, Call
from card_platform.web.idempotency import ClientId, keep_answers

BATCH_MAX = 128
"""Most requests in one batch."""
AT_ONCE_IN_OFFICE = 8
"""Batches on their way to the back office, or in it: those that wait there are done together."""
FOR_OFFICE = 8
"""Requests in a batch from which the back office is worth its memory."""
PACE_S = 0.004
"""From the begin of one batch to that of the next, while many come."""
COUNTED_S = 0.02
MANY = 20
"""Many come: so many in `COUNTED_S`, a thousand a second."""
ENOUGH = 64
"""Requests that wait for no pace."""
WAITING_MAX = 8192
"""Most requests that wait for a batch."""

Work = Callable[[Transaction], msgspec.Struct]


Foresee = Callable[[], Sequence[Question]]
"""What a work is going to ask."""


class Task(NamedTuple):
    """One request of a batch: who asks, what to do, and what that is going to ask."""

    client: ClientId
    work: Work
    foresee: Foresee


class _Waiting(NamedTuple):
    call: Call
    task: Task
    answer: asyncio.Future[bytes | None]


class Batching:
    """Collects requests into batches.

    Args:
        database: where they are done.
        clock: the platform's.
        office: does the large ones, if there is one.
    """

    def __init__(self, database: Database, clock: Clock, office: BackOffice | None = None) -> None:
        self._database = database
        self._clock = clock
        self._office = office
        self._waiting: list[_Waiting] = []
        self._writing: set[asyncio.Task[None]] = set()
        self._is_called = False
        self._next_at = 0.0
        self._alarm: asyncio.TimerHandle | None = None
        self._counted_to = 0.0
        self._came = 0
        self._is_many = False

    def answer(self, call: Call, work: Work, foresee: Foresee) -> asyncio.Future[bytes | None]:
        """The encoded answer of the work, durable; None where it must be done alone.

        Raises:
            PlatformIsBusy: too many wait already.
        """
        if len(self._waiting) >= WAITING_MAX:
            raise PlatformIsBusy
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bytes | None] = loop.create_future()
        self._waiting.append(_Waiting(call, Task(call.client, work, foresee), answer))
        self._came += 1
        if not self._is_called:  # after all that came at this moment: they make one batch
            self._is_called = True
            loop.call_soon(self._begin)
        return answer

    def _begin(self) -> None:
        self._is_called = False
        loop = asyncio.get_running_loop()
        at_once = AT_ONCE_IN_OFFICE if self._has_office() else 1
        while self._waiting and len(self._writing) < at_once and not self._is_early(loop):
            asked, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
            is_many = self._count(loop.time()) or len(asked) >= FOR_OFFICE
            self._next_at = loop.time() + PACE_S if is_many else 0.0
            writing = loop.create_task(self._write(asked))
            self._writing.add(writing)
            writing.add_done_callback(self._go_on)

    def _count(self, now: float) -> bool:
        """Whether many came lately."""
        if now >= self._counted_to:
            self._is_many = self._came >= MANY and now < self._counted_to + COUNTED_S
            self._counted_to, self._came = now + COUNTED_S, 0
        return self._is_many

    def _is_early(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether more come before the next batch; the alarm is set then."""
        if len(self._waiting) >= ENOUGH or loop.time() >= self._next_at:
            return False
        if self._alarm is None:
            self._alarm = loop.call_at(self._next_at, self._wake)
        return True

    def _wake(self) -> None:
        self._alarm, self._next_at = None, 0.0
        self._begin()

    def _go_on(self, written: asyncio.Task[None]) -> None:
        self._writing.remove(written)
        self._begin()

    def _has_office(self) -> bool:
        return self._office is not None and self._office.is_ready

    async def _write(self, asked: list[_Waiting]) -> None:
        answers: Sequence[bytes | None]
        try:
            answers = await self._answers(asked)
        except NotForBatch as fault:
            for each in asked:
                each.answer.set_exception(fault)
            return
        except Exception:  # noqa: BLE001 - each request is done alone, and told its own fault
            answers = [None] * len(asked)
        for each, answer in zip(asked, answers, strict=True):
            if not each.answer.done():  # the caller hung up; the work is done all the same
                each.answer.set_result(answer)

    async def _answers(self, asked: list[_Waiting]) -> Sequence[bytes | None]:
        office = self._office
        if office is not None and len(asked) >= FOR_OFFICE:
            office.begin()
        if office is not None and office.is_ready:
            async with self._database.lent():
                return await office.do(self._clock.now(), [each.call for each in asked])
        at, tasks = moment_of(self._clock.now()), [each.task for each in asked]
        return await self._database.write(lambda tx: do_together(tx, at, tasks))


def do_together(tx: Transaction, at: str, tasks: Sequence[Task]) -> list[bytes | None]:
    """The encoded answer of each task; None for what was refused or answered before."""
    batch = Batch(tx)
    answers: list[bytes | None] = []
    kept: list[tuple[ClientId, bytes]] = []
    batch.foresee(question for task in tasks for question in task.foresee())
    for task in tasks:
        outcome = batch.outcome_of(task.work)
        if outcome.error is not None:
            answers.append(None)
            continue
        answer = msgspec.json.encode(outcome.answer)
        kept.append((task.client, answer))
        answers.append(answer)
    keep_answers(batch, at, kept)
    batch.send()
    return answers
