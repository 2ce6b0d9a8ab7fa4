"""Typed commands of the certificate area: every P1, P2 and Lc is checked here.

Rules: the bytes are those of public card writers (medium): VERIFY `0020 0181 10`, hash `80C4 0103`,
key pair `8040 0000`, export `80C9 8200` and `80C9 8280`, envelope `804E 0001`, session key `804A
0210`, import `80C2 4000` (public) and `80C2 C001` (private). COMPUTE DIGITAL SIGNATURE `002A 9E9A`
is that of ISO/IEC 7816-8 (low). Files are named by C0 (public) and C2 (private).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused
from virtual_cards.applets.social_security.pki.specification import PUBLIC_KEY_TAG
from virtual_cards.keys.ciphers import KEY_LENGTH
from virtual_cards.keys.sm2 import DIGEST_LENGTH, ENVELOPE_OVERHEAD, PRIVATE_LENGTH, PUBLIC_LENGTH

INS_SIGN: Final = 0x2A
INS_GENERATE: Final = 0x40
INS_IMPORT_SESSION_KEY: Final = 0x4A
INS_OPEN_ENVELOPE: Final = 0x4E
INS_IMPORT_KEY: Final = 0xC2
INS_HASH: Final = 0xC4
INS_EXPORT: Final = 0xC9

_PUBLIC_FILE: Final = 0xC0
_DATA: Final = 0xC1
_PRIVATE_FILE: Final = 0xC2
_PRIVATE_KEY: Final = 0xCB
_FILE_ID_LENGTH: Final = 2
_VERIFY_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class VerifyProof:
    """VERIFY `0020 0181 10`: a proof of the PIN, not the PIN."""

    proof: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require(command, 0x01, 0x81)
        if len(command.data) != _VERIFY_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        return cls(command.data)


@dataclass(frozen=True, slots=True)
class Hash:
    """`80C4 0103 Lc C1 data`: SM3 of the data."""

    data: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require(command, 0x01, 0x03)
        (data,) = _objects(command, _DATA)
        return cls(data)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """`8040 0000 08` and `80C9 8200 08`: C0 public file, C2 private file."""

    public_file: int
    private_file: int

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require(command, 0x82 if command.ins == INS_EXPORT else 0x00, 0x00)
        public, private = _objects(command, _PUBLIC_FILE, _PRIVATE_FILE)
        return cls(_file_id(public), _file_id(private))


@dataclass(frozen=True, slots=True)
class Envelope:
    """`804E 0001 Lc C2 file C1 C1||C3||C2`: the session key inside is the answer."""

    private_file: int
    cipher_text: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require(command, 0x00, 0x01)
        private, cipher_text = _objects(command, _PRIVATE_FILE, _DATA)
        if len(cipher_text) <= ENVELOPE_OVERHEAD:
            raise Refused(sw.WRONG_DATA)
        return cls(_file_id(private), cipher_text)


@dataclass(frozen=True, slots=True)
class SessionKey:
    """`804A 0210 12 C1 key`: the SM4 key that an import is enciphered with."""

    key: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require(command, 0x02, 0x10)
        (key,) = _objects(command, _DATA)
        if len(key) != KEY_LENGTH:
            raise Refused(sw.WRONG_DATA)
        return cls(key)


@dataclass(frozen=True, slots=True)
class ImportPublic:
    """`80C2 4000 46 C0 file CA X||Y`."""

    public_file: int
    key: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require(command, 0x40, 0x00)
        public, key = _objects(command, _PUBLIC_FILE, PUBLIC_KEY_TAG)
        if len(key) != PUBLIC_LENGTH:
            raise Refused(sw.WRONG_DATA)
        return cls(_file_id(public), key)


@dataclass(frozen=True, slots=True)
class ImportPrivate:
    """`80C2 C001 26 C2 file CB key`, the key enciphered with the session key (ECB)."""

    private_file: int
    cipher_text: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require(command, 0xC0, 0x01)
        private, key = _objects(command, _PRIVATE_FILE, _PRIVATE_KEY)
        if len(key) != PRIVATE_LENGTH:
            raise Refused(sw.WRONG_DATA)
        return cls(_file_id(private), key)


@dataclass(frozen=True, slots=True)
class Sign:
    """COMPUTE DIGITAL SIGNATURE `002A 9E9A 20 digest` (ISO/IEC 7816-8)."""

    digest: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require(command, 0x9E, 0x9A)
        if len(command.data) != DIGEST_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        return cls(command.data)


def _require(command: CommandApdu, p1: int, p2: int) -> None:
    if (command.p1, command.p2) != (p1, p2):
        raise Refused(sw.WRONG_P1_P2)


def _objects(command: CommandApdu, *tags: int) -> tuple[bytes, ...]:
    """The values of exactly these data objects, in this order. Raises `Refused` 6A80."""
    try:
        found = tlv.decode(command.data)
    except tlv.TlvIsFaulty as fault:
        raise Refused(sw.WRONG_DATA) from fault
    if tuple(part.tag for part in found) != tags:
        raise Refused(sw.WRONG_DATA)
    return tuple(part.value for part in found)


def _file_id(value: bytes) -> int:
    if len(value) != _FILE_ID_LENGTH:
        raise Refused(sw.WRONG_DATA)
    return int.from_bytes(value, "big")
