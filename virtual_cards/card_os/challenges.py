"""Challenges: random numbers a card gave out and nobody has used yet (LD/T 32.5).

Rules: volatile; only the two last challenges of 8 bytes count, and each can be used once. Of the
two, the older is the process factor and the newer the original data (docs/interfaces.md, section
3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused

_COUNTED_LENGTH: Final = 8
_KEPT: Final = 2

RandomBytes = Callable[[int], bytes]
"""Where a card's random numbers come from: a count of bytes in, the bytes out."""


class Challenges:
    """The unused challenges of one application."""

    __slots__ = ("_random_bytes", "_unused")

    def __init__(self, random_bytes: RandomBytes) -> None:
        self._random_bytes = random_bytes
        self._unused: tuple[bytes, ...] = ()

    def draw(self, length: int) -> bytes:
        """A new challenge."""
        challenge = self._random_bytes(length)
        if length == _COUNTED_LENGTH:
            self._unused = (*self._unused, challenge)[-_KEPT:]
        return challenge

    def spend(self, *challenges: bytes) -> None:
        """Mark these as used, so that they prove nothing any more."""
        self._unused = tuple(unused for unused in self._unused if unused not in challenges)

    def use_pair(self) -> tuple[bytes, bytes]:
        """Use up both: process factor, original data.

        Raises `Refused` 6984 when there are not two.
        """
        if len(self._unused) < _KEPT:
            raise Refused(sw.CHALLENGE_NOT_USABLE)
        process, original = self._unused
        self._unused = ()
        return process, original

    def use_last(self) -> bytes:
        """Use up the newest, and with it the older: the factor of a secured command.

        Raises `Refused` 6984 when there is none.
        """
        if not self._unused:
            raise Refused(sw.CHALLENGE_NOT_USABLE)
        newest = self._unused[-1]
        self._unused = ()
        return newest

    def clear(self) -> None:
        """Forget them: reset, or another application was selected."""
        self._unused = ()
