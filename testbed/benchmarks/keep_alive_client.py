"""A lean HTTP/1.1 client in a process of its own: sends requests that were written beforehand.

Rules: it must not be what is measured, so it knows sockets and bytes only, collects no garbage and
goes first where it may: else its own waits are taken for the server's. One request under way a
connection, the next sent when the answer is whole; an answer is judged by its status and one piece
of its body. A lane stays on one connection, so the taps of a card go in their order. A round ends
when its time is over or a connection has nothing more to send; all answers are then awaited.

A paced round sends each request when it is due, however the server does; its latency counts from
that moment, so that what waits for a connection is in it.

Run as `python -m testbed.benchmarks.keep_alive_client`. Standard input begins with the plan
(`frame_of`); then a line `KIND SECONDS` plays a round, `KIND SECONDS RATE` a paced one, and a line
of JSON (`Round`) tells of it. It ends when standard input is closed.
"""

from __future__ import annotations

import gc
import os
import re
import select
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, repeat
from typing import Final

import msgspec

ANSWER_S_MAX: Final = 10.0
_CHUNK: Final = 65_536
_LENGTH_BYTES: Final = 8
_LENGTH: Final = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_TOLD_BYTES: Final = 300
_GOES_FIRST: Final = -10
"""Its niceness, for root: in the field the callers are other machines."""


class Kind(msgspec.Struct, frozen=True):
    """Requests of one kind: `right_status` and `right_piece` are what a right answer holds.

    `lanes` has the requests of each connection, in order; with `again`, each sends its first one
    over and over.
    """

    right_status: bytes
    right_piece: bytes
    lanes: list[list[bytes]]
    again: bool = False


class Plan(msgspec.Struct, frozen=True):
    """Where to, and what."""

    host: str
    port: int
    kinds: dict[str, Kind]


class Round(msgspec.Struct, frozen=True):
    """What a round gave; `wrong` is the beginning of the first wrong answer, or what broke.

    `p99_ms` is of a paced round: 99 % of its requests were answered so soon after they were due.
    """

    answers: int
    seconds: float
    wrong: str = ""
    p99_ms: float = 0.0


