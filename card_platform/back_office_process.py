"""`python -m card_platform.back_office_process FD`: the process that does batches.

Started by `web/back_office` with one end of a pair of sockets. It opens the data of the platform
that started it, says so, and does one order after the other until the line is closed.
"""

from __future__ import annotations

import gc
import logging
import socket
import sys
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

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
from card_platform.storage.unit_of_work import Work, run_alone, run_read
from card_platform.use_cases import build_use_cases
from card_platform.vocabulary.moment import CHINA_STANDARD_TIME, moment_of
from card_platform.web.back_office import LENGTH_BYTES, THERE_IS_MORE, Call, Order, frame_of
from card_platform.web.batching import Task, do_together
from card_platform.web.express import by_path

_LOG = logging.getLogger(__name__)


class OrderClock:
    """The moment of the order under way: it is the platform's clock that counts."""

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
        self._connection = open_engine(settings.sqlalchemy_url, is_mapped=True).connect()
        self._reading = open_engine(settings.sqlalchemy_url, begin="BEGIN").connect()
        self._folding = services.risk.open_desk(settings.data)
        self._upkeep[SAVE] = self._folding.save

    def do(self, order: Order) -> Sequence[bytes | None]:
        """The answers of an order; None for each of one that failed."""
        self._clock.set(order.at)
        try:
            answers: Sequence[bytes | None]
            if order.upkeep == FOLD:
                answers = run_read(self._reading, partial(self._keep_up, self._folding.fold))
            else:
                answers = run_alone(self._connection, self._work_of(order), EVENT_HANDLERS)
        except Exception:  # noqa: BLE001 - logged; the platform does it itself
            self._folding.forget()
            _LOG.exception("an order failed; the platform does it itself")
            return [None] * max(1, len(order.calls))
        return answers

    def _work_of(self, order: Order) -> Work:
        if order.upkeep:
            return partial(self._keep_up, self._upkeep[order.upkeep])
        return partial(self._do_all, [self._task_of(call) for call in order.calls])

    def _keep_up(self, work: DueWork, tx: Transaction) -> list[bytes | None]:
        return [THERE_IS_MORE if work(tx, self._clock.now()) else b""]

    def _do_all(self, tasks: Sequence[Task], tx: Transaction) -> list[bytes | None]:
        answers = do_together(tx, moment_of(self._clock.now()), tasks)
        if self._connection.dialect.name == "sqlite":  # else others write too, and seal meanwhile
            seal_at_once(tx, len(tasks))
        return answers

    def _task_of(self, call: Call) -> Task:
        route, decode = self._routes[call.path]
        asked = decode(call.body)
        foresee = partial(route.foresees, asked) if route.foresees else tuple
        return Task(call.client, route.work(asked, call.caller), foresee)


def main(descriptor: int) -> None:
    """Serve until the line is closed."""
    with socket.socket(fileno=descriptor) as line, line.makefile("rb") as orders:
        try:
            settings = msgspec.msgpack.decode(_next(orders), type=Settings, dec_hook=_path)
            office = Office(settings)
            gc.freeze()  # what was made so far stays: no collection need walk through it again
            line.sendall(frame_of(b""))
            decode = msgspec.msgpack.Decoder(Order).decode
            while True:
                answers = office.do(decode(_next(orders)))
                line.sendall(frame_of(msgspec.msgpack.encode(answers)))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return  # the platform has ended, and this with it


def _next(frames: BinaryIO) -> bytes:
    length = frames.read(LENGTH_BYTES)
    content = frames.read(int.from_bytes(length, "big"))
    if len(length) < LENGTH_BYTES or len(content) < int.from_bytes(length, "big"):
        raise EOFError
    return content


def _path(_wanted: type, value: Any) -> Path:
    return Path(value)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except PlatformCannotStart as fault:
        sys.exit(f"{fault.zh}\n{fault.en}")
