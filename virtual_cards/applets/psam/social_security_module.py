"""The social security application of a PSAM: it proves the terminal to cards, checks cards, and
signs medical payments (docs/interfaces.md, section 2; BFDE and 80FA as public readers send them).

Rules: its keys are those of one province, so a card's key is two levels away: city, card. BFDE
makes a session key that 80FA uses once, whatever follows; a BFDE that is refused leaves none. 8070
and 8072 are those of the purse application with SM4, and share its terminal sequence. The keys
never leave the module, and a key it has not is 6A88.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.applets.psam.commands import (
    INS_CIPHER,
    INS_DELIVER_SESSION_KEY,
    SESSION_CLASS,
    CreditForPurchase,
    DeliverSessionKey,
    Encipher,
    InitForMedicalPurchase,
)
from virtual_cards.applets.psam.expected_code import ExpectedCode
from virtual_cards.applets.psam.specification import (
    INS_CREDIT_FOR_PURCHASE,
    INS_INIT_FOR_PURCHASE,
    PSAM_CLASS,
    PSAM_SOCIAL_SECURITY_AID,
    next_terminal_sequence,
)
from virtual_cards.assumptions import PURSE_KEY_VERSION
from virtual_cards.card_os.command_table import CommandTable
from virtual_cards.files import PersistentMemory
from virtual_cards.keys import Algorithm, diversify_sm4
from virtual_cards.keys.sessions import session_value

_ALGORITHM: Final = Algorithm.SM4


@dataclass(frozen=True, slots=True)
class ProvinceKeys:
    """What a module was given: authentication keys by P2 of BFDE, and perhaps MPK."""

    authentication: Mapping[int, bytes]
    medical_purchase: bytes | None


class SocialSecurityModule:
    """The social security application of one PSAM."""

    aid: Final = PSAM_SOCIAL_SECURITY_AID
    file_identifier: Final = None

    def __init__(self, keys: ProvinceKeys, terminal: bytes, memory: PersistentMemory) -> None:
        self._keys = keys
        self._terminal = terminal
        self._memory = memory
        self._session: bytes | None = None
        """Volatile: the session key BFDE made and 80FA has not used."""
        self._expected = ExpectedCode()
        self._commands = CommandTable(
            {
                (SESSION_CLASS, INS_DELIVER_SESSION_KEY): self._deliver_session_key,
                (PSAM_CLASS, INS_CIPHER): self._encipher,
                (PSAM_CLASS, INS_INIT_FOR_PURCHASE): self._init,
                (PSAM_CLASS, INS_CREDIT_FOR_PURCHASE): self._credit,
            }
        )

    def select(self) -> bytes:
        """The FCI: only the name."""
        self.deselect()
        return tlv.encode(0x6F, tlv.encode(0x84, self.aid))

    def deselect(self) -> None:
        """Forget the session key and the purchase."""
        self._session = None
        self._expected.clear()

    def call(self, command: CommandApdu) -> Response:
        """Answer a command. Raises `Refused`."""
        return self._commands.call(command)

    def _deliver_session_key(self, command: CommandApdu) -> Response:
        self._session = None
        asked = DeliverSessionKey.parse(command)
        key = self._keys.authentication.get(asked.key_reference)
        card_key = _card_key(key, asked.city, asked.card)
        self._session = _ALGORITHM.session(card_key, asked.process)
        return Response()

    def _encipher(self, command: CommandApdu) -> Response:
        original = Encipher.parse(command).original
        session, self._session = self._session, None
        if session is None:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        return Response(session_value(session, original))

    def _init(self, command: CommandApdu) -> Response:
        self._expected.clear()
        asked = InitForMedicalPurchase.parse(command)
        if (asked.key_version, asked.algorithm) != (PURSE_KEY_VERSION, _ALGORITHM.value):
            raise Refused(sw.KEY_INDEX_NOT_FOUND)
        purchase_key = _card_key(self._keys.medical_purchase, asked.city, asked.card)
        sequence = next_terminal_sequence(self._memory)
        factor = asked.random + asked.sequence + sequence[-2:]
        session = _ALGORITHM.session(purchase_key, factor)
        mac = _ALGORITHM.mac(session, asked.asked + self._terminal + asked.moment)
        self._expected.await_code(_ALGORITHM.mac(session, asked.amount))
        return Response(sequence + mac)

    def _credit(self, command: CommandApdu) -> Response:
        self._expected.check(CreditForPurchase.parse(command).mac)
        return Response()


def _card_key(province_key: bytes | None, city: bytes, card: bytes) -> bytes:
    """The card's key. Raises `Refused` 6A88 when the module has not the province's."""
    if province_key is None:
        raise Refused(sw.KEY_NOT_FOUND)
    return diversify_sm4(diversify_sm4(province_key, city), card)
