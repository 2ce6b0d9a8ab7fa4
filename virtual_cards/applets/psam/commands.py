"""Typed commands of the social security application of a PSAM, and 8072 of both applications.

Rules: every P1, P2 and Lc is checked here. BFDE and 80FA are those of public readers; 8070 for
medical payments is ours, after that of PBOC 2.0 (docs/interfaces.md, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused
from virtual_cards.keys.diversification import FACTOR_LENGTH

SESSION_CLASS: Final = 0xBF
INS_DELIVER_SESSION_KEY: Final = 0xDE
INS_CIPHER: Final = 0xFA

KEY_LEVELS: Final = 2
"""How often a key of the module is diversified to a card's: city, card."""

_LEVEL_SHIFT: Final = 5
_KEY_TYPE_MASK: Final = 0x1F
_CARD_KEY_TYPE: Final = 8
_SESSION_LENGTH: Final = (KEY_LEVELS + 1) * FACTOR_LENGTH
_MEDICAL_LENGTH: Final = 37
_MAC_LENGTH: Final = 4


@dataclass(frozen=True, slots=True)
class DeliverSessionKey:
    """BFDE 48 key 18: factors of card and city, process factor."""

    key_reference: int
    card: bytes
    city: bytes
    process: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1 and Lc.

        Raises `Refused` 6A80 for another number of levels, 6A88 for another type of key, 6700.
        """
        if command.p1 >> _LEVEL_SHIFT != KEY_LEVELS:
            raise Refused(sw.WRONG_DATA)
        if command.p1 & _KEY_TYPE_MASK != _CARD_KEY_TYPE:
            raise Refused(sw.KEY_NOT_FOUND)
        data = command.data
        if len(data) != _SESSION_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        return cls(command.p2, data[:8], data[8:16], data[16:])


@dataclass(frozen=True, slots=True)
class Encipher:
    """80FA 0000 08: CIPHER, the original data to prove oneself with."""

    original: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        return cls(_data(command, FACTOR_LENGTH))


@dataclass(frozen=True, slots=True)
class InitForMedicalPurchase:
    """8070 0000 25: what the card answered to B028, and which card it is."""

    random: bytes
    sequence: bytes
    asked: bytes
    """Amount4, type1, account1, as the card's MAC has them."""
    moment: bytes
    key_version: int
    algorithm: int
    card: bytes
    city: bytes

    @property
    def amount(self) -> bytes:
        """The amount alone, which MAC2 is over."""
        return self.asked[:4]

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        data = _data(command, _MEDICAL_LENGTH)
        return cls(
            data[:4],
            data[4:6],
            data[6:12],
            data[12:19],
            data[19],
            data[20],
            data[21:29],
            data[29:],
        )


class CreditForPurchase(NamedTuple):
    """8072 0000 04: the MAC2 of the card."""

    mac: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        return cls(_data(command, _MAC_LENGTH))


def _data(command: CommandApdu, length: int) -> bytes:
    if command.p1 or command.p2:
        raise Refused(sw.WRONG_P1_P2)
    if len(command.data) != length:
        raise Refused(sw.WRONG_LENGTH)
    return command.data
