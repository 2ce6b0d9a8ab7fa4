"""The readers of a scenario, one for each terminal: virtual PC/SC readers, or in-process ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Protocol, Self

from scenarios.settings import ReaderKind
from virtual_cards.card_os.card import Card
from virtual_cards.readers import (
    Exchange,
    InProcessReader,
    Reader,
    ReaderRack,
    TranscriptReader,
)

READERS_MAX = 8


class _Slots(Protocol):
    def insert(self, index: int, card: Card) -> None: ...

    def remove(self, index: int) -> object: ...

    def reader(self, index: int) -> Reader: ...


class InProcessSlots:
    """As many in-process readers as there are slots."""

    def __init__(self, count: int) -> None:
        self._readers = [InProcessReader(f"in-process reader {number}") for number in range(count)]

    def insert(self, index: int, card: Card) -> None:
        """Put a card in."""
        self._readers[index].insert(card)

    def remove(self, index: int) -> None:
        """Take the card out."""
        self._readers[index].remove()

    def reader(self, index: int) -> Reader:
        """The reader of a slot."""
        return self._readers[index]


class ReaderRow:
    """Hands out readers and holds cards to them; a context manager."""

    def __init__(self, kind: ReaderKind) -> None:
        self._rack = ReaderRack(READERS_MAX) if kind == "pcsc" else None
        self._slots: _Slots = self._rack or InProcessSlots(READERS_MAX)
        self._taken = 0

    def __enter__(self) -> Self:
        if self._rack is not None:
            self._rack.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._rack is not None:
            self._rack.stop()

    def take(self, on_exchange: Callable[[Exchange], None]) -> tuple[int, TranscriptReader]:
        """A free reader, every exchange of which is told; its slot number and itself."""
        index = self._taken
        self._taken += 1
        return index, TranscriptReader(self._slots.reader(index), on_exchange=on_exchange)

    @contextmanager
    def card_in(self, index: int, card: Card) -> Iterator[None]:
        """Hold a card to the reader for a while."""
        self._slots.insert(index, card)
        try:
            yield
        finally:
            self._slots.remove(index)
