"""The purse application of a PSAM: it signs to cards, and checks them (JT/T 978.2; PBOC 2.0).

Rules: 8070 INIT SAM FOR PURCHASE derives the card's key, draws the next terminal sequence and
computes MAC1; 8072 CREDIT SAM FOR PURCHASE checks the MAC2 of that same purchase, once. The
sequence is persistent and never repeats, torn or not. The master key never leaves the module.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.assumptions import PSAM_PURSE_AID, PURSE_ALGORITHM, PURSE_KEY_VERSION
from virtual_cards.files import DedicatedFile, ElementaryFile, PersistentMemory, Slot, Structure
from virtual_cards.keys import des_mac, diversify_triple_des, purchase_session

INS_INIT_FOR_PURCHASE: Final = 0x70
INS_CREDIT_FOR_PURCHASE: Final = 0x72

SERIAL: Final = ElementaryFile("0015", 0x0015, 0x15, Structure.TRANSPARENT, size=10)
TERMINAL_NUMBER: Final = ElementaryFile("0016", 0x0016, 0x16, Structure.TRANSPARENT, size=6)
PSAM_MASTER_FILE: Final = DedicatedFile("psam", (SERIAL, TERMINAL_NUMBER))

TERMINAL_SEQUENCE: Final = Slot[int]("psam/terminal_sequence")
"""The sequence of the last purchase; 0 on a new module."""

_SEQUENCE_MAX: Final = 0xFFFF_FFFF
_INIT_LENGTH: Final = 36
_MAC_LENGTH: Final = 4
_PSAM_CLASS: Final = 0x80


@dataclass(frozen=True, slots=True)
class InitForPurchase:
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
        self._expected_mac: bytes | None = None
        """Volatile: MAC2 of the purchase 8070 began."""

    def select(self) -> bytes:
        """The FCI: only the name."""
        self._expected_mac = None
        return tlv.encode(0x6F, tlv.encode(0x84, self.aid))

    def deselect(self) -> None:
        """Forget the purchase."""
        self._expected_mac = None

    def call(self, command: CommandApdu) -> Response:
        """Answer 8070 and 8072. Raises `Refused`."""
        if command.ins not in (INS_INIT_FOR_PURCHASE, INS_CREDIT_FOR_PURCHASE):
            raise Refused(sw.INSTRUCTION_NOT_SUPPORTED)
        if command.cla != _PSAM_CLASS:
            raise Refused(sw.CLASS_NOT_SUPPORTED)
        if command.ins == INS_INIT_FOR_PURCHASE:
            return self._init(InitForPurchase.parse(command))
        return self._credit(command)

    def _init(self, asked: InitForPurchase) -> Response:
        self._expected_mac = None
        if (asked.key_version, asked.algorithm) != (PURSE_KEY_VERSION, PURSE_ALGORITHM):
            raise Refused(sw.KEY_INDEX_NOT_FOUND)
        last = self._memory.read(TERMINAL_SEQUENCE)
        if last >= _SEQUENCE_MAX:
            raise Refused(sw.COUNTER_AT_MAXIMUM)
        # Drawn before it is used: a tear may skip a sequence but never repeats one.
        self._memory.write(TERMINAL_SEQUENCE, last + 1)
        sequence = (last + 1).to_bytes(4, "big")
        issuer_key = diversify_triple_des(self._master_key, asked.issuer)
        purchase_key = diversify_triple_des(issuer_key, asked.serial)
        session = purchase_session(purchase_key, asked.random, asked.offline_sequence, sequence)
        mac = des_mac(session, asked.amount + asked.type + self._terminal + asked.moment)
        self._expected_mac = des_mac(session, asked.amount)
        return Response(sequence + mac)

    def _credit(self, command: CommandApdu) -> Response:
        if command.p1 or command.p2:
            raise Refused(sw.WRONG_P1_P2)
        if len(command.data) != _MAC_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        expected, self._expected_mac = self._expected_mac, None
        if expected is None:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        if not hmac.compare_digest(expected, command.data):
            raise Refused(sw.MAC_WRONG)
        return Response()
