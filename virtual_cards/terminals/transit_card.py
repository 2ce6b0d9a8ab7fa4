"""A transit card as a terminal sees it: file 15, the rail record, the purse commands (JT/T 978.2).

Rules: one method a command; amounts in fen. Nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Response
from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.applets.transit.specification import (
    CITY_DATA,
    CITY_DISCOUNTS,
    COMPLEX_APPLICATIONS,
    DAY_STATE_LENGTH,
    JOURNEYS,
    LOG,
    PUBLIC_DATA,
    TRANSIT_AID,
)
from virtual_cards.assumptions import (
    DAY_STATE_RECORD_ID,
    PROOF_SEQUENCE_OFFSET,
    PURSE_KEY_INDEX,
    RAIL_RECORD_ID,
)
from virtual_cards.terminals.card_dialogue import CardDialogue, CardRefusesCommand
from virtual_cards.terminals.day_state import DayState

_NET_BALANCE: Final = CommandApdu(0x80, 0x5C, 0x03, 0x02, le=4)
_RAIL_RECORD_NUMBER: Final = 1
_DAY_STATE_NUMBER: Final = 1
_CARD_TYPE_LENGTH: Final = 13
"""Country 4, province 2, city 2, kind 2, type 1, and the last year of a child's 2 (ours)."""
_INITIALIZE_P1: Final = {
    TransactionType.LOAD: 0x00,
    TransactionType.PURCHASE: 0x01,
    TransactionType.COMPLEX_PURCHASE: 0x03,
}


@dataclass(frozen=True, slots=True)
class PublicData:
    """File 15: who issued the purse, its serial, and when it is valid (YYYYMMDD)."""

    issuer: bytes
    serial: bytes
    valid_from: str
    valid_until: str

    @classmethod
    def parse(cls, file_15: bytes) -> Self:
        """The 30 bytes of file 15."""
        return cls(file_15[:8], file_15[10:20], file_15[20:24].hex(), file_15[24:28].hex())

    @property
    def application_serial(self) -> str:
        """The serial as the platform writes it."""
        return self.serial.hex().upper()

    @property
    def key_factors(self) -> bytes:
        """Last 8 bytes of the serial and the issuer: what a PSAM derives the card's key from."""
        return self.serial[-8:] + self.issuer


@dataclass(frozen=True, slots=True)
class CardType:
    """File 17: for whom a card is, two hexadecimal digits, and the last year in which it holds."""

    code: str
    last_year: int | None = None

    @classmethod
    def parse(cls, file_17: bytes) -> Self:
        """The first 13 bytes of file 17; a year that is none is no limit."""
        year = file_17[11:13].hex()
        limit = int(year) if year.isdecimal() else 0
        return cls(file_17[10:11].hex().upper(), limit or None)

    def holds_in(self, year: int) -> bool:
        """Whether the card is still of this type."""
        return self.last_year is None or year <= self.last_year


ORDINARY: Final = CardType("00")


