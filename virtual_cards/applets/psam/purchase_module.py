"""The purse application of a PSAM: it signs to cards, and checks them (JT/T 978.2; PBOC 2.0).

Rules: 8070 INIT SAM FOR PURCHASE derives the card's key, draws the next terminal sequence and
computes MAC1; 8072 CREDIT SAM FOR PURCHASE checks the MAC2 of that same purchase, once. The
sequence is persistent and never repeats, torn or not. The master key never leaves the module.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.applets.psam.commands import CreditForPurchase
from virtual_cards.applets.psam.expected_code import ExpectedCode
from virtual_cards.applets.psam.specification import (
    INS_CREDIT_FOR_PURCHASE,
    INS_INIT_FOR_PURCHASE,
    PSAM_CLASS,
    next_terminal_sequence,
)
from virtual_cards.assumptions import PSAM_PURSE_AID, PURSE_ALGORITHM, PURSE_KEY_VERSION
from virtual_cards.files import PersistentMemory
from virtual_cards.keys import DesMac, diversify_triple_des, purchase_session

_INIT_LENGTH: Final = 36


class InitForPurchase(NamedTuple):
    """8070 0000 24: what the card answered to 8050, and which card it is."""

    random: bytes
    offline_sequence: bytes
    amount: bytes
    type: bytes
    moment: bytes
    key_version: int
    algorithm: int
    serial: bytes
    issuer: bytes

    @classmethod
    def parse(cls, command: CommandApdu) -> Self:
        """Check P1, P2 and Lc. Raises `Refused`."""
        if command.p1 or command.p2:
            raise Refused(sw.WRONG_P1_P2)
        data = command.data
        if len(data) != _INIT_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        return cls(
            data[:4],
            data[4:6],
            data[6:10],
            data[10:11],
            data[11:18],
            data[18],
            data[19],
            data[20:28],
            data[28:36],
        )


class PurchaseModule:
    """The purse application of one PSAM."""

    aid: Final = PSAM_PURSE_AID
    file_identifier: Final = None

    def __init__(self, master_key: bytes, terminal: bytes, memory: PersistentMemory) -> None:
        self._master_key = master_key
        self._terminal = terminal
        self._memory = memory
        self._expected = ExpectedCode()

    def select(self) -> bytes:
        """The FCI: only the name."""
        self._expected.clear()
        return tlv.encode(0x6F, tlv.encode(0x84, self.aid))

    def deselect(self) -> None:
        """Forget the purchase."""
        self._expected.clear()

    def call(self, command: CommandApdu) -> Response:
        """Answer 8070 and 8072. Raises `Refused`."""
        if command.ins not in (INS_INIT_FOR_PURCHASE, INS_CREDIT_FOR_PURCHASE):
            raise Refused(sw.INSTRUCTION_NOT_SUPPORTED)
        if command.cla != PSAM_CLASS:
            raise Refused(sw.CLASS_NOT_SUPPORTED)
        if command.ins == INS_INIT_FOR_PURCHASE:
            return self._init(InitForPurchase.parse(command))
        self._expected.check(CreditForPurchase.parse(command).mac)
        return Response()

    def _init(self, asked: InitForPurchase) -> Response:
        self._expected.clear()
        if (asked.key_version, asked.algorithm) != (PURSE_KEY_VERSION, PURSE_ALGORITHM):
            raise Refused(sw.KEY_INDEX_NOT_FOUND)
        sequence = next_terminal_sequence(self._memory)
        issuer_key = diversify_triple_des(self._master_key, asked.issuer)
        purchase_key = diversify_triple_des(issuer_key, asked.serial)
        session = DesMac(
            purchase_session(purchase_key, asked.random, asked.offline_sequence, sequence)
        )
        mac = session.mac(asked.amount + asked.type + self._terminal + asked.moment)
        self._expected.await_code(session.mac(asked.amount))
        return Response(sequence + mac)
