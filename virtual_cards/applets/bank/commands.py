"""Typed commands of the bank application: P1, P2 and Lc are checked here (JR/T 0025.4; EMV book 3).

Rules: CLA 80 for GPO, GENERATE AC and GET DATA; EXTERNAL AUTHENTICATE is CLA 00.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused
from virtual_cards.applets.bank.cryptogram import CryptogramType
from virtual_cards.keys.retail_mac import RETAIL_MAC_LENGTH

INS_GET_PROCESSING_OPTIONS: Final = 0xA8
INS_GENERATE_CRYPTOGRAM: Final = 0xAE
INS_GET_DATA: Final = 0xCA
_COMMAND_TEMPLATE: Final = 0x83
_RESPONSE_CODE_LENGTH: Final = 2
_ISSUER_DATA_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class GetProcessingOptions:
    """80A8 0000: the data the PDOL asked for, in a template 83."""

    data: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and the template. Raises `Refused` 6A86, 6700, 6A80."""
        _require_zero(command.p1, command.p2)
        if not command.data:
            raise Refused(sw.WRONG_LENGTH)
        try:
            objects = tlv.decode(command.data)
        except tlv.TlvIsFaulty:
            raise Refused(sw.WRONG_DATA) from None
        if len(objects) != 1 or objects[0].tag != _COMMAND_TEMPLATE:
            raise Refused(sw.WRONG_DATA)
        return cls(objects[0].value)


@dataclass(frozen=True, slots=True)
class GenerateCryptogram:
    """80AE P1 00: the cryptogram asked for, and the data of CDOL1 or CDOL2."""

    type: CryptogramType
    data: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1 and P2; a combined signature is not supported. Raises `Refused` 6A86."""
        if command.p2 or command.p1 not in set(CryptogramType):
            raise Refused(sw.WRONG_P1_P2)
        return cls(CryptogramType(command.p1), command.data)


@dataclass(frozen=True, slots=True)
class GetData:
    """80CA P1 P2: a data object by its tag of two bytes."""

    tag: int

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check Lc. Raises `Refused` 6700."""
        if command.data:
            raise Refused(sw.WRONG_LENGTH)
        return cls(command.p1 << 8 | command.p2)


@dataclass(frozen=True, slots=True)
class IssuerAuthentication:
    """0082 0000: ARPC of 8 bytes and the response code."""

    cryptogram: bytes
    response_code: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require_zero(command.p1, command.p2)
        if len(command.data) != _ISSUER_DATA_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        return cls(command.data[:-_RESPONSE_CODE_LENGTH], command.data[-_RESPONSE_CODE_LENGTH:])


def require_switch(command: CommandApdu) -> None:
    """8044 and 8004 0000 08: nothing but the issuer's MAC. Raises `Refused` 6A86, 6700."""
    _require_zero(command.p1, command.p2)
    if len(command.data) != RETAIL_MAC_LENGTH:
        raise Refused(sw.WRONG_LENGTH)


def _require_zero(*parameters: int) -> None:
    if any(parameters):
        raise Refused(sw.WRONG_P1_P2)
