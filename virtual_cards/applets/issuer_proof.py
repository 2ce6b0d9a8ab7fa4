"""How an issuer proves that a command to the card is its own: challenge, MAC, tries.

Rules: GET CHALLENGE gives 8 bytes, good for one command while the application stays selected; MAC =
retail MAC under the issuer's key over challenge8 || CLA INS P1 P2 Lc || data before the MAC. A
wrong MAC costs a try of the key. No public source gives such a command: the formula is ours, and
stands here alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.card_os.challenges import RandomBytes
from virtual_cards.card_os.interindustry import GetChallenge
from virtual_cards.files import PersistentMemory
from virtual_cards.keys.retail_mac import RETAIL_MAC_LENGTH, retail_mac
from virtual_cards.keys.store import KeyStore

_CHALLENGE_LENGTH: Final = 8


class IssuerProof:
    """The issuer keys of one application and its unused challenge (volatile)."""

    def __init__(
        self,
        prefix: str,
        keys: Mapping[int, bytes],
        memory: PersistentMemory,
        random_bytes: RandomBytes,
    ) -> None:
        self._keys = KeyStore(prefix, keys, memory)
        self._random_bytes = random_bytes
        self._challenge: bytes | None = None

    def get_challenge(self, command: CommandApdu) -> Response:
        """Answer GET CHALLENGE; only 8 bytes can be proved with. Raises `Refused`."""
        challenge = self._random_bytes(GetChallenge.parse(command).length)
        self._challenge = challenge if len(challenge) == _CHALLENGE_LENGTH else None
        return Response(challenge)

    def check(self, command: CommandApdu, reference: int) -> None:
        """Require that the command ends in the issuer's MAC.

        Raises `Refused` 6A88 and 6983 (key unknown, locked), 6984 (no challenge), 63Cx (wrong MAC).
        """
        self._keys.open_try(reference)
        challenge, self._challenge = self._challenge, None
        if challenge is None:
            raise Refused(sw.CHALLENGE_NOT_USABLE)
        expected = issuer_mac(self._keys.value(reference), challenge, command)
        self._keys.compare(reference, expected, command.data[-RETAIL_MAC_LENGTH:])

    def clear(self) -> None:
        """Forget the challenge: reset, or another application was selected."""
        self._challenge = None


def issuer_mac(key: bytes, challenge: bytes, command: CommandApdu) -> bytes:
    """The MAC a command must end in; its data already hold eight bytes in the place of it."""
    told = command.data[:-RETAIL_MAC_LENGTH]
    return retail_mac(key, challenge + command.header + bytes([len(command.data)]) + told)
