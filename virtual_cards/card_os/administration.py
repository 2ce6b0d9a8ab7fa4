"""CHANGE PIN, PIN CHANGE/UNBLOCK, APPLICATION BLOCK and CARD BLOCK of one application (LD/T 32.5).

Rules: the PUK secures what concerns the PIN, the block key (STK) what ends a life. A change of the
PIN is one change of value and tries. Whoever changes or unblocks the PIN has not verified it.
"""

from __future__ import annotations

from dataclasses import dataclass

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.card_os.life_cycle import LifeCycle
from virtual_cards.card_os.pin import Pin
from virtual_cards.card_os.secure_messaging import SecureMessaging
from virtual_cards.card_os.secured_commands import (
    INS_APPLICATION_BLOCK,
    INS_CARD_BLOCK,
    INS_CHANGE_PIN,
    INS_UNBLOCK_PIN,
    PRIVATE,
    SECURED_PRIVATE,
    Block,
    ChangePin,
    UnblockPin,
    new_pin,
)
from virtual_cards.files.access import PIN, SecurityStatus


@dataclass(frozen=True, slots=True)
class AdministrationKeys:
    """The references of the keys that secure administration."""

    unblock: int
    block: int


class Administration:
    """The administration commands of one application."""

    def __init__(
        self,
        secure_messaging: SecureMessaging,
        keys: AdministrationKeys,
        pin: Pin,
        application: LifeCycle,
        card: LifeCycle,
    ) -> None:
        self._secure_messaging = secure_messaging
        self._keys = keys
        self._pin = pin
        self._application = application
        self._card = card
        self._calls = {
            (PRIVATE, INS_CHANGE_PIN): self._change_pin,
            (SECURED_PRIVATE, INS_CHANGE_PIN): self._change_pin,
            (SECURED_PRIVATE, INS_UNBLOCK_PIN): self._unblock_pin,
            (SECURED_PRIVATE, INS_APPLICATION_BLOCK): self._block,
            (SECURED_PRIVATE, INS_CARD_BLOCK): self._block,
        }
        self._instructions = frozenset(ins for _, ins in self._calls)

    def call(self, command: CommandApdu, won: set[SecurityStatus]) -> Response | None:
        """Answer an administration command; None for any other INS. Raises `Refused`."""
        call = self._calls.get((command.cla, command.ins))
        if call is not None:
            return call(command, won)
        if command.ins in self._instructions:
            raise Refused(sw.CLASS_NOT_SUPPORTED)
        return None

    def _change_pin(self, command: CommandApdu, won: set[SecurityStatus]) -> Response:
        ChangePin.check(command)
        data = command.data
        if command.cla == SECURED_PRIVATE:
            data = self._secure_messaging.decipher(command, self._keys.unblock)
        change = ChangePin.parse(data)
        won.discard(PIN)
        self._pin.change(change.old, change.new)
        return Response()

    def _unblock_pin(self, command: CommandApdu, won: set[SecurityStatus]) -> Response:
        value = None
        if UnblockPin.parse(command).sets_new:
            value = new_pin(self._secure_messaging.decipher(command, self._keys.unblock))
        else:
            self._secure_messaging.open(command, self._keys.unblock)
        won.discard(PIN)
        self._pin.unblock(value)
        return Response()

    def _block(self, command: CommandApdu, won: set[SecurityStatus]) -> Response:
        block = Block.parse(command)
        self._secure_messaging.open(command, self._keys.block)
        won.clear()
        life = self._card if command.ins == INS_CARD_BLOCK else self._application
        life.block(for_ever=block.for_ever)
        return Response()
