"""Typed commands of the medical purse: every P1, P2 and Lc of CLA B0 is checked here.

Rules: amounts are four bytes big endian in fen; a terminal is six bytes; a date four and a time
three, BCD. INS and P2 of GET BALANCE are of LD/T 32.5; the data fields follow PBOC 2.0 (medium).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused

MEDICAL_CLASS: Final = 0xB0

INS_GET_BALANCE: Final = 0x26
INS_INITIALIZE: Final = 0x28
INS_CREDIT: Final = 0x2A
INS_DEBIT: Final = 0x2C
INS_TRANSACTION_PROOF: Final = 0x2E
INS_STARTING_DAY: Final = 0x56

_INITIALIZE_LENGTH: Final = 11
_CREDIT_LENGTH: Final = 11
_DEBIT_LENGTH: Final = 15
_PROOF_LENGTH: Final = 2
_DAY_LENGTH: Final = 4
_MAC_LENGTH: Final = 4


class Kind(IntEnum):
    """The type byte in logs, MACs and TACs (PBOC 2.0)."""

    LOAD = 0x02
    PURCHASE = 0x06


class Account(IntEnum):
    """P2 of B028: the personal accounts of medical insurance."""

    CURRENT_YEAR = 0x01
    """CIA."""
    EARLIER_YEARS = 0x02


TOTAL: Final = 0x03
"""P2 03 of GET BALANCE: both together (medium)."""

_KIND_OF_P1: Final = {0x00: Kind.LOAD, 0x01: Kind.PURCHASE}


@dataclass(frozen=True, slots=True)
class Initialize:
    """B028: P1 00 for a load, 01 for a purchase; P2 the account."""

    kind: Kind
    account: Account
    key_index: int
    amount_fen: int
    terminal: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused` 6A86, 6700."""
        kind = _KIND_OF_P1.get(command.p1)
        if kind is None or command.p2 not in set(Account):
            raise Refused(sw.WRONG_P1_P2)
        data = _data(command, _INITIALIZE_LENGTH)
        amount_fen = int.from_bytes(data[1:5], "big")
        return cls(kind, Account(command.p2), data[0], amount_fen, data[5:])


@dataclass(frozen=True, slots=True)
class Credit:
    """B02A: CREDIT FOR LOAD with the MAC2 of the issuer."""

    moment: bytes
    mac: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require_zero(command)
        data = _data(command, _CREDIT_LENGTH)
        return cls(data[:7], data[7:])


@dataclass(frozen=True, slots=True)
class Debit:
    """B02C: DEBIT FOR PURCHASE with the MAC1 of the terminal."""

    terminal_sequence: bytes
    moment: bytes
    mac: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require_zero(command)
        data = _data(command, _DEBIT_LENGTH)
        return cls(data[:4], data[4:11], data[11:])


@dataclass(frozen=True, slots=True)
class TransactionProof:
    """B02E: MAC and TAC of the last transaction of a type (P2), by its sequence."""

    kind: Kind
    sequence: int

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if command.p1 or command.p2 not in set(Kind):
            raise Refused(sw.WRONG_P1_P2)
        sequence = int.from_bytes(_data(command, _PROOF_LENGTH), "big")
        return cls(Kind(command.p2), sequence)


@dataclass(frozen=True, slots=True)
class GetBalance:
    """B026: P2 01 current year, 02 earlier years, 03 both."""

    which: int

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if command.p1 or not Account.CURRENT_YEAR <= command.p2 <= TOTAL:
            raise Refused(sw.WRONG_P1_P2)
        _data(command, 0)
        return cls(command.p2)


@dataclass(frozen=True, slots=True)
class StartingDay:
    """B056: without data the starting day is asked for, with day4 MAC4 it is set."""

    day: bytes
    mac: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        _require_zero(command)
        if not command.data:
            return cls(b"", b"")
        data = _data(command, _DAY_LENGTH + _MAC_LENGTH)
        return cls(data[:_DAY_LENGTH], data[_DAY_LENGTH:])


def _require_zero(command: CommandApdu) -> None:
    if command.p1 or command.p2:
        raise Refused(sw.WRONG_P1_P2)


def _data(command: CommandApdu, length: int) -> bytes:
    if len(command.data) != length:
        raise Refused(sw.WRONG_LENGTH)
    return command.data
