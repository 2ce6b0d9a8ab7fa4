"""The PSAM in its slot: it signs purchases to cards and checks their answers (JT/T 978.2).

Rules: it is a card in a reader like any other, powered once. The terminal number comes from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.psam import SERIAL, TERMINAL_NUMBER
from virtual_cards.assumptions import PSAM_PURSE_AID
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_dialogue import CardDialogue


@dataclass(frozen=True, slots=True)
class SignedPurchase:
    """What the PSAM answers to 8070."""

    terminal_sequence: bytes
    mac: bytes


class SecurityModule:
    """A PSAM, ready to sign."""

    def __init__(self, reader: Reader) -> None:
        self._dialogue = CardDialogue(reader)
        self._dialogue.connect()
        self.serial = self._dialogue.read_binary(SERIAL.short_identifier, SERIAL.size)
        self.terminal_number = self._dialogue.read_binary(
            TERMINAL_NUMBER.short_identifier, TERMINAL_NUMBER.size
        )
        self._dialogue.select_name(PSAM_PURSE_AID)

    def sign_purchase(
        self, *, initialised: bytes, amount: bytes, kind: bytes, moment: bytes, card: bytes
    ) -> SignedPurchase:
        """8070: MAC1 for the 15 bytes the card answered to 8050.

        `card` is the last 8 bytes of its serial and the 8 of its issuer. Raises
        `CardRefusesCommand`.
        """
        sequence, key, random = initialised[4:6], initialised[9:11], initialised[11:15]
        data = random + sequence + amount + kind + moment + key + card
        answer = self._dialogue.ask(CommandApdu(0x80, 0x70, 0x00, 0x00, data, 8))
        return SignedPurchase(answer[:4], answer[4:8])

    def confirms(self, mac: bytes) -> bool:
        """8072: whether this MAC2 is the one of the purchase just signed."""
        command = CommandApdu(0x80, 0x72, 0x00, 0x00, mac)
        return self._dialogue.exchange(command).status == sw.SUCCESS
