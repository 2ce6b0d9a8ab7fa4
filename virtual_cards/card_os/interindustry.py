"""Typed commands every application has (ISO/IEC 7816-4, 7; LD/T 32.5).

Rules: every P1, P2 and Lc is checked here. `parse` takes a command with the right INS and CLA, and
either returns what is meant or raises `Refused`. No meaning of P1 and P2 is decided anywhere else.
They are named tuples, because every command makes one.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, NamedTuple, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import LE_MAX, CommandApdu
from virtual_cards.apdu.response import Refused

INS_VERIFY: Final = 0x20
INS_EXTERNAL_AUTHENTICATE: Final = 0x82
INS_GET_CHALLENGE: Final = 0x84
INS_INTERNAL_AUTHENTICATE: Final = 0x88
INS_SELECT: Final = 0xA4
INS_READ_BINARY: Final = 0xB0
INS_READ_RECORD: Final = 0xB2
INS_UPDATE_BINARY: Final = 0xD6
INS_UPDATE_RECORD: Final = 0xDC

_SHORT_IDENTIFIER_BIT: Final = 0x80
_SHORT_IDENTIFIER_MASK: Final = 0x1F
_SHORT_IDENTIFIER_RESERVED: Final = 31
_NAME_LENGTH_MAX: Final = 16
_NAME_LENGTH_MIN: Final = 5
_FILE_IDENTIFIER_LENGTH: Final = 2
_NO_RESPONSE_DATA: Final = 0x0C
_OCCURRENCE_MASK: Final = 0x03
_OCCURRENCE_NEXT: Final = 0x02
_FCI_FORMS: Final = frozenset({0x00, _NO_RESPONSE_DATA})
_CHALLENGE_LENGTHS: Final = frozenset({4, 8, 16})
_CHALLENGE_LENGTH_DEFAULT: Final = 8
_AUTHENTICATION_LENGTHS: Final = frozenset({16, 17})
_PIN_LENGTH_MIN: Final = 2
_PIN_LENGTH_MAX: Final = 8


class SelectBy(Enum):
    """What the data of SELECT names."""

    IDENTIFIER = auto()
    NAME = auto()
    FILE_IN_CURRENT = auto()
    PARENT_OR_PATH = auto()


_SELECT_BY: Final = {
    0x00: SelectBy.IDENTIFIER,
    0x01: SelectBy.PARENT_OR_PATH,
    0x02: SelectBy.FILE_IN_CURRENT,
    0x03: SelectBy.PARENT_OR_PATH,
    0x04: SelectBy.NAME,
}


class Select(NamedTuple):
    """SELECT: by identifier (P1 00, 01), EF in the current DF (02), parent (03), name (04)."""

    by: SelectBy
    target: bytes
    next_occurrence: bool
    wants_fci: bool

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused` 6A86, 6700."""
        by = _SELECT_BY.get(command.p1)
        occurrence = command.p2 & _OCCURRENCE_MASK
        form = command.p2 & ~_OCCURRENCE_MASK
        if by is None or form not in _FCI_FORMS or occurrence not in (0, _OCCURRENCE_NEXT):
            raise Refused(sw.WRONG_P1_P2)
        length = len(command.data)
        if by is SelectBy.NAME:
            fits = _NAME_LENGTH_MIN <= length <= _NAME_LENGTH_MAX
        elif by is SelectBy.FILE_IN_CURRENT:
            fits = length == _FILE_IDENTIFIER_LENGTH
        else:
            fits = length in (0, _FILE_IDENTIFIER_LENGTH)
        if not fits:
            raise Refused(sw.WRONG_LENGTH)
        return cls(by, command.data, occurrence == _OCCURRENCE_NEXT, form != _NO_RESPONSE_DATA)


class RecordReference(Enum):
    """Low three bits of P2 of READ RECORD and UPDATE RECORD (ISO/IEC 7816-4, 7.3)."""

    FIRST = 0
    LAST = 1
    NEXT = 2
    PREVIOUS = 3
    NUMBER = 4
    FROM_NUMBER_TO_LAST = 5
    FROM_LAST_TO_NUMBER = 6


_REFERENCES: Final = tuple(RecordReference)
"""By the low three bits of P2."""


