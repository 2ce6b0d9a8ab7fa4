"""The financial function of a card: closed until its holder has it opened at the bank.

Rules: persistent, closed on a new card. While it is closed the bank application is not found (6A82)
and no environment lists it; only the bank's own command, under its key, changes it.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.files import PersistentMemory, Slot

_STATE: Final = Slot[int]("bank/financial_function")
_CLOSED: Final = 0
_OPEN: Final = 1


class FinancialFunction:
    """Open or closed, in a memory."""

    def __init__(self, memory: PersistentMemory) -> None:
        self._memory = memory

    @staticmethod
    def initial_values() -> dict[str, int]:
        """A new card: closed."""
        return {_STATE.name: _CLOSED}

    @property
    def is_open(self) -> bool:
        """Whether the bank application can be used."""
        return self._memory.read(_STATE) == _OPEN

    def open(self) -> None:
        """From now on the application is there; opening it twice changes nothing."""
        self._memory.write(_STATE, _OPEN)

    def close(self) -> None:
        """From now on it is not there."""
        self._memory.write(_STATE, _CLOSED)