@dataclass(frozen=True, slots=True)
class Initialised:
    """What the card answers to 8050; `raw` as it came."""

    raw: bytes
    balance_fen: int
    sequence: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Balance and sequence stand at the same place for loads and purchases."""
        return cls(
            raw, int.from_bytes(raw[:4], "big", signed=True), int.from_bytes(raw[4:6], "big")
        )


class TransitCard:
    """The purse of the card in a reader."""

    def __init__(self, dialogue: CardDialogue, terminal_number: bytes) -> None:
        self._dialogue = dialogue
        self._terminal_number = terminal_number

    def select(self) -> None:
        """SELECT the purse."""
        self._dialogue.select_name(TRANSIT_AID)

    def read_public_data(self) -> PublicData:
        """READ BINARY of file 15."""
        return PublicData.parse(
            self._dialogue.read_binary(PUBLIC_DATA.short_identifier, PUBLIC_DATA.size)
        )

    def read_card_type(self) -> CardType:
        """READ BINARY of file 17, its free beginning."""
        return CardType.parse(
            self._dialogue.read_binary(CITY_DATA.short_identifier, _CARD_TYPE_LENGTH)
        )

    def read_rail_record(self) -> bytes:
        """READ RECORD of file 1A, the rail record."""
        p2 = COMPLEX_APPLICATIONS.short_identifier << 3 | 0x04
        return self._dialogue.ask(
            CommandApdu(0x00, 0xB2, _RAIL_RECORD_NUMBER, p2, le=COMPLEX_APPLICATIONS.size)
        )

    def read_day_state(self) -> DayState | None:
        """READ RECORD of file 19, the day state; None on a card that has none."""
        p2 = CITY_DISCOUNTS.short_identifier << 3 | 0x04
        response = self._dialogue.exchange(
            CommandApdu(0x00, 0xB2, _DAY_STATE_NUMBER, p2, le=DAY_STATE_LENGTH)
        )
        return DayState.parse(response.data) if response.status == sw.SUCCESS else None

    def read_log_record(self, number: int) -> bytes | None:
        """READ RECORD of file 18, 1 the newest; None past the last."""
        p2 = LOG.short_identifier << 3 | 0x04
        command = CommandApdu(0x00, 0xB2, number, p2, le=LOG.size)
        response = self._dialogue.exchange(command)
        if response.status == sw.RECORD_NOT_FOUND:
            return None
        if response.status != sw.SUCCESS:
            raise CardRefusesCommand(command, response.status)
        return response.data

    def balance_fen(self) -> int:
        """GET BALANCE, net."""
        return int.from_bytes(self._dialogue.ask(_NET_BALANCE), "big", signed=True)

    def initialize(self, kind: TransactionType, amount_fen: int) -> Response:
        """8050: the answer with its status word, since 9401 is a decision and no fault."""
        data = bytes([PURSE_KEY_INDEX]) + amount_fen.to_bytes(4, "big") + self._terminal_number
        length = 16 if kind is TransactionType.LOAD else 15
        return self._dialogue.exchange(
            CommandApdu(0x80, 0x50, _INITIALIZE_P1[kind], 0x02, data, length)
        )

    def cache_journey(self, record: bytes) -> None:
        """80DC of file 1E."""
        self._cache(0x00, JOURNEYS.short_identifier, record)

    def cache_rail_record(self, record: bytes) -> None:
        """80DC of the rail record of file 1A."""
        self._cache(RAIL_RECORD_ID[1], COMPLEX_APPLICATIONS.short_identifier, record)

    def cache_day_state(self, state: DayState) -> None:
        """80DC of the day state of file 19."""
        self._cache(DAY_STATE_RECORD_ID[1], CITY_DISCOUNTS.short_identifier, state.record())

    def debit(self, terminal_sequence: bytes, moment: bytes, mac: bytes) -> Response:
        """8054: TAC4 MAC4 with the status word."""
        data = terminal_sequence + moment + mac
        return self._dialogue.exchange(CommandApdu(0x80, 0x54, 0x01, 0x00, data, 8))

    def credit(self, moment: bytes, mac: bytes) -> bytes:
        """8052: the TAC. Raises `CardRefusesCommand`."""
        return self._dialogue.ask(CommandApdu(0x80, 0x52, 0x00, 0x00, moment + mac, 4))

    def transaction_proof(self, kind: TransactionType, sequence: int) -> Response:
        """805A: MAC4 TAC4 of the transaction 8050 gave this sequence, with the status word."""
        data = (sequence + PROOF_SEQUENCE_OFFSET).to_bytes(2, "big")
        return self._dialogue.exchange(CommandApdu(0x80, 0x5A, 0x00, kind, data, 8))

    def _cache(self, identifier: int, short_identifier: int, record: bytes) -> None:
        self._dialogue.ask(CommandApdu(0x80, 0xDC, identifier, short_identifier << 3, record))
