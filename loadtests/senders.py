"""The caller's side of the senders: starts their processes, gives the word, collects the records.

Rules: no sender is left behind, however the run ends; every request of the plan has a record in the
end.
"""

from __future__ import annotations

import math
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec

from loadtests.due_requests import DueRequest, share_of
from loadtests.errors import LoadTestCannotRun

USERS_MIN, USERS_MAX = 50, 1_000
USERS_PER_RATE = 2.0  # users stay free through a stall of two seconds
START_AFTER_S = 0.3
READY_WITHIN_S = 60.0
GRACE_S = 30.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: people prepared, or requests answered."""

    phase: Literal["prepare", "run"]
    done: int
    planned: int
    failed: int = 0


class SenderRecord(msgspec.Struct, frozen=True, array_like=True):
    """A request as the sender tells of it."""

    name: str
    due_s: float
    turned_to_s: float
    done_s: float
    code: str


class _Told(msgspec.Struct, frozen=True):
    """One line of a sender; all None: it is gone."""

    ready: int | None = None
    progress: dict[str, int] | None = None
    records: list[SenderRecord] | None = None


def send(
    host: str,
    plan: list[DueRequest],
    rate: float,
    processes: int,
    tell: Callable[[Progress], None],
) -> list[SenderRecord]:
    """Send the plan from `processes` senders; a record for every request of the plan, in order of
    due moments.
    """
    users = math.ceil(min(USERS_MAX, max(USERS_MIN, rate * USERS_PER_RATE)) / processes)
    with TemporaryDirectory(prefix="onecard-load-") as folder:
        paths = []
        for number in range(processes):
            path = Path(folder) / f"plan-{number}.json"
            share = share_of(plan, number, processes)
            path.write_bytes(msgspec.json.encode({"host": host, "users": users, "requests": share}))
            paths.append(path)
        senders = [Sender(number, path) for number, path in enumerate(paths)]
        try:
            records = _listen(senders, plan, tell)
        finally:
            for sender in senders:
                sender.end()
    answered = {(record.name, record.due_s) for record in records}
    given_up_s = max((record.done_s for record in records), default=plan[-1].due_s)
    records += [
        SenderRecord(due.name, due.due_s, due.due_s, max(given_up_s, due.due_s), "no-answer")
        for due in plan
        if (due.name, due.due_s) not in answered
    ]
    return sorted(records, key=lambda record: record.due_s)


class Sender:
    """A process that sends a share of the plan; its lines arrive in `lines`."""

    def __init__(self, number: int, plan: Path) -> None:
        self.number = number
        self.errors = plan.with_suffix(".log")
        self.done = self.failed = 0
        self.has_reported = False
        self.reader: threading.Thread | None = None
        with self.errors.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "loadtests.sender", str(plan)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=Path(__file__).parents[1],
            )

    def read_lines(self, lines: queue.Queue[tuple[Sender, _Told]]) -> None:
        """Put every line into the queue, then an empty one."""
        if self.process.stdout is not None:
            for line in self.process.stdout:
                lines.put((self, msgspec.json.decode(line, type=_Told)))
        lines.put((self, _Told()))

    def start_at(self, moment: float) -> None:
        """Tell it when to start (CLOCK_MONOTONIC)."""
        if self.process.stdin is not None:
            self.process.stdin.write(f"{moment!r}\n".encode())
            self.process.stdin.flush()

    def end(self) -> None:
        """It runs no more when this returns."""
        self.process.kill()
        self.process.wait()
        if self.reader is not None:
            self.reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def last_words(self) -> str:
        """The end of what it said on standard error."""
        return self.errors.read_text(errors="replace").strip()[-500:]


def _listen(
    senders: list[Sender], plan: list[DueRequest], tell: Callable[[Progress], None]
) -> list[SenderRecord]:
    lines: queue.Queue[tuple[Sender, _Told]] = queue.Queue()
    for sender in senders:
        sender.reader = threading.Thread(target=sender.read_lines, args=(lines,), daemon=True)
        sender.reader.start()
    waiting, reported = len(senders), 0
    records: list[SenderRecord] = []
    deadline = time.monotonic() + READY_WITHIN_S
    while reported < len(senders):
        try:
            sender, told = lines.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise _sender_failed("no word in time") from None
        if told.ready is not None:
            waiting -= 1
            if not waiting:
                start = time.monotonic() + START_AFTER_S
                deadline = start + plan[-1].due_s + GRACE_S
                for each in senders:
                    each.start_at(start)
        elif told.progress is not None:
            sender.done, sender.failed = told.progress["done"], told.progress["failed"]
            done, failed = _sums(senders)
            tell(Progress("run", done, len(plan), failed))
        elif told.records is not None:
            records += told.records
            sender.has_reported = True
            reported += 1
        elif not sender.has_reported:
            raise _sender_failed(sender.last_words() or f"exit {sender.process.poll()}")
    return records


def _sums(senders: list[Sender]) -> tuple[int, int]:
    return sum(each.done for each in senders), sum(each.failed for each in senders)


def _sender_failed(words: str) -> LoadTestCannotRun:
    return LoadTestCannotRun(f"压测进程失败：{words}", f"a sender process failed: {words}")
