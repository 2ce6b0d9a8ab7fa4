"""The chip behind the faces of a card: one operating system, one memory, one power supply.

Rules: first come, first served. The face that is powered first holds the chip until its power goes;
meanwhile the other face is mute. Taking the power away, or a reset, clears the volatile state for
both, since it is the same. Which face holds it, the `Interface` says to applications. A blocked
card answers nothing but 6A81 on either face.
"""

from __future__ import annotations

import threading
from typing import Protocol

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Response
from virtual_cards.card_os.dispatch import Dispatch
from virtual_cards.card_os.interface import Interface
from virtual_cards.card_os.life_cycle import LifeCycle


class Face(Protocol):
    """What the chip knows of a face."""

    @property
    def is_contactless(self) -> bool:
        """Whether it has its power from a field."""
        ...


class Chip:
    """The applications of a card, its life, and which face holds it."""

    __slots__ = ("_dispatch", "_holder", "_interface", "_life", "_lock")

    def __init__(self, dispatch: Dispatch, life: LifeCycle, interface: Interface) -> None:
        self._dispatch = dispatch
        self._life = life
        self._interface = interface
        self._holder: Face | None = None
        self._lock = threading.Lock()
        dispatch.reset()

    def is_free_for(self, face: Face) -> bool:
        """Whether no other face holds the chip."""
        return self._holder is None or self._holder is face

    def take(self, face: Face) -> bool:
        """Hold the chip for a face; False when another holds it."""
        if self._holder is face:
            return True
        # Each face may be in a reader with a thread of its own: one of them is first.
        with self._lock:
            if self._holder is not None:
                return False
            self._interface.is_contactless = face.is_contactless
            self._holder = face
        return True

    def release(self, face: Face) -> None:
        """The power of a face goes; of a face that does not hold the chip nothing happens."""
        if self._holder is face:
            self._dispatch.reset()
            self._holder = None

    def reset(self) -> None:
        """Clear the volatile state."""
        self._dispatch.reset()

    def call(self, command: CommandApdu) -> Response:
        """Answer a command. Raises `Refused`."""
        self._life.admit(command.ins)
        return self._dispatch.call(command)
