"""`python -m card_platform.back_office_process FD`: the process that does batches.

Started by `web/back_office` with one end of a pair of sockets. It opens the data of the platform
that started it, says so, and does orders until the line is closed.

Batches that came while the last one was done are done together: what comes behind a stall of the
machine would otherwise be small batches that wait for each other. On PostgreSQL upkeep is done
beside the batches, on a connection of its own: one after the other they would wait for each other's
answers of the server.
"""

from __future__ import annotations

import gc
import logging
import socket
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from card_platform.app import EVENT_HANDLERS, express_routes, upkeep_works
from card_platform.clockwork import DueWork
from card_platform.errors import PlatformCannotStart
from card_platform.keys import SecurityModule, open_key_seed, read_key_seed
from card_platform.oversight.audit.anchor import ANCHOR_FILE
from card_platform.oversight.audit.sealing import seal_at_once
from card_platform.oversight.risk.stream.detection import FOLD, SAVE
from card_platform.regions import load_region
from card_platform.settings import KEY_SEED_FILE, TRANSIT_SEED_FILE, Settings
from card_platform.storage import Transaction
from card_platform.storage.database import open_engine
from card_platform.storage.unit_of_work import run_alone, run_batch, run_read
from card_platform.use_cases import build_use_cases
from card_platform.vocabulary.moment import CHINA_STANDARD_TIME, moment_of
from card_platform.web.back_office import HEAD_BYTES, THERE_IS_MORE, Call, Order, frame_of, head_of
from card_platform.web.batching import BATCH_MAX, Task, do_together
from card_platform.web.express import by_path

SWITCH_S = 0.0005
"""How soon a thread gives the interpreter to another: no batch should wait for upkeep."""
_CHUNK = 1 << 18
_LOG = logging.getLogger(__name__)


class OrderClock(threading.local):
    """The moment of the order under way in this thread: it is the platform's clock that counts."""

    def __init__(self) -> None:
        self._now = datetime.now(CHINA_STANDARD_TIME)

    def set(self, moment: datetime) -> None:
        """The next order."""
        self._now = moment.astimezone(CHINA_STANDARD_TIME)

    def now(self) -> datetime:
        """This moment, with the offset +08:00."""
        return self._now


class Office:
    """Does orders on the data of one platform.

    Args:
        settings: where its data is.
    """

    def __init__(self, settings: Settings) -> None:
        policy = load_region(settings.region)
        seed = open_key_seed(settings.data / KEY_SEED_FILE, may_create=False)
        self._clock = OrderClock()
        keys = SecurityModule(seed, read_key_seed(settings.data / TRANSIT_SEED_FILE))
        services = build_use_cases(policy, keys, self._clock)
        self._routes = by_path(express_routes(services))
        self._upkeep = upkeep_works(settings.data / ANCHOR_FILE)
        self._connection = open_engine(settings.sqlalchemy_url, for_batches=True).connect()
        self._reading = open_engine(settings.sqlalchemy_url, to_read=True).connect()
        self.has_one_writer = self._connection.dialect.name == "sqlite"
        self._keeping_up = (
            self._connection
            if self.has_one_writer
            else open_engine(settings.sqlalchemy_url).connect()
        )
        self._folding = services.risk.open_desk(settings.data)
        self._upkeep[SAVE] = self._folding.save

    def do(self, orders: Sequence[Order]) -> Sequence[Sequence[bytes | None]]:
        """The answers of each of these batches, done as one, or of a piece of upkeep alone; None
        for each of one that failed.

        Raises nothing: what fails is logged, and the platform does it itself.
        """
        latest = orders[-1]
        self._clock.set(latest.at)
        try:
            if latest.upkeep:
                return [self._keep_up(latest.upkeep)]
            answers = iter(self._do_all([call for order in orders for call in order.calls]))
            return [list(islice(answers, len(order.calls))) for order in orders]
        except Exception:  # noqa: BLE001 - logged; the platform does it itself
            if latest.upkeep:
                self._folding.forget()
            _LOG.exception("an order failed; the platform does it itself")
            return [[None] * max(1, len(order.calls)) for order in orders]

    def _keep_up(self, name: str) -> list[bytes | None]:
        if name == FOLD:
            is_more = run_read(self._reading, partial(self._work_now, self._folding.fold))
        else:
            work = partial(self._work_now, self._upkeep[name])
            is_more = run_alone(self._keeping_up, work, EVENT_HANDLERS)
        return [THERE_IS_MORE if is_more else b""]

    def _work_now(self, work: DueWork, tx: Transaction) -> bool:
        return bool(work(tx, self._clock.now()))

    def _do_all(self, calls: Sequence[Call]) -> Sequence[bytes | None]:
        work = partial(self._do_tasks, [self._task_of(call) for call in calls])
        answers: Sequence[bytes | None] = run_batch(self._connection, work, EVENT_HANDLERS)
        return answers

    def _do_tasks(self, tasks: Sequence[Task], tx: Transaction) -> list[bytes | None]:
        answers = do_together(tx, moment_of(self._clock.now()), tasks)
        if self.has_one_writer:  # else others write too, and seal meanwhile
            seal_at_once(tx, len(tasks))
        return answers

    def _task_of(self, call: Call) -> Task:
        route, decode = self._routes[call.path]
        asked = decode(call.body)
        foresee = partial(route.foresees, asked) if route.foresees else tuple
        return Task(call.client, route.work(asked, call.caller), foresee)


