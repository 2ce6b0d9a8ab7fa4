"""The medical purse: which command may follow which, MACs and TAC (LD/T 32.5, offline mode).

Rules: idle, load, purchase. A command that its state does not allow answers 6901, and the purse is
idle; so it is after every refusal and after every transaction. B028 needs the PIN. Session keys are
those of the card's algorithm over random4 sequence2 and two bytes that tell load (8000) from
purchase (the end of the terminal's sequence); the layouts under MAC and TAC are those of PBOC 2.0
(medium).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.applets.social_security.medical.accounts import Accounts, PurseKeys
from virtual_cards.applets.social_security.medical.commands import (
    INS_CREDIT,
    INS_DEBIT,
    INS_GET_BALANCE,
    INS_INITIALIZE,
    INS_STARTING_DAY,
    INS_TRANSACTION_PROOF,
    MEDICAL_CLASS,
    Credit,
    Debit,
    GetBalance,
    Initialize,
    Kind,
    StartingDay,
    TransactionProof,
)
from virtual_cards.assumptions import PURSE_KEY_INDEX, PURSE_KEY_VERSION
from virtual_cards.card_os.challenges import RandomBytes
from virtual_cards.files.access import PIN, SecurityStatus
from virtual_cards.keys import Algorithm
from virtual_cards.keys.sessions import exclusive_or

_RANDOM_LENGTH: Final = 4
_LOAD_SUFFIX: Final = bytes.fromhex("8000")


class State(Enum):
    """Volatile."""

    IDLE = auto()
    LOAD = auto()
    PURCHASE = auto()


_ALLOWED: Final = {
    State.IDLE: {INS_INITIALIZE, INS_GET_BALANCE, INS_TRANSACTION_PROOF, INS_STARTING_DAY},
    State.LOAD: {INS_INITIALIZE, INS_GET_BALANCE, INS_CREDIT, INS_STARTING_DAY},
    State.PURCHASE: {INS_INITIALIZE, INS_GET_BALANCE, INS_DEBIT},
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """Volatile: what B028 began."""

    asked: Initialize
    random: bytes
    sequence: bytes


class MedicalPurse:
    """The purse of one card, as an extension of DF04."""

    def __init__(
        self,
        accounts: Accounts,
        keys: PurseKeys,
        algorithm: Algorithm,
        random_bytes: RandomBytes,
    ) -> None:
        self._accounts = accounts
        self._keys = keys
        self._algorithm = algorithm
        self._random_bytes = random_bytes
        self._prepared: Prepared | None = None
        self._calls: dict[int, Callable[[CommandApdu], Response]] = {
            INS_GET_BALANCE: self._get_balance,
            INS_CREDIT: self._credit,
            INS_DEBIT: self._debit,
            INS_TRANSACTION_PROOF: self._transaction_proof,
            INS_STARTING_DAY: self._starting_day,
        }

    @property
    def state(self) -> State:
        """What is prepared tells the state."""
        if self._prepared is None:
            return State.IDLE
        return State.LOAD if self._prepared.asked.kind is Kind.LOAD else State.PURCHASE

    def clear(self) -> None:
        """Back to idle."""
        self._prepared = None

    def call(self, command: CommandApdu, won: set[SecurityStatus]) -> Response | None:
        """Answer a command of CLA B0; None for any other. Raises `Refused`."""
        if command.cla != MEDICAL_CLASS:
            return None
        if command.ins != INS_INITIALIZE and command.ins not in self._calls:
            raise Refused(sw.INSTRUCTION_NOT_SUPPORTED)
        try:
            if command.ins not in _ALLOWED[self.state]:
                raise Refused(sw.INVALID_STATE)
            if command.ins == INS_INITIALIZE:
                return self._initialize(command, won)
            return self._calls[command.ins](command)
        except Refused:
            self.clear()
            raise

    def _initialize(self, command: CommandApdu, won: set[SecurityStatus]) -> Response:
        self.clear()
        asked = Initialize.parse(command)
        if PIN not in won:
            raise Refused(sw.SECURITY_STATUS_NOT_SATISFIED)
        if asked.key_index != PURSE_KEY_INDEX:
            raise Refused(sw.KEY_INDEX_NOT_FOUND)
        sequence = self._accounts.sequence(asked.kind).to_bytes(2, "big")
        self._accounts.balance_after(asked)
        balance = self._accounts.balance_fen(asked.account).to_bytes(4, "big")
        random = self._random_bytes(_RANDOM_LENGTH)
        prepared = self._prepared = Prepared(asked, random, sequence)
        key = bytes((PURSE_KEY_VERSION, self._algorithm.value))
        if asked.kind is Kind.PURCHASE:
            return Response(balance + sequence + key + random)
        mac = self._mac(prepared, balance + _signed(asked))
        return Response(balance + sequence + key + random + mac)

    def _credit(self, command: CommandApdu) -> Response:
        credit = Credit.parse(command)
        prepared = self._take()
        asked = prepared.asked
        self._require_mac(prepared, _signed(asked) + credit.moment, credit.mac)
        balance = self._accounts.balance_after(asked).to_bytes(4, "big")
        tac = self._tac(balance + prepared.sequence + _signed(asked) + credit.moment)
        self._accounts.book(asked, credit.moment, credit.mac + tac)
        return Response(tac)

    def _debit(self, command: CommandApdu) -> Response:
        debit = Debit.parse(command)
        prepared = self._take()
        asked = prepared.asked
        terminal = debit.terminal_sequence
        signed = _signed(asked) + debit.moment
        self._require_mac(prepared, signed, debit.mac, terminal)
        mac = self._mac(prepared, asked.amount_fen.to_bytes(4, "big"), terminal)
        tac = self._tac(_signed(asked) + terminal + debit.moment)
        self._accounts.book(asked, debit.moment, mac + tac)
        return Response(tac + mac)

    def _starting_day(self, command: CommandApdu) -> Response:
        """Read when idle; set by the issuer, with the session key of a load that it replaces."""
        asked = StartingDay.parse(command)
        if not asked.day:
            if self._prepared is not None:
                raise Refused(sw.INVALID_STATE)
            return Response(self._accounts.starting_day)
        if self._prepared is None:
            raise Refused(sw.INVALID_STATE)
        self._require_mac(self._take(), asked.day, asked.mac)
        self._accounts.set_starting_day(asked.day)
        return Response()

    def _get_balance(self, command: CommandApdu) -> Response:
        which = GetBalance.parse(command).which
        return Response(self._accounts.balance_fen(which).to_bytes(4, "big"))

    def _transaction_proof(self, command: CommandApdu) -> Response:
        asked = TransactionProof.parse(command)
        return Response(self._accounts.proof(asked.kind, asked.sequence))

    def _take(self) -> Prepared:
        prepared, self._prepared = self._prepared, None
        if prepared is None:
            raise Refused(sw.INVALID_STATE)
        return prepared

    def _mac(self, prepared: Prepared, data: bytes, terminal_sequence: bytes = b"") -> bytes:
        is_load = prepared.asked.kind is Kind.LOAD
        key = self._keys.load if is_load else self._keys.purchase
        suffix = _LOAD_SUFFIX if is_load else terminal_sequence[-2:]
        session = self._algorithm.session(key, prepared.random + prepared.sequence + suffix)
        return self._algorithm.mac(session, data)

    def _require_mac(
        self, prepared: Prepared, data: bytes, given: bytes, terminal_sequence: bytes = b""
    ) -> None:
        if not hmac.compare_digest(self._mac(prepared, data, terminal_sequence), given):
            raise Refused(sw.MAC_WRONG)

    def _tac(self, data: bytes) -> bytes:
        key = self._keys.transaction
        if self._algorithm is Algorithm.TRIPLE_DES:
            key = exclusive_or(key[:8], key[8:])
        return self._algorithm.mac(key, data)


def _signed(asked: Initialize) -> bytes:
    """Amount 4, type 1, account 1, terminal 6."""
    kinds = bytes((asked.kind, asked.account))
    return asked.amount_fen.to_bytes(4, "big") + kinds + asked.terminal
