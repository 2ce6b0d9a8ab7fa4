"""A card as one of its readers sees it: an ATR, a reset, and bytes that are answered by bytes.

Rules: `transmit` answers every byte string with a status word and never raises. Reset clears the
volatile state of every application and the transmission; the persistent memory stays as the last
whole change left it. A person's card has two faces, `Card` itself (contact) and `contactless`, with
one chip behind them: while one face is powered the other is mute, which is an empty ATR and empty
answers. Sending a command to a face powers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused
from virtual_cards.card_os.answer_to_reset import Protocol, contact_atr, contactless_atr
from virtual_cards.card_os.applet import Applet
from virtual_cards.card_os.chip import Chip
from virtual_cards.card_os.dispatch import Dispatch
from virtual_cards.card_os.interface import Interface
from virtual_cards.card_os.life_cycle import CARD, LifeCycle
from virtual_cards.card_os.secured_commands import SECURED_INSTRUCTIONS
from virtual_cards.card_os.transmission import INS_GET_RESPONSE, LeRule, Transmission
from virtual_cards.files.memory import PersistentMemory

_CHANNEL_BITS: Final = 0x03
_SECURE_BITS: Final = 0x0C
_KNOWN_CLASSES: Final = frozenset({0x00, 0x80, 0xB0})
"""ISO/IEC 7816-4; purses and PSAM; the medical purse."""
_DELIVER_SESSION_KEY: Final = (0xBF, 0xDE)
"""The one command of CLA BF, to a PSAM (public readers)."""
_INVALID_INS_NIBBLES: Final = frozenset({0x60, 0x90})
_MUTE: Final = b""


class Card:
    """One face of a card: of a person's security card, or of a PSAM."""

    __slots__ = ("_answer", "_chip", "_transmission", "contactless", "is_contactless", "memory")

    def __init__(
        self,
        answer_to_reset: bytes,
        chip: Chip,
        memory: PersistentMemory,
        transmission: Transmission,
        contactless: Card | None = None,
        *,
        is_contactless: bool = False,
    ) -> None:
        self.memory = memory
        self.contactless = contactless
        """The other face; None for a card without an antenna, and on the contactless face."""
        self.is_contactless = is_contactless
        self._answer = answer_to_reset
        self._chip = chip
        self._transmission = transmission

    @property
    def atr(self) -> bytes:
        """The answer to reset; empty while the other face is powered."""
        return self._answer if self._chip.is_free_for(self) else _MUTE

    def power_on(self) -> bytes:
        """Cold reset: clear the volatile state and answer the ATR."""
        return self.reset()

    def power_off(self) -> None:
        """Take the power away: the volatile state is lost, the other face may be powered."""
        self._transmission.clear()
        self._chip.release(self)

    def reset(self) -> bytes:
        """Warm reset: clear the volatile state and answer the ATR."""
        self._transmission.clear()
        if not self._chip.take(self):
            return _MUTE
        self._chip.reset()
        return self._answer

    def transmit(self, raw: bytes) -> bytes:
        """Answer a command APDU: data, then SW1 SW2. Any byte string gets an answer."""
        if not self._chip.take(self):
            return _MUTE
        try:
            command = CommandApdu.parse(raw)
            _check_class(command)
            if command.ins == INS_GET_RESPONSE and command.cla == 0:
                return self._transmission.get_response(command).to_bytes()
            response = self._transmission.repeated(command)
            if response is None:
                self._transmission.clear()
                response = self._chip.call(command)
            return self._transmission.deliver(command, response).to_bytes()
        except Refused as refusal:
            return refusal.status.to_bytes(2, "big")


def make_card(
    historical_bytes: bytes,
    master_file: Applet,
    environments: Sequence[Sequence[Applet]],
    memory: PersistentMemory,
    *,
    le_rule: LeRule = LeRule.LENIENT,
    protocol: Protocol = Protocol.T0,
    has_antenna: bool = True,
    interface: Interface | None = None,
) -> Card:
    """A card by its contact face; `contactless` is the other, where there is an antenna.

    `interface` is where its applications learn by which face they are used.
    """
    dispatch = Dispatch(master_file, environments)
    chip = Chip(dispatch, LifeCycle(CARD, memory), interface or Interface())
    contactless = None
    if has_antenna:
        answer = contactless_atr(historical_bytes)
        transmission = Transmission(le_rule, Protocol.T1)
        contactless = Card(answer, chip, memory, transmission, is_contactless=True)
    answer = contact_atr(historical_bytes, protocol)
    return Card(answer, chip, memory, Transmission(le_rule, protocol), contactless)


def _check_class(command: CommandApdu) -> None:
    cla = command.cla
    if command.ins & 0xF0 in _INVALID_INS_NIBBLES:
        raise Refused(sw.INSTRUCTION_NOT_SUPPORTED)
    known = cla in _KNOWN_CLASSES or (cla, command.ins) in SECURED_INSTRUCTIONS
    if known or (cla, command.ins) == _DELIVER_SESSION_KEY:
        return
    if cla & 0x70 == 0:
        if cla & _CHANNEL_BITS:
            raise Refused(sw.LOGICAL_CHANNEL_NOT_SUPPORTED)
        if cla & _SECURE_BITS:
            raise Refused(sw.SECURE_MESSAGING_NOT_SUPPORTED)
    raise Refused(sw.CLASS_NOT_SUPPORTED)