class Orders:
    """The orders that come by the line.

    Args:
        line: where they come.
    """

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._got = bytearray()
        self._come: deque[tuple[int, Order]] = deque()
        self._decode = msgspec.msgpack.Decoder(Order).decode

    def first_frame(self) -> bytes:
        """Content of the frame that comes before all orders. Raises EOFError, as `next`."""
        while True:
            for _, content in self._frames():
                return content
            self._receive()

    def next(self) -> list[tuple[int, Order]]:
        """A piece of upkeep, or the batches that have come, one at least and few enough to be done
        together, each with its number.

        Raises:
            EOFError: the line is closed.
        """
        while not self._come:
            self._receive()
            self._come += ((number, self._decode(content)) for number, content in self._frames())
        taken = [self._come.popleft()]
        calls = len(taken[0][1].calls)
        while self._come and calls and 0 < len(self._come[0][1].calls) <= BATCH_MAX - calls:
            taken.append(self._come.popleft())
            calls += len(taken[-1][1].calls)
        return taken

    def _receive(self) -> None:
        chunk = self._line.recv(_CHUNK)
        if not chunk:
            raise EOFError
        self._got += chunk

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        got = self._got
        while len(got) >= HEAD_BYTES:
            number, length = head_of(got)
            end = HEAD_BYTES + length
            if len(got) < end:
                return
            content = bytes(got[HEAD_BYTES:end])
            del got[:end]
            yield number, content


def main(descriptor: int) -> None:
    """Serve until the line is closed."""
    with socket.socket(fileno=descriptor) as line:
        orders = Orders(line)
        try:
            asked = orders.first_frame()
            settings = msgspec.msgpack.decode(asked, type=Settings, dec_hook=_path)
            office = Office(settings)
            gc.freeze()  # what was made so far stays: no collection need walk through it again
            line.sendall(frame_of(0, b""))
            _serve(office, orders, line)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return  # the platform has ended, and this with it


def _serve(office: Office, orders: Orders, line: socket.socket) -> None:
    sys.setswitchinterval(SWITCH_S)
    sending = threading.Lock()

    def answer(asked: Sequence[tuple[int, Order]]) -> None:
        told = b"".join(
            frame_of(number, msgspec.msgpack.encode(answers))
            for number, answers in zip(
                (number for number, _ in asked),
                office.do([order for _, order in asked]),
                strict=True,
            )
        )
        with sending:
            line.sendall(told)

    with ThreadPoolExecutor(1, thread_name_prefix="upkeep") as beside:
        while True:
            asked = orders.next()
            if asked[0][1].upkeep and not office.has_one_writer:
                beside.submit(answer, asked)
            else:
                answer(asked)


def _path(_wanted: type, value: Any) -> Path:
    return Path(value)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except PlatformCannotStart as fault:
        sys.exit(f"{fault.zh}\n{fault.en}")
