"""A reader that records every exchange of another one, with its times.

Rules: it changes nothing that passes. Times come from a given clock of seconds, by default the
monotonic one. An exchange the card did not finish has an empty response. The raw bytes may hold
personal data and a PIN: what people see comes from `virtual_cards.transcripts`, which masks them.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from virtual_cards.readers.reader import CardIsAbsent, Reader
from virtual_cards.readers.vpcd import CardInSlot

EXCHANGES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """A command, its response with status word, and how long the card took, in seconds.

    The ATR of a connect stands as an exchange with an empty command.
    """

    reader: str
    sequence: int
    command: bytes
    response: bytes
    started_s: float
    duration_s: float

    def to_json(self) -> dict[str, Any]:
        """JSON values; bytes as upper-case hexadecimal."""
        return {
            "reader": self.reader,
            "sequence": self.sequence,
            "command": self.command.hex().upper(),
            "response": self.response.hex().upper(),
            "started_s": self.started_s,
            "duration_s": self.duration_s,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The exchange `to_json` wrote. Raises `KeyError`, `ValueError`."""
        return cls(
            str(document["reader"]),
            int(document["sequence"]),
            bytes.fromhex(document["command"]),
            bytes.fromhex(document["response"]),
            float(document["started_s"]),
            float(document["duration_s"]),
        )


@dataclass(frozen=True, slots=True)
class Transcript:
    """Exchanges in order."""

    exchanges: tuple[Exchange, ...] = ()

    def to_json(self) -> list[dict[str, Any]]:
        """JSON values."""
        return [exchange.to_json() for exchange in self.exchanges]

    @classmethod
    def from_json(cls, document: list[dict[str, Any]]) -> Self:
        """The transcript `to_json` wrote. Raises `KeyError`, `ValueError`."""
        return cls(tuple(Exchange.from_json(part) for part in document))


class RecordedCard:
    """A card around another card, for a slot: it keeps the last exchanges any program had with it.

    A power-on, or a reset, stands as an exchange with an empty command, once until the next
    command.
    """

    def __init__(
        self, card: CardInSlot, name: str, *, clock_s: Callable[[], float] = time.perf_counter
    ) -> None:
        self.card = card
        self._name = name
        self._clock_s = clock_s
        self._exchanges: deque[Exchange] = deque(maxlen=EXCHANGES_MAX)
        self._count = 0

    @property
    def atr(self) -> bytes:
        """The card's."""
        return self.card.atr

    @property
    def transcript(self) -> Transcript:
        """The last exchanges, at most `EXCHANGES_MAX`."""
        return Transcript(tuple(self._exchanges))

    def reset(self) -> bytes:
        """Reset the card, and record it."""
        started_s = self._clock_s()
        atr = self.card.reset()
        if not self._exchanges or self._exchanges[-1].command:
            self._record(b"", atr, started_s)
        return atr

    def power_off(self) -> None:
        """Take the card's power away."""
        self.card.power_off()

    def transmit(self, command: bytes) -> bytes:
        """Pass a command, and record it."""
        started_s = self._clock_s()
        response = self.card.transmit(command)
        self._record(command, response, started_s)
        return response

    def _record(self, command: bytes, response: bytes, started_s: float) -> None:
        self._count += 1
        duration_s = self._clock_s() - started_s
        self._exchanges.append(
            Exchange(self._name, self._count, command, response, started_s, duration_s)
        )


class TranscriptReader:
    """A reader around another reader."""

    def __init__(
        self,
        reader: Reader,
        *,
        clock_s: Callable[[], float] = time.perf_counter,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._reader = reader
        self._clock_s = clock_s
        self._on_exchange = on_exchange
        self._exchanges: list[Exchange] = []
        self._count = 0

    @property
    def name(self) -> str:
        """The name of the reader inside."""
        return self._reader.name

    @property
    def transcript(self) -> Transcript:
        """Everything recorded so far."""
        return Transcript(tuple(self._exchanges))

    def take(self) -> Transcript:
        """Everything recorded since the last `take`; recording goes on from an empty transcript."""
        taken = self.transcript
        self._exchanges.clear()
        return taken

    def connect(self) -> bytes:
        """Connect, and record the ATR. Raises `CardIsAbsent`."""
        started_s = self._clock_s()
        atr = self._reader.connect()
        self._record(b"", atr, started_s)
        return atr

    def transmit(self, command: bytes) -> bytes:
        """Pass a command, and record it also when the card leaves. Raises `CardIsAbsent`."""
        started_s = self._clock_s()
        try:
            response = self._reader.transmit(command)
        except CardIsAbsent:
            self._record(command, b"", started_s)
            raise
        self._record(command, response, started_s)
        return response

    def disconnect(self) -> None:
        """Disconnect the reader inside."""
        self._reader.disconnect()

    def _record(self, command: bytes, response: bytes, started_s: float) -> None:
        duration_s = self._clock_s() - started_s
        # Numbered for the life of the reader: a transcript taken in parts can be joined again.
        self._count += 1
        exchange = Exchange(self.name, self._count, command, response, started_s, duration_s)
        self._exchanges.append(exchange)
        if self._on_exchange is not None:
            self._on_exchange(exchange)