class Connection:
    """One connection and the answer it waits for."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=ANSWER_S_MAX)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._got = b""

    def answer(self) -> bytes | None:
        """The answer when it is whole. Raises `ConnectionError` when there will be none."""
        chunk = self.socket.recv(_CHUNK)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        got = self._got + chunk if self._got else chunk
        head_end = got.find(b"\r\n\r\n")
        if head_end >= 0:
            length = _LENGTH.search(got, 0, head_end)
            if length is None:
                raise ConnectionError("an answer without Content-Length")
            if len(got) >= head_end + 4 + int(length[1]):
                self._got = b""
                return got
        self._got = got
        return None


class Client:
    """All connections, and where each kind's lanes stand."""

    def __init__(self, plan: Plan) -> None:
        self._kinds = plan.kinds
        self._lanes: dict[str, list[Iterator[bytes]]] = {
            name: [repeat(lane[0]) if kind.again else iter(lane) for lane in kind.lanes]
            for name, kind in plan.kinds.items()
        }
        count = max(len(kind.lanes) for kind in plan.kinds.values())
        self._connections = [Connection(plan.host, plan.port) for _ in range(count)]
        self._poll = select.epoll()
        self._place_of: dict[int, int] = {}
        for place, connection in enumerate(self._connections):
            self._poll.register(connection.socket.fileno(), select.EPOLLIN)
            self._place_of[connection.socket.fileno()] = place

    def play(self, name: str, seconds: float) -> Round:
        """One round of one kind."""
        kind, lanes = self._kinds[name], self._lanes[name]
        status = b"HTTP/1.1 " + kind.right_status + b" "
        piece = kind.right_piece
        first = [request for lane in lanes if (request := next(lane, None)) is not None]
        if len(first) < len(lanes):
            return Round(0, 0.0, "the requests prepared are used up")
        answers, waiting = 0, len(first)
        begin = time.perf_counter()
        end = begin + seconds
        for connection, request in zip(self._connections, first, strict=True):
            connection.socket.sendall(request)
        while waiting:
            ready = self._poll.poll(ANSWER_S_MAX)
            if not ready:
                return Round(answers, time.perf_counter() - begin, f"{waiting} answers never came")
            if time.perf_counter() >= end:
                end = 0.0
            for descriptor, _ in ready:
                place = self._place_of[descriptor]
                connection = self._connections[place]
                answer = connection.answer()
                if answer is None:
                    continue
                if not answer.startswith(status) or piece not in answer:
                    told = answer[:_TOLD_BYTES].decode(errors="replace")
                    return Round(answers, time.perf_counter() - begin, told)
                answers += 1
                if end and (following := next(lanes[place], None)) is not None:
                    connection.socket.sendall(following)
                else:
                    waiting -= 1
                    end = 0.0  # a connection that stands idle would make the figure too low
        return Round(answers, time.perf_counter() - begin)

    def play_paced(self, name: str, seconds: float, rate_per_s: float) -> Round:
        """One paced round of a kind whose requests need no order among them: as they were planned,
        one of each lane after the other, by whichever connection is free.
        """
        kind = self._kinds[name]
        status = b"HTTP/1.1 " + kind.right_status + b" "
        requests = chain.from_iterable(zip(*self._lanes[name], strict=False))
        planned = round(seconds * rate_per_s)
        idle = list(range(len(self._connections)))
        due_of: dict[int, float] = {}
        latencies: list[float] = []
        begin = time.perf_counter()
        sent = 0
        while len(latencies) < planned:
            now = time.perf_counter()
            while idle and sent < planned and begin + sent / rate_per_s <= now:
                request = next(requests, None)
                if request is None:
                    return Round(len(latencies), now - begin, "the requests prepared are used up")
                place = idle.pop()
                due_of[place] = begin + sent / rate_per_s
                sent += 1
                self._connections[place].socket.sendall(request)
            next_due = begin + sent / rate_per_s - time.perf_counter()
            waits = ANSWER_S_MAX if sent == planned or not idle else max(0.0, next_due)
            ready = self._poll.poll(waits)
            if not ready and waits == ANSWER_S_MAX:
                return Round(len(latencies), now - begin, f"{len(due_of)} answers never came")
            for descriptor, _ in ready:
                place = self._place_of[descriptor]
                answer = self._connections[place].answer()
                if answer is None:
                    continue
                if not answer.startswith(status) or kind.right_piece not in answer:
                    told = answer[:_TOLD_BYTES].decode(errors="replace")
                    return Round(len(latencies), now - begin, told)
                latencies.append(time.perf_counter() - due_of.pop(place))
                idle.append(place)
        latencies.sort()
        p99_ms = latencies[int(len(latencies) * 0.99)] * 1e3
        return Round(len(latencies), time.perf_counter() - begin, p99_ms=p99_ms)

    def close(self) -> None:
        """Hang up."""
        self._poll.close()
        for connection in self._connections:
            connection.socket.close()


def frame_of(plan: Plan) -> bytes:
    """A plan as the process reads it: no file, which would be written to the disk meanwhile."""
    content = msgspec.msgpack.encode(plan)
    return len(content).to_bytes(_LENGTH_BYTES, "big") + content


def main() -> None:
    """Take the plan and answer lines until there are no more."""
    asked = sys.stdin.buffer
    length = int.from_bytes(asked.read(_LENGTH_BYTES), "big")
    client = Client(msgspec.msgpack.decode(asked.read(length), type=Plan))
    gc.disable()
    with suppress(PermissionError):
        os.nice(_GOES_FIRST)
    for line in asked:
        name, seconds, *rate = line.decode().split()
        try:
            if rate:
                told = client.play_paced(name, float(seconds), float(rate[0]))
            else:
                told = client.play(name, float(seconds))
        except OSError as fault:
            told = Round(0, 0.0, str(fault) or type(fault).__name__)
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        sys.stdout.flush()
    client.close()


if __name__ == "__main__":
    main()
