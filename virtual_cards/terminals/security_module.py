"""The PSAM in its slot: it signs purchases to cards, checks their answers, and proves the terminal
(JT/T 978.2; docs/interfaces.md, section 2).

Rules: it is a card in a reader like any other, powered once. The terminal number comes from it. It
has up to two applications; the one in use is selected only when it is not selected yet, so that
taps at a gate cost no SELECT. A change of application ends a purchase that is not confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.psam import SERIAL, TERMINAL_NUMBER
from virtual_cards.applets.psam.specification import PSAM_SOCIAL_SECURITY_AID
from virtual_cards.assumptions import PSAM_KEY_REFERENCES, PSAM_PURSE_AID
from virtual_cards.keys.diversification import card_factor, city_factor, province_factor
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_dialogue import CardDialogue, CardRefusesCommand

_LEVELS: Final[tuple[int, ...]] = (2, 1, 3)
"""Of diversification, in the order public readers try them: the module says 6A80 to a wrong one."""
_LEVEL_SHIFT: Final = 5
_CARD_KEY_TYPE: Final = 8
_VALUE_LENGTH: Final = 8


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
        self._selected = b""
        self._levels = _LEVELS
        self._select(PSAM_PURSE_AID)

    def sign_purchase(
        self, *, initialised: bytes, amount: bytes, kind: bytes, moment: bytes, card: bytes
    ) -> SignedPurchase:
        """8070: MAC1 for the 15 bytes the card answered to 8050.

        `card` is the last 8 bytes of its serial and the 8 of its issuer. Raises
        `CardRefusesCommand`.
        """
        self._select(PSAM_PURSE_AID)
        sequence, key, random = initialised[4:6], initialised[9:11], initialised[11:15]
        return self._sign(random + sequence + amount + kind + moment + key + card)

    def confirms(self, mac: bytes) -> bool:
        """8072: whether this MAC2 is the one of the purchase just signed."""
        self._select(PSAM_PURSE_AID)
        return self._confirm(mac)

    def sign_medical_purchase(
        self,
        *,
        initialised: bytes,
        amount: bytes,
        kind: bytes,
        account: bytes,
        moment: bytes,
        region: str,
        historical_bytes: bytes,
    ) -> SignedPurchase:
        """8070 of the social security application: MAC1 for the 12 bytes the card answered to B028.

        `account` is P2 of B028 as one byte, `region` the six digits of the card's region. Raises
        `CardRefusesCommand`: 6A82 for a module without the application, 6A88 without the key.
        """
        self._select(PSAM_SOCIAL_SECURITY_AID)
        sequence, key, random = initialised[4:6], initialised[6:8], initialised[8:12]
        asked = amount + kind + account
        factors = card_factor(historical_bytes) + city_factor(region)
        return self._sign(random + sequence + asked + moment + key + factors)

    def confirms_medical(self, mac: bytes) -> bool:
        """8072: whether this MAC2 is the one of the medical purchase just signed."""
        self._select(PSAM_SOCIAL_SECURITY_AID)
        return self._confirm(mac)

    def authentication_value(
        self, key: str | int, region: str, historical_bytes: bytes, process: bytes, original: bytes
    ) -> bytes:
        """BFDE and 80FA: the 8 bytes that prove the key of this card.

        `key` is a name (IRK, UKSSSE, RKSSSE) or a reference of the module. With IRK it is what a
        genuine card answers to INTERNAL AUTHENTICATE, with another what EXTERNAL AUTHENTICATE
        wants. Raises `CardRefusesCommand`: 6A82, 6A88, 6A80 when no number of levels is right.
        """
        self._select(PSAM_SOCIAL_SECURITY_AID)
        reference = PSAM_KEY_REFERENCES[key] if isinstance(key, str) else key
        factors = (card_factor(historical_bytes), city_factor(region), province_factor(region))
        self._deliver_session_key(reference, factors, process)
        return self._dialogue.ask(CommandApdu(0x80, 0xFA, 0x00, 0x00, original, _VALUE_LENGTH))

    def _deliver_session_key(
        self, reference: int, factors: tuple[bytes, ...], process: bytes
    ) -> None:
        refusal: CardRefusesCommand | None = None
        for levels in self._levels:
            p1 = levels << _LEVEL_SHIFT | _CARD_KEY_TYPE
            data = b"".join(factors[:levels]) + process
            try:
                self._dialogue.ask(CommandApdu(0xBF, 0xDE, p1, reference, data))
            except CardRefusesCommand as fault:
                if fault.status != sw.WRONG_DATA:
                    raise
                refusal = refusal or fault
                continue
            # The same for every card: the next one is asked for with these levels first.
            self._levels = (levels, *(other for other in _LEVELS if other != levels))
            return
        assert refusal is not None  # noqa: S101 - there is a first number of levels
        raise refusal

    def _select(self, name: bytes) -> None:
        if self._selected != name:
            self._dialogue.select_name(name)
            self._selected = name

    def _sign(self, data: bytes) -> SignedPurchase:
        answer = self._dialogue.ask(CommandApdu(0x80, 0x70, 0x00, 0x00, data, 8))
        return SignedPurchase(answer[:4], answer[4:8])

    def _confirm(self, mac: bytes) -> bool:
        command = CommandApdu(0x80, 0x72, 0x00, 0x00, mac)
        return self._dialogue.exchange(command).status == sw.SUCCESS
