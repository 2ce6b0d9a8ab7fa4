"""Typed commands that change the PIN or end a life: CHANGE PIN, PIN CHANGE/UNBLOCK, APPLICATION
BLOCK, CARD BLOCK (LD/T 32.5, 7.1 to 7.3 and PIN CHANGE/UNBLOCK).

Rules: every P1, P2 and Lc is checked here; MACs are opened elsewhere. CHANGE PIN is plain (CLA 80)
or secured (84), the others are always secured. Which (CLA, INS) may be secured at all stands in
`SECURED_INSTRUCTIONS`; every other secured command is 6882.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused
from virtual_cards.assumptions import PIN_SEPARATOR
from virtual_cards.card_os.interindustry import INS_UPDATE_BINARY, INS_UPDATE_RECORD
from virtual_cards.card_os.secure_messaging import SECURED
from virtual_cards.keys.mac import MAC_LENGTH

INS_CARD_BLOCK: Final = 0x16
INS_APPLICATION_BLOCK: Final = 0x1E
INS_UNBLOCK_PIN: Final = 0x24
INS_CHANGE_PIN: Final = 0x5E

PRIVATE: Final = 0x80
SECURED_PRIVATE: Final = PRIVATE | SECURED

SECURED_INSTRUCTIONS: Final = frozenset(
    {
        (SECURED, INS_UPDATE_RECORD),
        (SECURED, INS_UPDATE_BINARY),
        (SECURED_PRIVATE, INS_CHANGE_PIN),
        (SECURED_PRIVATE, INS_UNBLOCK_PIN),
        (SECURED_PRIVATE, INS_APPLICATION_BLOCK),
        (SECURED_PRIVATE, INS_CARD_BLOCK),
    }
)

_CHANGE_P1: Final = 0x01
_SET_NEW: Final = 0x01
_LOCK: Final = 0x01
_PIN_LENGTH_MIN: Final = 2
_PIN_LENGTH_MAX: Final = 8
_ENCIPHERED_LENGTHS: Final = frozenset({8 + MAC_LENGTH, 16 + MAC_LENGTH})


@dataclass(frozen=True, slots=True)
class ChangePin:
    """CHANGE PIN `805E 0100 Lc old FF new`, or `845E` with the same enciphered, and a MAC."""

    old: bytes
    new: bytes

    @staticmethod
    def check(command: CommandApdu) -> None:
        """Check P1 and P2. Raises `Refused` 6A86."""
        if command.p1 != _CHANGE_P1 or command.p2:
            raise Refused(sw.WRONG_P1_P2)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Split the open data. Raises `Refused` 6A80."""
        old, separator, new = data.partition(PIN_SEPARATOR)
        new = new.lstrip(PIN_SEPARATOR)
        if not separator or not _PIN_LENGTH_MIN <= len(old) <= _PIN_LENGTH_MAX:
            raise Refused(sw.WRONG_DATA)
        return cls(old, new_pin(new))


@dataclass(frozen=True, slots=True)
class UnblockPin:
    """PIN CHANGE/UNBLOCK `8424 0000 04 MAC` or `8424 0001 0C|14 enciphered PIN, MAC`."""

    sets_new: bool

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if command.p1 or command.p2 > _SET_NEW:
            raise Refused(sw.WRONG_P1_P2)
        length = len(command.data)
        fits = length in _ENCIPHERED_LENGTHS if command.p2 else length == MAC_LENGTH
        if not fits:
            raise Refused(sw.WRONG_LENGTH)
        return cls(command.p2 == _SET_NEW)


@dataclass(frozen=True, slots=True)
class Block:
    """APPLICATION BLOCK `841E 00 00|01 04 MAC` and CARD BLOCK `8416 0000 04 MAC`; `for_ever` is
    P2 01.
    """

    for_ever: bool

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        highest = _LOCK if command.ins == INS_APPLICATION_BLOCK else 0
        if command.p1 or command.p2 > highest:
            raise Refused(sw.WRONG_P1_P2)
        if len(command.data) != MAC_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        return cls(command.p2 == _LOCK)


def new_pin(value: bytes) -> bytes:
    """A new PIN as the card keeps it: BCD, an F at the end at most. Raises `Refused` 6A80."""
    digits = value.hex().rstrip("f")
    if not _PIN_LENGTH_MIN <= len(value) <= _PIN_LENGTH_MAX or not digits.isdigit():
        raise Refused(sw.WRONG_DATA)
    if len(digits) < 2 * _PIN_LENGTH_MIN:
        raise Refused(sw.WRONG_DATA)
    return bytes.fromhex(digits + "f" * (len(digits) % 2))
