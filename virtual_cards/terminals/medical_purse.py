"""The medical purse of DF04 as a terminal sees it: balances, loading, paying (LD/T 32.5, CLA B0).

Rules: one method a command or a step; amounts in fen. Nothing is decided here.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Response
from virtual_cards.applets.social_security.directories import AID_PREFIX
from virtual_cards.applets.social_security.medical.commands import (
    INS_CREDIT,
    INS_DEBIT,
    INS_GET_BALANCE,
    INS_INITIALIZE,
    INS_TRANSACTION_PROOF,
    MEDICAL_CLASS,
    TOTAL,
    Account,
    Kind,
)
from virtual_cards.assumptions import PROOF_SEQUENCE_OFFSET, PURSE_KEY_INDEX
from virtual_cards.terminals.card_dialogue import CardDialogue, CardRefusesCommand
from virtual_cards.terminals.messages import (
    LoadAuthorisation,
    LoadConfirmation,
    LoadConfirmationRequest,
    MedicalLoadRequest,
)
from virtual_cards.terminals.pin import pin_octets
from virtual_cards.terminals.platform_line import PlatformLine
from virtual_cards.terminals.purse_loading import AskedLoad

DF04_NAME: Final = AID_PREFIX + b"\x03"
_INITIALIZE_P1: Final = {Kind.LOAD: 0x00, Kind.PURCHASE: 0x01}
_ANSWER_LENGTH: Final = {Kind.LOAD: 16, Kind.PURCHASE: 12}


class MedicalCard:
    """The medical purse of a powered card; `select` it first."""

    def __init__(self, dialogue: CardDialogue, terminal_number: bytes) -> None:
        self._dialogue = dialogue
        self._terminal_number = terminal_number

    def select(self) -> None:
        """SELECT DF04. Raises `CardRefusesCommand`."""
        self._dialogue.select_name(DF04_NAME)

    def verify(self, pin: str) -> None:
        """VERIFY the holder's PIN. Raises `CardRefusesCommand` 63Cx, 6983."""
        self._dialogue.ask(CommandApdu(0x00, 0x20, 0x00, 0x00, pin_octets(pin)))

    def balance_fen(self, account: Account | None = None) -> int:
        """B026; of both accounts without one."""
        which = TOTAL if account is None else account
        command = CommandApdu(MEDICAL_CLASS, INS_GET_BALANCE, 0x00, which, le=4)
        return int.from_bytes(self._dialogue.ask(command), "big")

    def initialize(self, kind: Kind, account: Account, amount_fen: int) -> Response:
        """B028: the answer with its status word, since 9401 is a decision and no fault."""
        data = bytes([PURSE_KEY_INDEX]) + amount_fen.to_bytes(4, "big") + self._terminal_number
        return self._dialogue.exchange(
            CommandApdu(
                MEDICAL_CLASS,
                INS_INITIALIZE,
                _INITIALIZE_P1[kind],
                account,
                data,
                _ANSWER_LENGTH[kind],
            )
        )

    def debit(self, terminal_sequence: bytes, moment: bytes, mac: bytes) -> Response:
        """B02C: TAC4 MAC4 with the status word."""
        data = terminal_sequence + moment + mac
        return self._dialogue.exchange(CommandApdu(MEDICAL_CLASS, INS_DEBIT, 0, 0, data, 8))

    def credit(self, moment: bytes, mac: bytes) -> bytes:
        """B02A: the TAC. Raises `CardRefusesCommand`."""
        return self._dialogue.ask(CommandApdu(MEDICAL_CLASS, INS_CREDIT, 0, 0, moment + mac, 4))

    def proof(self, kind: Kind, sequence: int) -> Response:
        """B02E: MAC4 TAC4 of the transaction B028 gave this sequence, with the status word."""
        data = (sequence + PROOF_SEQUENCE_OFFSET).to_bytes(2, "big")
        return self._dialogue.exchange(
            CommandApdu(MEDICAL_CLASS, INS_TRANSACTION_PROOF, 0x00, kind, data, 8)
        )


class MedicalLoading:
    """One account of a medical purse, to be loaded; the PIN was verified."""

    def __init__(
        self, card: MedicalCard, account: Account, historical_bytes: bytes, line: PlatformLine
    ) -> None:
        self._card = card
        self._account = account
        self._historical_bytes = historical_bytes.hex().upper()
        self._line = line

    @property
    def identity(self) -> str:
        """Historical bytes and account."""
        return f"{self._historical_bytes}-{self._account.value}"

    def initialize_load(self, amount_fen: int) -> AskedLoad:
        """B028 00. Raises `CardRefusesCommand`, `CardIsAbsent`."""
        response = self._card.initialize(Kind.LOAD, self._account, amount_fen)
        if response.status != sw.SUCCESS:
            command = CommandApdu(MEDICAL_CLASS, INS_INITIALIZE, 0x00, self._account)
            raise CardRefusesCommand(command, response.status)
        return AskedLoad.parse(response.data)

    def authorise(self, asked: AskedLoad, amount_fen: int) -> LoadAuthorisation:
        """The platform's leave. Raises the errors of the line."""
        body = MedicalLoadRequest(
            historical_bytes=self._historical_bytes,
            account=self._account.value,
            amount_fen=amount_fen,
            balance_before_fen=asked.balance_before_fen,
            online_sequence=asked.online_sequence,
            key_version=asked.key_version,
            algorithm=asked.algorithm,
            random=asked.random.hex().upper(),
            mac1=asked.mac1.hex().upper(),
        )
        key = f"med-load-{self.identity}-{asked.online_sequence:04x}-{asked.random.hex()}"
        return self._line.authorise_medical_load(body, key)

    def credit(self, moment: bytes, mac: bytes) -> bytes:
        """B02A: the TAC. Raises `CardRefusesCommand`, `CardIsAbsent`."""
        return self._card.credit(moment, mac)

    def proof_of_load(self, online_sequence: int) -> bytes | None:
        """B02E: the TAC of the load with this sequence."""
        proof = self._card.proof(Kind.LOAD, online_sequence)
        return proof.data[4:8] if proof.status == sw.SUCCESS else None

    def confirm(self, load_id: str, body: LoadConfirmationRequest, key: str) -> LoadConfirmation:
        """Book it. Raises the errors of the line."""
        return self._line.confirm_medical_load(load_id, body, key)
