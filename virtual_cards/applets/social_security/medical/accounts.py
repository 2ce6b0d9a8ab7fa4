"""The medical purse in persistent memory: two accounts, sequences, log, last proof, starting day.

Rules: a transaction is one atomic change of everything it touches. An account never goes below
zero. Both sequences are two bytes; at FFFF the purse refuses further transactions (9402).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused
from virtual_cards.applets.social_security.medical.commands import (
    TOTAL,
    Account,
    Initialize,
    Kind,
)
from virtual_cards.assumptions import PROOF_SEQUENCE_OFFSET
from virtual_cards.files import PIN, Directory, ElementaryFile, Slot, Structure, all_of
from virtual_cards.files.memory import Value

BALANCE_MAX_FEN: Final = 0x7FFF_FFFF
SEQUENCE_MAX: Final = 0xFFFF

LOG: Final = ElementaryFile(
    "EF07", 0xEF07, 0x07, Structure.CYCLIC, size=21, records_max=10, read=all_of(PIN)
)
"""Sequence 2, account 1, amount 4, type 1, terminal 6, date 4, time 3; newest first (medium)."""

_BALANCES: Final = {
    Account.CURRENT_YEAR: Slot[int]("medical/current_year_fen"),
    Account.EARLIER_YEARS: Slot[int]("medical/earlier_years_fen"),
}
_SEQUENCES: Final = {
    Kind.LOAD: Slot[int]("medical/online_sequence"),
    Kind.PURCHASE: Slot[int]("medical/offline_sequence"),
}
_PROOF: Final = Slot[bytes]("medical/last_proof")
"""Type 1, sequence 2, MAC 4, TAC 4; empty on a new card."""
_STARTING_DAY: Final = Slot[bytes]("medical/starting_day")


@dataclass(frozen=True, slots=True)
class PurseKeys:
    """The diversified keys of one purse, 16 bytes each."""

    purchase: bytes
    load: bytes
    transaction: bytes


class Accounts:
    """The accounts in the memory of DF04."""

    def __init__(self, files: Directory) -> None:
        self._files = files
        self._memory = files.memory

    @staticmethod
    def initial_values(
        current_year_fen: int, earlier_years_fen: int, starting_day: bytes
    ) -> dict[str, Value]:
        """A new purse, by name of slot."""
        return {
            _BALANCES[Account.CURRENT_YEAR].name: current_year_fen,
            _BALANCES[Account.EARLIER_YEARS].name: earlier_years_fen,
            **{slot.name: 0 for slot in _SEQUENCES.values()},
            _PROOF.name: b"",
            _STARTING_DAY.name: starting_day,
        }

    def balance_fen(self, which: int) -> int:
        """The balance of an account, or of both."""
        if which == TOTAL:
            return sum(self._memory.read(slot) for slot in _BALANCES.values())
        return self._memory.read(_BALANCES[Account(which)])

    def sequence(self, kind: Kind) -> int:
        """The sequence the next transaction of this type has. Raises `Refused` 9402 at its end."""
        value = self._memory.read(_SEQUENCES[kind])
        if value >= SEQUENCE_MAX:
            raise Refused(sw.COUNTER_AT_MAXIMUM)
        return value

    def balance_after(self, asked: Initialize) -> int:
        """The balance this transaction would leave. Raises `Refused` 9401, 6985 above the maximum.

        The maximum holds for both accounts together, so that their sum always fits four bytes.
        """
        balance = self.balance_fen(asked.account)
        if asked.kind is Kind.PURCHASE:
            if asked.amount_fen > balance:
                raise Refused(sw.INSUFFICIENT_BALANCE)
            return balance - asked.amount_fen
        if self.balance_fen(TOTAL) + asked.amount_fen > BALANCE_MAX_FEN:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        return balance + asked.amount_fen

    def book(self, asked: Initialize, moment: bytes, proof: bytes) -> None:
        """The one moment of a transaction: balance, sequence, log and proof (MAC4 TAC4)."""
        sequence = self.sequence(asked.kind)
        change = self._memory.begin()
        change.write(_BALANCES[asked.account], self.balance_after(asked))
        change.write(_SEQUENCES[asked.kind], sequence + 1)
        proven = (sequence + PROOF_SEQUENCE_OFFSET).to_bytes(2, "big")
        change.write(_PROOF, bytes([asked.kind]) + proven + proof)
        record = sequence.to_bytes(2, "big") + bytes([asked.account])
        record += asked.amount_fen.to_bytes(4, "big") + bytes([asked.kind])
        self._files.put_record(change, LOG, record + asked.terminal + moment)
        change.commit()

    def proof(self, kind: Kind, sequence: int) -> bytes:
        """MAC4 TAC4 of the last transaction. Raises `Refused` 9406 when it was another one."""
        stored = self._memory.read(_PROOF)
        if stored[:3] != bytes([kind]) + sequence.to_bytes(2, "big"):
            raise Refused(sw.PROOF_NOT_AVAILABLE)
        return stored[3:]

    @property
    def starting_day(self) -> bytes:
        """From which day on the accounts pay, 4 bytes BCD."""
        return self._memory.read(_STARTING_DAY)

    def set_starting_day(self, day: bytes) -> None:
        """A new starting day."""
        self._memory.write(_STARTING_DAY, day)
