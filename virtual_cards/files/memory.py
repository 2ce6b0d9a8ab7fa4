"""The persistent memory of a card: survives reset and tear, changes atomically.

Rules: a value is a number, bytes or records, and is never changed in place. Changes are gathered in
a `Transaction` and take effect together in one assignment: power that fails before it leaves
everything as it was. The volatile state of an applet is another object, which a reset clears.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

Value = int | bytes | tuple[bytes, ...]
T = TypeVar("T", int, bytes, tuple[bytes, ...])


# No slots: Python 3.11 cannot make `Slot[int](...)` of a frozen class that has them.
@dataclass(frozen=True)
class Slot(Generic[T]):
    """A place in memory by name, as `transit/balance_fen`, and the type of what is there."""

    name: str


class PersistentMemory:
    """The values of a card by the name of their slot."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        self._values: dict[str, Value] = dict(values or {})

    def read(self, slot: Slot[T]) -> T:
        """The value in a slot. Raises `KeyError` when the card was never given one."""
        return cast(T, self._values[slot.name])

    def begin(self) -> Transaction:
        """A new, empty set of changes."""
        return Transaction(self)

    def write(self, slot: Slot[T], value: T) -> None:
        """Change one value, atomically."""
        self.commit({slot.name: value})

    def commit(self, changes: Mapping[str, Value]) -> None:
        """Make all changes at once: the assignment is the one moment at which they happen."""
        self._values = {**self._values, **changes}

    def values(self) -> dict[str, Value]:
        """A copy of everything stored, by name of slot."""
        return dict(self._values)


class Transaction:
    """Changes that happen together at `commit`, or not at all."""

    __slots__ = ("_changes", "_memory")

    def __init__(self, memory: PersistentMemory) -> None:
        self._memory = memory
        self._changes: dict[str, Value] = {}

    def write(self, slot: Slot[T], value: T) -> None:
        """Put a value on the list of changes."""
        self._changes[slot.name] = value

    def read(self, slot: Slot[T]) -> T:
        """The value as this transaction sees it: its own change, else that of the memory."""
        if slot.name in self._changes:
            return cast(T, self._changes[slot.name])
        return self._memory.read(slot)

    def commit(self) -> None:
        """Make the changes, atomically."""
        self._memory.commit(self._changes)
