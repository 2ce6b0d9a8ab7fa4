"""The PIN of the card holder (LD/T 32.4; LD/T 32.5, VERIFY).

Rules: BCD, filled with F; every application of the card shares the PIN and its tries. The count
goes down before the comparison. The last wrong try answers 63C0, every VERIFY after it 6983.
"""

from __future__ import annotations

import hmac
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.assumptions import PIN_TRIES_MAX
from virtual_cards.card_os.interindustry import Verify
from virtual_cards.files.access import PIN, SecurityStatus
from virtual_cards.files.memory import PersistentMemory, Slot

_VALUE: Final = Slot[bytes]("card/pin")
_TRIES: Final = Slot[int]("card/pin_tries")
_FILL: Final = b"\xff"


class Pin:
    """The PIN in a memory."""

    def __init__(self, memory: PersistentMemory) -> None:
        self._memory = memory

    @staticmethod
    def initial_values(digits: str) -> dict[str, int | bytes]:
        """The PIN of a new card, by name of slot."""
        return {_VALUE.name: pin_block(digits), _TRIES.name: PIN_TRIES_MAX}

    def call(self, command: CommandApdu, won: set[SecurityStatus]) -> Response:
        """VERIFY in an application: win or lose its PIN status; asking changes nothing."""
        given = Verify.parse(command).pin
        if given:
            won.discard(PIN)
        self.verify(given)
        won.add(PIN)
        return Response()

    def verify(self, given: bytes) -> None:
        """Compare. Raises `Refused` 63Cx for a wrong PIN, 6983 when it is locked.

        Without data: returns when the card has no PIN, else raises 63Cx (the tries left) or 6983.
        """
        left = self._memory.read(_TRIES)
        value = self._memory.read(_VALUE)
        if left == 0:
            raise Refused(sw.AUTHENTICATION_METHOD_BLOCKED)
        if not given:
            if value:
                raise Refused(sw.tries_left(left))
            return
        self.compare(value, given.rstrip(_FILL))

    def change(self, old: bytes, new: bytes) -> None:
        """A new PIN after the right old one. Raises `Refused` as `verify` does."""
        self.verify(old)
        self._memory.write(_VALUE, new)

    def unblock(self, new: bytes | None = None) -> None:
        """Give all tries back and, in the same change, set a new PIN when there is one."""
        change = self._memory.begin()
        change.write(_TRIES, PIN_TRIES_MAX)
        if new is not None:
            change.write(_VALUE, new)
        change.commit()

    @property
    def value(self) -> bytes:
        """The PIN as it is kept, for proofs that only depend on it."""
        return self._memory.read(_VALUE)

    def compare(self, expected: bytes, given: bytes) -> None:
        """Use up a try for a proof made from the PIN. Raises `Refused` 63Cx, 6983."""
        left = self._memory.read(_TRIES)
        if left == 0:
            raise Refused(sw.AUTHENTICATION_METHOD_BLOCKED)
        self._memory.write(_TRIES, left - 1)
        if not hmac.compare_digest(expected, given):
            raise Refused(sw.tries_left(left - 1))
        self._memory.write(_TRIES, PIN_TRIES_MAX)


def pin_block(digits: str) -> bytes:
    """The PIN as BCD, filled with F to whole bytes."""
    return bytes.fromhex(digits + "F" * (len(digits) % 2))
