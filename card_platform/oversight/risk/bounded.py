"""What a fold remembers, within bounds: a map of so many keys and a list of so many entries.

Rules: what is first in goes first when a bound is reached; so memory does not grow with the
history, and the same events leave the same memory. Names are interned: a card or person is one
text in the memory of all rules together.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from sys import intern
from typing import Any, Generic, NamedTuple, TypeVar

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
        if key not in self._kept:
            if len(self._kept) >= self._keys_max:
                del self._kept[next(iter(self._kept))]
            key = _interned(key)
        self._kept[key] = value

    @property
    def since(self) -> int:
        """When it began to remember; 0 where it never fades."""
        return 0

    def halves(self) -> Iterator[tuple[str, dict[K, V]]]:
        """All that is remembered, in the parts that `restore` takes."""
        yield "kept", self._kept

    def restore(self, part: str, content: Any) -> None:
        """Remember what another one did, part by part."""
        if part == "kept":
            for key, value in content:
                self.put(key, value)

    def drop(self, key: K) -> None:
        """Forget it."""
        self._kept.pop(key, None)

    def __len__(self) -> int:
        return len(self._kept)


class FadingMap(BoundedMap[K, V]):
    """A map that also forgets a key nobody asked for over a span of time.

    Rules: there are a new half and an old one; what is asked for in the old one goes to the new.
    When a span has passed the old half is forgotten and the new one is old. So a key stays for
    one span at least, and for two at most.
    """

    __slots__ = ("_old", "_since")

    def __init__(self, make: Callable[[], V], keys_max: int = KEYS_MAX) -> None:
        super().__init__(make, keys_max)
        self._old: dict[K, V] = {}
        self._since = 0

    def fade(self, now: int, span_s: int) -> None:
        """It is now so many seconds since 1970; called before the map is asked."""
        if now - self._since >= span_s:
            self._old = self._kept if now - self._since < 2 * span_s else {}
            self._kept, self._since = {}, now

    def get(self, key: K) -> V | None:
        """What is remembered, if anything."""
        found = self._kept.get(key)
        if found is None and key in self._old:
            found = self._old.pop(key)
            self.put(key, found)
        return found

    def of(self, key: K) -> V:
        """What is remembered, or a new one."""
        found = self.get(key)
        if found is None:
            found = self._make()
            self.put(key, found)
        return found

    def drop(self, key: K) -> None:
        """Forget it."""
        self._kept.pop(key, None)
        self._old.pop(key, None)

    @property
    def since(self) -> int:
        """When the new half was begun."""
        return self._since

    def halves(self) -> Iterator[tuple[str, dict[K, V]]]:
        """All that is remembered, by halves."""
        yield "old", self._old
        yield "kept", self._kept

    def restore(self, part: str, content: Any) -> None:
        """Remember what another one did, part by part."""
        if part == "since":
            self._since = content
        elif part == "old":
            self._old.update((_interned(key), value) for key, value in content)
        else:
            super().restore(part, content)

    def __len__(self) -> int:
        return len(self._kept) + len(self._old)


def _interned(key: Any) -> Any:
    if type(key) is str:
        return intern(key)
    return tuple(intern(each) for each in key) if type(key) is tuple else key


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

    def drop(self, word: str) -> None:
        """Forget the marks with this word."""
        self._marks = [each for each in self._marks if each.word != word]

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
