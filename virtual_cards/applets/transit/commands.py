"""Typed purse commands: every P1, P2 and Lc of CLA 80 is checked here (JT/T 978.2).

Rules: amounts are four bytes big endian in fen; a terminal is six bytes; a date four and a time
three, BCD. They are named tuples, because every command makes one.
"""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import Final, NamedTuple, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused
from virtual_cards.card_os.interindustry import RecordReference

INS_INITIALIZE: Final = 0x50
INS_LOAD: Final = 0x52
INS_PURCHASE: Final = 0x54
INS_TRANSACTION_PROOF: Final = 0x5A
INS_GET_BALANCE: Final = 0x5C
INS_UPDATE_CACHE: Final = 0xDC

_PURSE: Final = 0x02
"""P2 of 8050 and 805C: the electronic purse (01 would be the deposit)."""
_PURCHASE_P1: Final = 0x01
_INITIALIZE_LENGTH: Final = 11
_LOAD_LENGTH: Final = 11
_PURCHASE_LENGTH: Final = 15
_PROOF_LENGTH: Final = 2


class TransactionType(IntEnum):
    """The type byte in logs, MACs and TACs (docs/interfaces.md, section 3)."""

    LOAD = 0x02
    PURCHASE = 0x06
    COMPLEX_PURCHASE = 0x09


_TYPE_OF_P1: Final = {
    0x00: TransactionType.LOAD,
    0x01: TransactionType.PURCHASE,
    0x03: TransactionType.COMPLEX_PURCHASE,
}


class BalanceKind(Enum):
    """P1 of GET BALANCE."""

    WITH_OVERDRAFT = 0
    OVERDRAFT_LIMIT = 1
    OVERDRAFT_USED = 2
    NET = 3


_BALANCE_KINDS: Final = tuple(BalanceKind)
_BY_IDENTIFIER: Final = RecordReference.FIRST.value


class Initialize(NamedTuple):
    """8050: INITIALIZE FOR LOAD (P1 00), PURCHASE (01) or CAPP PURCHASE (03)."""

    type: TransactionType
    key_index: int
    amount_fen: int
    terminal: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused` 6A86, 6700."""
        kind = _TYPE_OF_P1.get(command.p1)
        if kind is None or command.p2 != _PURSE:
            raise Refused(sw.WRONG_P1_P2)
        data = _data(command, _INITIALIZE_LENGTH)
        return cls(kind, data[0], int.from_bytes(data[1:5], "big"), data[5:11])


class Load(NamedTuple):
    """8052: CREDIT FOR LOAD with the MAC2 of the issuer."""

    moment: bytes
    mac: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if command.p1 or command.p2:
            raise Refused(sw.WRONG_P1_P2)
        data = _data(command, _LOAD_LENGTH)
        return cls(data[:7], data[7:])


class Purchase(NamedTuple):
    """8054: DEBIT FOR PURCHASE (also CAPP) with the MAC1 of the terminal's PSAM."""

    terminal_sequence: bytes
    moment: bytes
    mac: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if command.p1 != _PURCHASE_P1 or command.p2:
            raise Refused(sw.WRONG_P1_P2)
        data = _data(command, _PURCHASE_LENGTH)
        return cls(data[:4], data[4:11], data[11:])


class UpdateCache(NamedTuple):
    """80DC: UPDATE CAPP DATA CACHE; P1 is the identifier of the record, P2 the SFI."""

    short_identifier: int
    identifier: int
    record: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if command.p2 & 0x07 != _BY_IDENTIFIER or not command.p2:
            raise Refused(sw.WRONG_P1_P2)
        if not command.data:
            raise Refused(sw.WRONG_LENGTH)
        return cls(command.p2 >> 3, command.p1, command.data)


class TransactionProof(NamedTuple):
    """805A: GET TRANSACTION PROVE of the last transaction of a type, by its sequence."""

    type: int
    sequence: int

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if command.p1 or command.p2 not in set(TransactionType):
            raise Refused(sw.WRONG_P1_P2)
        return cls(command.p2, int.from_bytes(_data(command, _PROOF_LENGTH), "big"))


class GetBalance(NamedTuple):
    """805C: GET BALANCE."""

    kind: BalanceKind

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if command.p1 >= len(_BALANCE_KINDS) or command.p2 != _PURSE:
            raise Refused(sw.WRONG_P1_P2)
        if command.data:
            raise Refused(sw.WRONG_LENGTH)
        return cls(_BALANCE_KINDS[command.p1])


def _data(command: CommandApdu, length: int) -> bytes:
    if len(command.data) != length:
        raise Refused(sw.WRONG_LENGTH)
    return command.data
