"""The purse in persistent memory: balance, counters, log, last proof (JT/T 978.2).

Rules: a transaction is one atomic change of everything it touches. The balance is in fen and may go
below zero down to the overdraft limit. Both sequences are two bytes; at FFFF the purse refuses
further transactions (9402).
"""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused
from virtual_cards.applets.transit.commands import BalanceKind, Initialize, TransactionType
from virtual_cards.applets.transit.specification import LOG
from virtual_cards.assumptions import BALANCE_MAX_FEN, PROOF_SEQUENCE_OFFSET
from virtual_cards.files import Directory, PersistentMemory, Slot
from virtual_cards.files.memory import Transaction, Value

_BALANCE: Final = Slot[int]("transit/balance_fen")
_OVERDRAFT: Final = Slot[int]("transit/overdraft_limit_fen")
_ONLINE: Final = Slot[int]("transit/online_sequence")
_OFFLINE: Final = Slot[int]("transit/offline_sequence")
_PROOF: Final = Slot[bytes]("transit/last_proof")
"""Type 1, sequence 2, MAC 4, TAC 4; empty on a new card."""

SEQUENCE_MAX: Final = 0xFFFF
_SIGNED_LIMIT: Final = 1 << 32


class Purse:
    """The purse in a memory."""

    def __init__(self, files: Directory) -> None:
        self._files = files
        self._memory: PersistentMemory = files.memory

    @staticmethod
    def initial_values(balance_fen: int, overdraft_limit_fen: int) -> dict[str, Value]:
        """A new purse, by name of slot."""
        return {
            _BALANCE.name: balance_fen,
            _OVERDRAFT.name: overdraft_limit_fen,
            _ONLINE.name: 0,
            _OFFLINE.name: 0,
            _PROOF.name: b"",
        }

    def balance(self, kind: BalanceKind) -> bytes:
        """The four bytes of GET BALANCE."""
        balance = self._memory.read(_BALANCE)
        if kind is BalanceKind.NET:
            return four_bytes(balance)
        if kind is BalanceKind.OVERDRAFT_USED:
            return four_bytes(max(0, -balance))
        limit = self._memory.read(_OVERDRAFT)
        return four_bytes(limit if kind is BalanceKind.OVERDRAFT_LIMIT else balance + limit)

    def balance_fen(self) -> int:
        """The balance in fen, without the overdraft."""
        return self._memory.read(_BALANCE)

    def overdraft_limit(self) -> bytes:
        """Three bytes, as 8050 answers and file 18 records."""
        return self._memory.read(_OVERDRAFT).to_bytes(3, "big")

    def sequence(self, kind: TransactionType) -> int:
        """The sequence the next transaction of this type has. Raises `Refused` 9402 at its end."""
        value = self._memory.read(_sequence_slot(kind))
        if value >= SEQUENCE_MAX:
            raise Refused(sw.COUNTER_AT_MAXIMUM)
        return value

    def balance_after(self, kind: TransactionType, amount_fen: int) -> int:
        """The balance in fen this transaction would leave.

        Raises `Refused` 9401, or 6985 above the maximum.
        """
        balance = self._memory.read(_BALANCE)
        if kind is TransactionType.LOAD:
            if balance + amount_fen > BALANCE_MAX_FEN:
                raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
            return balance + amount_fen
        if amount_fen > balance + self._memory.read(_OVERDRAFT):
            raise Refused(sw.INSUFFICIENT_BALANCE)
        return balance - amount_fen

    def book(self, change: Transaction, asked: Initialize, moment: bytes, proof: bytes) -> None:
        """Put balance, sequence, log and proof (MAC4 TAC4) on the list of changes."""
        kind = asked.type
        sequence = self.sequence(kind)
        next_sequence = sequence + PROOF_SEQUENCE_OFFSET
        change.write(_BALANCE, self.balance_after(kind, asked.amount_fen))
        change.write(_sequence_slot(kind), sequence + 1)
        change.write(_PROOF, bytes([kind]) + next_sequence.to_bytes(2, "big") + proof)
        record = sequence.to_bytes(2, "big") + self.overdraft_limit() + four_bytes(asked.amount_fen)
        self._files.put_record(change, LOG, record + bytes([kind]) + asked.terminal + moment)

    def proof(self, kind: int, sequence: int) -> bytes:
        """MAC4 TAC4 of the last transaction. Raises `Refused` 9406 when it was another one."""
        stored = self._memory.read(_PROOF)
        if stored[:3] != bytes([kind]) + sequence.to_bytes(2, "big"):
            raise Refused(sw.PROOF_NOT_AVAILABLE)
        return stored[3:]


def four_bytes(fen: int) -> bytes:
    """An amount as the card writes it: big endian, below zero as two's complement."""
    return (fen % _SIGNED_LIMIT).to_bytes(4, "big")


def _sequence_slot(kind: TransactionType) -> Slot[int]:
    return _ONLINE if kind is TransactionType.LOAD else _OFFLINE
