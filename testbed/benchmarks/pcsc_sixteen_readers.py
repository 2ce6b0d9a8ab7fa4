"""SELECT and READ RECORD of 16 cards in 16 readers at once, beside 16 cards that do nothing.

Rules: as many readers as one pcscd carries, each with a terminal in a process of its own, and all
cards in this process, as `onecard readers up -n 16` holds them. The null cards sit in 16 readers
of a second pcscd; the same 16 terminals ask them the same bytes, in turns, while the other cards
rest.
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
from types import TracebackType
from typing import Final, Self

from testbed.benchmarks.figure import (
    CannotMeasure,
    Figure,
    FigureIsRefused,
    beside_peer,
    share_of_peer,
    take_turns,
)
from testbed.benchmarks.pcsc_select_read import LIMIT_SHARE, NULL_CARD, NullCard, reader_rack
from testbed.benchmarks.reader_client import READY
from testbed.benchmarks.samples import samples
from virtual_cards.personalisation import load_card
from virtual_cards.readers import ReaderRack
from virtual_cards.readers.pcscd import READERS_MAX

NAME: Final = "pcsc-16-readers"
NULL_CARDS: Final = f"16 {NULL_CARD}s"
ROUNDS: Final = 24
ROUND_S: Final = 0.25
"""Many short turns: 34 processes want the same cores, and one long turn can meet a bad moment."""
_OURS, _NULL = 0, 1
_LEAD_S: Final = 0.03
_END_S_MAX: Final = 5.0


class Terminals:
    """Sixteen client processes, each at one of our cards and one null card; a context manager."""

    def __init__(self, rack: ReaderRack) -> None:
        self._rack = rack
        self._clients: list[subprocess.Popen[str]] = []

    def rate_per_s(self, place: int, seconds: float = ROUND_S) -> float:
        """Right answers a second of all together. Raises `FigureIsRefused` for a wrong one."""
        begin = time.monotonic() + _LEAD_S
        for client in self._clients:
            assert client.stdin is not None  # noqa: S101
            client.stdin.write(f"{place} {begin} {begin + seconds}\n")
            client.stdin.flush()
        answers = 0
        for told in [self._line_of(client) for client in self._clients]:
            if not told.isdigit():
                raise FigureIsRefused(f"应答有误：{told}", f"an answer was wrong: {told}")
            answers += int(told)
        return answers / seconds

    def __enter__(self) -> Self:
        sockets = [str(service.socket_path) for service in self._rack.services]
        try:
            for number in range(READERS_MAX):
                ours, null = self._rack.slots[number], self._rack.slots[READERS_MAX + number]
                words = (ours.name, sockets[_OURS], null.name, sockets[_NULL])
                self._clients.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "testbed.benchmarks.reader_client", *words],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        text=True,
                    )
                )
            for client in self._clients:
                if self._line_of(client) != READY:
                    raise CannotMeasure("终端进程没有启动。", "a terminal did not start.")
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._end()

    @staticmethod
    def _line_of(client: subprocess.Popen[str]) -> str:
        assert client.stdout is not None  # noqa: S101
        return client.stdout.readline().strip()

    def _end(self) -> None:
        for client in self._clients:
            if client.stdin is not None:
                client.stdin.close()
        for client in self._clients:
            try:
                client.wait(_END_S_MAX)
            except subprocess.TimeoutExpired:
                client.kill()
                client.wait()
            if client.stdout is not None:
                client.stdout.close()


def measure(rounds: int = ROUNDS, seconds: float = ROUND_S) -> list[Figure]:
    """Both rates, and what share ours is of theirs. Raises `CannotMeasure` without PC/SC."""
    image = samples().card_image
    with ExitStack() as stack:
        rack = stack.enter_context(reader_rack(2 * READERS_MAX))
        for number in range(READERS_MAX):
            rack.insert(number, load_card(image).card)
            rack.insert(READERS_MAX + number, NullCard())
        terminals = stack.enter_context(Terminals(rack))
        for place in (_OURS, _NULL):  # warm
            terminals.rate_per_s(place, seconds / 2)
        turns = take_turns(
            lambda: terminals.rate_per_s(_OURS, seconds),
            lambda: terminals.rate_per_s(_NULL, seconds),
            rounds,
        )
    return [
        beside_peer(NAME, "APDU/s", turns, NULL_CARDS),
        share_of_peer(f"{NAME}-share", NULL_CARDS, turns, LIMIT_SHARE),
    ]
