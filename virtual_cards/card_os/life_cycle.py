"""The life of an application and of the whole card: active, blocked, locked (LD/T 32.5, 7.1, 7.2).

Rules: the table below is all there is; LD/T 32.5 has no command that leads back. A blocked
application answers 6A81, to SELECT too, and still takes the commands that lock it for good; a
locked one answers 9303. A blocked card answers 6A81 to everything.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused
from virtual_cards.card_os.interindustry import INS_GET_CHALLENGE
from virtual_cards.card_os.secured_commands import INS_APPLICATION_BLOCK
from virtual_cards.files.memory import PersistentMemory, Slot


class LifeState(IntEnum):
    """How the memory writes it."""

    ACTIVE = 0
    BLOCKED = 1
    LOCKED = 2


_NEXT: Final = {
    (LifeState.ACTIVE, False): LifeState.BLOCKED,
    (LifeState.ACTIVE, True): LifeState.LOCKED,
    (LifeState.BLOCKED, False): LifeState.BLOCKED,
    (LifeState.BLOCKED, True): LifeState.LOCKED,
}
"""From a state, by a block that is for ever or not."""

_ANSWER: Final = {
    LifeState.BLOCKED: sw.FUNCTION_NOT_SUPPORTED,
    LifeState.LOCKED: sw.APPLICATION_LOCKED,
}
_STILL_TAKEN: Final = frozenset({INS_GET_CHALLENGE, INS_APPLICATION_BLOCK})
"""By a blocked application."""

CARD: Final = "card"


class LifeCycle:
    """The life of one application, or of the card, in a memory."""

    __slots__ = ("_is_card", "_memory", "_slot")

    def __init__(self, name: str, memory: PersistentMemory) -> None:
        self._is_card = name == CARD
        self._memory = memory
        self._slot = life_cycle_slot(name)

    @property
    def is_active(self) -> bool:
        """Whether nothing was blocked."""
        return not self._memory.read(self._slot)

    def admit(self, ins: int | None) -> None:
        """The gate before a command, or before SELECT (None). Raises `Refused` 6A81, 9303."""
        if self.is_active:
            return
        state = LifeState(self._memory.read(self._slot))
        if state is LifeState.BLOCKED and not self._is_card and ins in _STILL_TAKEN:
            return
        raise Refused(_ANSWER[state])

    def block(self, *, for_ever: bool) -> None:
        """Move on by the table. Raises `Refused` 9303 from an end."""
        state = LifeState(self._memory.read(self._slot))
        following = _NEXT.get((state, for_ever))
        if following is None:
            raise Refused(sw.APPLICATION_LOCKED)
        self._memory.write(self._slot, int(following))


@cache
def life_cycle_slot(name: str) -> Slot[int]:
    """Where the life of an application (or of the card) stands; 0 on a new card."""
    return Slot[int](f"{name}/life_cycle")
