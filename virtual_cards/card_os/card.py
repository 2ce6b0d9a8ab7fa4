"""A card as its reader sees it: an ATR, a reset, and bytes that are answered by bytes.

Rules: `transmit` answers every byte string with a status word and never raises. Reset clears the
volatile state of every application and the transmission; the persistent memory stays as the last
whole change left it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused
from virtual_cards.card_os.applet import Applet
from virtual_cards.card_os.dispatch import Dispatch
from virtual_cards.card_os.transmission import INS_GET_RESPONSE, LeRule, Transmission
from virtual_cards.files.memory import PersistentMemory

ATR_PREFIX: Final = bytes.fromhex("3B6D0000")
"""TS, T0 (TB1 and TC1 follow, 13 historical bytes), TB1, TC1: T=0, no TCK (LD/T 32.2, table 16)."""

HISTORICAL_BYTES_LENGTH: Final = 13
_CHANNEL_BITS: Final = 0x03
_SECURE_BITS: Final = 0x0C
_KNOWN_CLASSES: Final = frozenset({0x00, 0x80})
_INVALID_INS_NIBBLES: Final = frozenset({0x60, 0x90})


class Card:
    """A card: a security card of a person or a PSAM, in the state in which its memory is."""

    def __init__(
        self,
        historical_bytes: bytes,
        master_file: Applet,
        applets: Sequence[Applet],
        memory: PersistentMemory,
        le_rule: LeRule = LeRule.LENIENT,
    ) -> None:
        if len(historical_bytes) != HISTORICAL_BYTES_LENGTH:
            raise ValueError(f"13 historical bytes are needed, these are {len(historical_bytes)}")
        self.atr: Final = ATR_PREFIX + historical_bytes
        self.memory: Final = memory
        self._dispatch = Dispatch(master_file, applets)
        self._transmission = Transmission(le_rule)
        self.reset()

    def power_on(self) -> bytes:
        """Cold reset: clear the volatile state and answer the ATR."""
        return self.reset()

    def power_off(self) -> None:
        """Take the power away: the volatile state is lost."""
        self.reset()

    def reset(self) -> bytes:
        """Warm reset: clear the volatile state and answer the ATR."""
        self._transmission.clear()
        self._dispatch.reset()
        return self.atr

    def transmit(self, raw: bytes) -> bytes:
        """Answer a command APDU: data, then SW1 SW2. Any byte string gets an answer."""
        try:
            command = CommandApdu.parse(raw)
            _check_class(command)
            if command.ins == INS_GET_RESPONSE and command.cla == 0:
                return self._transmission.get_response(command).to_bytes()
            response = self._transmission.repeated(command)
            if response is None:
                self._transmission.clear()
                response = self._dispatch.call(command)
            return self._transmission.deliver(command, response).to_bytes()
        except Refused as refusal:
            return refusal.status.to_bytes(2, "big")


def _check_class(command: CommandApdu) -> None:
    cla = command.cla
    if command.ins & 0xF0 in _INVALID_INS_NIBBLES:
        raise Refused(sw.INSTRUCTION_NOT_SUPPORTED)
    if cla in _KNOWN_CLASSES:
        return
    if cla & 0x70 == 0:
        if cla & _CHANNEL_BITS:
            raise Refused(sw.LOGICAL_CHANNEL_NOT_SUPPORTED)
        if cla & _SECURE_BITS:
            raise Refused(sw.SECURE_MESSAGING_NOT_SUPPORTED)
    raise Refused(sw.CLASS_NOT_SUPPORTED)
