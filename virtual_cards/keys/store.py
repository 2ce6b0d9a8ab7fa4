"""The keys of an applet with their tries (LD/T 32.4).

Rules: the values of keys are given at personalisation and never leave the card. The count of tries
is persistent and goes down *before* the comparison, so that a tear in the middle never wins a try.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from functools import lru_cache

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused
from virtual_cards.assumptions import KEY_TRIES_MAX
from virtual_cards.files.memory import PersistentMemory, Slot


class KeyStore:
    """Keys by reference (P2 of the authentication commands)."""

    def __init__(self, prefix: str, keys: Mapping[int, bytes], memory: PersistentMemory) -> None:
        self._keys = dict(keys)
        self._memory = memory
        self._tries = {ref: _tries_slot(prefix, ref) for ref in keys}

    @staticmethod
    def initial_values(prefix: str, references: Iterable[int]) -> dict[str, int]:
        """The counts of tries of a new card, by name of slot."""
        return {_tries_slot(prefix, reference).name: KEY_TRIES_MAX for reference in references}

    def value(self, reference: int) -> bytes:
        """The key. Raises `Refused` 6A88 when there is none."""
        key = self._keys.get(reference)
        if key is None:
            raise Refused(sw.KEY_NOT_FOUND)
        return key

    def open_try(self, reference: int) -> None:
        """Raise `Refused` 6A88 for an unknown key, 6983 for a locked one."""
        self.value(reference)
        if self._memory.read(self._tries[reference]) == 0:
            raise Refused(sw.AUTHENTICATION_METHOD_BLOCKED)

    def compare(
        self, reference: int, expected: bytes, given: bytes, wrong: int | None = None
    ) -> None:
        """Use up a try; a right value gives all of them back.

        A wrong one raises `Refused` with the status word `wrong`, else 63Cx.
        """
        slot = self._tries[reference]
        left = self._memory.read(slot) - 1
        self._memory.write(slot, left)
        if not hmac.compare_digest(expected, given):
            raise Refused(sw.tries_left(left) if wrong is None else wrong)
        self._memory.write(slot, KEY_TRIES_MAX)


@lru_cache(maxsize=512)
def _tries_slot(prefix: str, reference: int) -> Slot[int]:
    return Slot[int](f"{prefix}/key_tries/{reference:02X}")
