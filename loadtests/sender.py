"""Sends a plan: Locust as a library, in a process of its own (`python -m loadtests.sender
PLAN.json`).

Why a process: importing Locust patches the standard library for gevent; the caller must stay as it
is.

Rules: standard output carries one JSON object a line: ready, progress once a second, at last the
records. Standard input carries one line, the start as CLOCK_MONOTONIC seconds. A request is sent
when it is due, or as soon after as a user is free; its latency counts from the due moment in either
case. The process ends by itself: at its deadline, or when its parent is gone.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

import gevent
import msgspec
from gevent.event import Event
from geventhttpclient.client import HTTPClientPool
from locust import FastHttpUser, constant, task
from locust.env import Environment
from locust.exception import StopUser

from loadtests.due_requests import DueRequest

ANSWER_WITHIN_S = 15.0
DRAIN_S_MAX = 20.0
NO_ANSWER = "no-answer"
WRONG_ANSWER = "wrong-answer"


class Plan(msgspec.Struct, frozen=True):
    """What a sender is given."""

    host: str
    users: int
    requests: list[DueRequest]


class Record(msgspec.Struct, frozen=True, array_like=True):
    """One request as it went; seconds after the start; `code` is empty when it succeeded."""

    name: str
    due_s: float
    turned_to_s: float
    done_s: float
    code: str


class Turn:
    """A request and its place in its lane: it goes out when the one before it is over.

    A lock would not do: whoever asks for it in the moment it is given back may get it before those
    who wait (gevent promises no order), and a card would exit before it entered.
    """

    def __init__(self, request: DueRequest, before: Event | None) -> None:
        self.request = request
        self.before = before
        self.over = Event()

    def wait(self) -> None:
        """Until the request before this one in its lane was answered."""
        if self.before is not None:
            self.before.wait()
            self.before = None


class Schedule:
    """Hands out the requests in the order in which they are due, and keeps the lanes in order."""

    def __init__(self, requests: list[DueRequest]) -> None:
        self.requests = requests
        self.records: list[Record] = []
        self.last_of_lane: dict[int, Event] = {}
        self.start = 0.0
        self.go = Event()
        self.all_answered = Event()
        self._next = 0
        if not requests:
            self.all_answered.set()

    def take(self) -> Turn | None:
        """The next request with its turn, or None when all are taken."""
        if self._next >= len(self.requests):
            return None
        request = self.requests[self._next]
        self._next += 1
        turn = Turn(request, self.last_of_lane.get(request.lane))
        if request.lane >= 0:
            self.last_of_lane[request.lane] = turn.over
        return turn

    def now_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.start

    def note(self, record: Record) -> None:
        """Keep what became of a request."""
        self.records.append(record)
        if len(self.records) == len(self.requests):
            self.all_answered.set()


def user_of(plan: Plan, schedule: Schedule) -> type[FastHttpUser]:
    """The Locust user that sends whatever is due next."""

    class CitizenAtTheGate(FastHttpUser):
        host = plan.host
        wait_time = constant(0)
        network_timeout = ANSWER_WITHIN_S
        connection_timeout = ANSWER_WITHIN_S
        client_pool = HTTPClientPool(
            concurrency=plan.users,
            network_timeout=ANSWER_WITHIN_S,
            connection_timeout=ANSWER_WITHIN_S,
        )

        @task
        def send_what_is_due(self) -> None:
            schedule.go.wait()
            turn = schedule.take()
            if turn is None:
                raise StopUser
            request = turn.request
            wait_s = request.due_s - schedule.now_s()
            if wait_s > 0:
                time.sleep(wait_s)
            turned_to_s = schedule.now_s()
            code = NO_ANSWER
            try:
                turn.wait()
                code = self.post(request)
            finally:
                turn.over.set()
                done_s = schedule.now_s()
                schedule.note(Record(request.name, request.due_s, turned_to_s, done_s, code))

        def post(self, request: DueRequest) -> str:
            """Send it; the code of the failure, empty for success."""
            headers = {
                "Authorization": f"Bearer {request.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": request.key,
            }
            with self.client.post(
                request.path,
                data=request.body,  # type: ignore[arg-type]  # bytes go out as they are
                headers=headers,
                name=request.name,
                catch_response=True,
            ) as response:
                code = code_of(response.status_code, response.content, request.wants)
                if code:
                    response.failure(code)
                else:
                    response.success()
            return code

    return CitizenAtTheGate


def code_of(status: int, content: bytes | None, wants: dict[str, str | int]) -> str:
    """Why a request failed: the code of its problem, else its status; empty for success."""
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP
        return "" if says(content, wants) else WRONG_ANSWER
    if not status:
        return NO_ANSWER
    try:
        return str(msgspec.json.decode(content or b"")["code"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return f"http-{status}"


def says(content: bytes | None, wants: dict[str, str | int]) -> bool:
    """Whether an answer says all that it must."""
    try:
        answer = msgspec.json.decode(content or b"")
        for path, wanted in wants.items():
            found = answer
            for name in path.split("."):
                found = found[name]
            if found != wanted:
                return False
    except (msgspec.DecodeError, KeyError, TypeError):
        return False
    return True


def say(message: dict[str, Any]) -> None:
    """One line to the parent."""
    sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
    sys.stdout.buffer.flush()


def watch(schedule: Schedule, parent: int) -> None:
    """Tell of the progress once a second; end when nobody listens any more."""
    while True:
        time.sleep(1)
        if os.getppid() != parent:
            os._exit(1)
        failed = sum(1 for record in schedule.records if record.code)
        say({"progress": {"done": len(schedule.records), "failed": failed}})


def main(path: str) -> None:
    """Send the plan of this file and print the records."""
    parent = os.getppid()
    logging.getLogger("locust").setLevel(logging.ERROR)  # its advice is for interactive users
    plan = msgspec.json.decode(Path(path).read_bytes(), type=Plan)
    schedule = Schedule(plan.requests)
    environment = Environment(user_classes=[user_of(plan, schedule)], catch_exceptions=True)
    runner = environment.create_local_runner()
    runner.start(plan.users, spawn_rate=plan.users)
    while runner.user_count < plan.users:
        gevent.sleep(0.01)
    say({"ready": os.getpid()})
    # Nothing else runs before the start: blocking the whole process here is meant.
    schedule.start = float(sys.stdin.readline())
    last_s = plan.requests[-1].due_s if plan.requests else 0.0
    gevent.spawn(watch, schedule, parent)
    schedule.go.set()
    schedule.all_answered.wait(timeout=schedule.start - time.monotonic() + last_s + DRAIN_S_MAX)
    say({"records": schedule.records})
    # Locust's greenlets have nothing left to say; an orderly quit would wait for those that hang.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
