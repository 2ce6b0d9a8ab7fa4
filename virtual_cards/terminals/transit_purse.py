"""The transit purse at a desk with a line: its state, its log, its loading (JT/T 978.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.terminals.card_dialogue import CardDialogue, CardRefusesCommand
from virtual_cards.terminals.messages import (
    LoadAuthorisation,
    LoadConfirmation,
    LoadConfirmationRequest,
    LoadRequest,
)
from virtual_cards.terminals.platform_line import PlatformLine
from virtual_cards.terminals.purse_loading import AskedLoad
from virtual_cards.terminals.transit_card import PublicData, TransitCard

LOG_RECORDS_MAX: Final = 10
"""Most records the log of a purse has (JT/T 978: file 18)."""


@dataclass(frozen=True, slots=True)
class PurseState:
    """The transit purse as it is; amount in fen."""

    application_serial: str
    issuer: str
    valid_until: str
    balance_fen: int


@dataclass(frozen=True, slots=True)
class LogRecord:
    """A record of file 18; amount in fen."""

    sequence: int
    amount_fen: int
    type: TransactionType
    terminal: str
    date: str
    time: str

    @classmethod
    def parse(cls, record: bytes) -> LogRecord:
        """The 23 bytes of a record. Raises ValueError for a type nobody knows."""
        return cls(
            int.from_bytes(record[:2], "big"),
            int.from_bytes(record[5:9], "big"),
            TransactionType(record[9]),
            record[10:16].hex().upper(),
            record[16:20].hex(),
            record[20:23].hex(),
        )


class TransitPurse:
    """The purse of the card in a reader; `present` it first."""

    def __init__(self, dialogue: CardDialogue, terminal_number: bytes, line: PlatformLine) -> None:
        self._dialogue = dialogue
        self._card = TransitCard(dialogue, terminal_number)
        self._line = line
        self._public: PublicData | None = None

    def present(self) -> TransitPurse:
        """Power the card and select its purse. Raises `CardIsAbsent`, `CardRefusesCommand`."""
        self._dialogue.connect()
        self._card.select()
        self._public = self._card.read_public_data()
        return self

    def state(self) -> PurseState:
        """What is in it. Raises `CardIsAbsent`, `CardRefusesCommand`."""
        card = self._shown
        return PurseState(
            card.application_serial,
            card.issuer.hex().upper(),
            card.valid_until,
            self._card.balance_fen(),
        )

    def log(self) -> list[LogRecord]:
        """The last loads and purchases, newest first. Raises as `state`."""
        records = []
        for number in range(1, LOG_RECORDS_MAX + 1):
            record = self._card.read_log_record(number)
            if record is None:
                break
            records.append(LogRecord.parse(record))
        return records

    @property
    def identity(self) -> str:
        """The application serial."""
        return self._shown.application_serial

    def initialize_load(self, amount_fen: int) -> AskedLoad:
        """8050 00. Raises `CardRefusesCommand`, `CardIsAbsent`."""
        response = self._card.initialize(TransactionType.LOAD, amount_fen)
        if response.status != sw.SUCCESS:
            raise CardRefusesCommand(CommandApdu(0x80, 0x50, 0x00, 0x02), response.status)
        return AskedLoad.parse(response.data)

    def authorise(self, asked: AskedLoad, amount_fen: int) -> LoadAuthorisation:
        """The platform's leave. Raises the errors of the line."""
        card = self._shown
        body = LoadRequest(
            application_serial=card.application_serial,
            issuer=card.issuer.hex().upper(),
            amount_fen=amount_fen,
            balance_before_fen=asked.balance_before_fen,
            online_sequence=asked.online_sequence,
            key_version=asked.key_version,
            algorithm=asked.algorithm,
            random=asked.random.hex().upper(),
            mac1=asked.mac1.hex().upper(),
        )
        key = f"load-{self.identity}-{asked.online_sequence:04x}-{asked.random.hex()}"
        return self._line.authorise_load(body, key)

    def credit(self, moment: bytes, mac: bytes) -> bytes:
        """8052: the TAC. Raises `CardRefusesCommand`, `CardIsAbsent`."""
        return self._card.credit(moment, mac)

    def proof_of_load(self, online_sequence: int) -> bytes | None:
        """805A: the TAC of the load with this sequence."""
        proof = self._card.transaction_proof(TransactionType.LOAD, online_sequence)
        return proof.data[4:8] if proof.status == sw.SUCCESS else None

    def confirm(self, load_id: str, body: LoadConfirmationRequest, key: str) -> LoadConfirmation:
        """Book it. Raises the errors of the line."""
        return self._line.confirm_load(load_id, body, key)

    @property
    def _shown(self) -> PublicData:
        if self._public is None:
            raise RuntimeError("present the card first")
        return self._public
