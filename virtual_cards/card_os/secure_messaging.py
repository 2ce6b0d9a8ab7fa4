"""Secure messaging: a command whose data end in a MAC, and may be enciphered (LD/T 32.4, 9).

Rules: the session key comes from the newest unused challenge of 8 bytes; the MAC is over CLA INS P1
P2 Lc and the data before it, Lc as sent. A wrong MAC answers 6988 and costs a try of its key, so
that guessing ends (6983). A challenge serves once, whatever the outcome.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused
from virtual_cards.card_os.challenges import Challenges
from virtual_cards.keys.algorithms import Algorithm, CipherTextIsFaulty
from virtual_cards.keys.mac import MAC_LENGTH
from virtual_cards.keys.store import KeyStore

SECURED: Final = 0x04
"""The bit of CLA that says a MAC follows (ISO/IEC 7816-4, 5.4.1, proprietary form)."""


class SecureMessaging:
    """Checks and opens the secured commands of one application."""

    def __init__(self, algorithm: Algorithm, keys: KeyStore, challenges: Challenges) -> None:
        self._algorithm = algorithm
        self._keys = keys
        self._challenges = challenges

    def open(self, command: CommandApdu, reference: int) -> bytes:
        """The data before the MAC. Raises `Refused` 6700, 6A88, 6983, 6984, 6988."""
        return self._open(command, reference)[0]

    def decipher(self, command: CommandApdu, reference: int) -> bytes:
        """The data before the MAC, deciphered. Raises `Refused` as `open` does."""
        data, session = self._open(command, reference)
        try:
            return self._algorithm.decipher(session, data)
        except CipherTextIsFaulty as fault:
            raise Refused(sw.SECURE_MESSAGING_WRONG) from fault

    def _open(self, command: CommandApdu, reference: int) -> tuple[bytes, bytes]:
        if len(command.data) < MAC_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        self._keys.open_try(reference)
        session = self._algorithm.session(self._keys.value(reference), self._challenges.use_last())
        data, given = command.data[:-MAC_LENGTH], command.data[-MAC_LENGTH:]
        signed = command.header + bytes([len(command.data)]) + data
        expected = self._algorithm.mac(session, signed)
        self._keys.compare(reference, expected, given, wrong=sw.SECURE_MESSAGING_WRONG)
        return data, session
