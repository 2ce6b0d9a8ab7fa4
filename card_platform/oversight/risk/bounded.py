"""What a fold remembers, within bounds: a map of so many keys and a list of so many entries.

Rules: what is first in goes first when a bound is reached; so memory does not grow with the
history, and the same events leave the same memory.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

KEYS_MAX = 2_000_000
"""Cards, persons or devices remembered by one rule."""
MARKS_MAX = 64
"""Entries of one window."""


class BoundedMap(Generic[K, V]):
    """A map that makes what is missing and forgets the oldest key beyond its bound."""

    __slots__ = ("_kept", "_keys_max", "_make")

    def __init__(self, make: Callable[[], V], keys_max: int = KEYS_MAX) -> None:
        self._kept: dict[K, V] = {}
        self._make = make
        self._keys_max = keys_max

    def get(self, key: K) -> V | None:
        """What is remembered, if anything."""
        return self._kept.get(key)

    def of(self, key: K) -> V:
        """What is remembered, or a new one."""
        found = self._kept.get(key)
        if found is None:
            found = self._make()
            self.put(key, found)
        return found

    def put(self, key: K, value: V) -> None:
        """Remember it."""
        if len(self._kept) >= self._keys_max and key not in self._kept:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = value

    def drop(self, key: K) -> None:
        """Forget it."""
        self._kept.pop(key, None)

    def __len__(self) -> int:
        return len(self._kept)


class Mark(NamedTuple):
    """One entry of a window: when (s), which event, its weight, and a word on what or who."""

    at: int
    event: str
    weight: int
    word: str


class Window:
    """The marks of a span of time, the newest `marks_max` of them."""

    __slots__ = ("_marks", "_marks_max")

    def __init__(self, marks_max: int = MARKS_MAX) -> None:
        self._marks: list[Mark] = []
        self._marks_max = marks_max

    def add(self, mark: Mark, span_s: int) -> None:
        """Add one; what is older than the span before it goes."""
        kept = self._marks
        kept.append(mark)
        if len(kept) > self._marks_max or kept[0].at < mark.at - span_s:
            horizon = mark.at - span_s
            self._marks = [each for each in kept if each.at >= horizon][-self._marks_max :]

    def weight(self) -> int:
        """All weights together."""
        return sum(each.weight for each in self._marks)

    def words(self) -> set[str]:
        """The words, each once."""
        return {each.word for each in self._marks}

    def events(self) -> list[str]:
        """The events, in the order they were added."""
        return [each.event for each in self._marks]

    def __iter__(self) -> Iterator[Mark]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)