class RecordAddress(NamedTuple):
    """Which record: P1 is a number or an identifier (tag), P2 the SFI and how P1 is meant."""

    short_identifier: int
    reference: RecordReference
    p1: int

    @classmethod
    def parse(cls, p1: int, p2: int) -> Self:
        """Check P1 and P2. Raises `Refused` 6A86."""
        low = p2 & 0x07
        short_identifier = p2 >> 3
        if short_identifier == _SHORT_IDENTIFIER_RESERVED or low >= len(_REFERENCES):
            raise Refused(sw.WRONG_P1_P2)
        return cls(short_identifier, _REFERENCES[low], p1)

    @property
    def by_number(self) -> bool:
        """Whether P1 is a number of a record, and no identifier."""
        reference = self.reference
        return (
            reference is RecordReference.NUMBER
            or reference is RecordReference.FROM_NUMBER_TO_LAST
            or reference is RecordReference.FROM_LAST_TO_NUMBER
        )


class ReadRecord(NamedTuple):
    """READ RECORD `00B2 P1 P2 Le`."""

    address: RecordAddress

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if command.data:
            raise Refused(sw.WRONG_LENGTH)
        return cls(RecordAddress.parse(command.p1, command.p2))


class UpdateRecord(NamedTuple):
    """UPDATE RECORD `00DC P1 P2 Lc record`."""

    address: RecordAddress
    record: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        address = RecordAddress.parse(command.p1, command.p2)
        if address.reference.value > RecordReference.NUMBER.value:
            raise Refused(sw.WRONG_P1_P2)
        if not command.data:
            raise Refused(sw.WRONG_LENGTH)
        return cls(address, command.data)


class BinaryAddress(NamedTuple):
    """Where in a transparent file: P1 is 100xxxxx with an SFI, else P1 P2 is the offset."""

    short_identifier: int
    offset: int

    @classmethod
    def parse(cls, p1: int, p2: int) -> Self:
        """Check P1. Raises `Refused` 6A86."""
        if not p1 & _SHORT_IDENTIFIER_BIT:
            return cls(0, p1 << 8 | p2)
        short_identifier = p1 & _SHORT_IDENTIFIER_MASK
        if p1 & 0x60 or short_identifier in (0, _SHORT_IDENTIFIER_RESERVED):
            raise Refused(sw.WRONG_P1_P2)
        return cls(short_identifier, p2)


class ReadBinary(NamedTuple):
    """READ BINARY `00B0 P1 P2 Le`; `length` 256 asks for all there is."""

    address: BinaryAddress
    length: int

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if command.data:
            raise Refused(sw.WRONG_LENGTH)
        length = LE_MAX if command.le is None else command.le
        return cls(BinaryAddress.parse(command.p1, command.p2), length)


class UpdateBinary(NamedTuple):
    """UPDATE BINARY `00D6 P1 P2 Lc bytes`."""

    address: BinaryAddress
    content: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if not command.data:
            raise Refused(sw.WRONG_LENGTH)
        return cls(BinaryAddress.parse(command.p1, command.p2), command.data)


class GetChallenge(NamedTuple):
    """GET CHALLENGE `0084 0000 Le`; 4, 8 or 16 bytes."""

    length: int

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Le. Raises `Refused`."""
        _require_zero(command.p1, command.p2)
        length = command.le
        if length is None or length == LE_MAX:
            length = _CHALLENGE_LENGTH_DEFAULT
        if command.data or length not in _CHALLENGE_LENGTHS:
            raise Refused(sw.WRONG_LENGTH)
        return cls(length)


class Authenticate(NamedTuple):
    """INTERNAL and EXTERNAL AUTHENTICATE: two blocks of 8 bytes, and a key version that may follow.

    Internal: process factor, original data. External: authentication value, original data; P2 is
    the key.
    """

    key_reference: int
    first: bytes
    second: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1 and Lc. Raises `Refused`."""
        _require_zero(command.p1)
        if len(command.data) not in _AUTHENTICATION_LENGTHS:
            raise Refused(sw.WRONG_LENGTH)
        return cls(command.p2, command.data[:8], command.data[8:16])


class Verify(NamedTuple):
    """VERIFY `0020 0000 Lc PIN`; no data asks for the tries left."""

    pin: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require_zero(command.p1, command.p2)
        if command.data and not _PIN_LENGTH_MIN <= len(command.data) <= _PIN_LENGTH_MAX:
            raise Refused(sw.WRONG_LENGTH)
        return cls(command.data)


def _require_zero(*parameters: int) -> None:
    if any(parameters):
        raise Refused(sw.WRONG_P1_P2)
