"""The holder's PIN as a terminal passes it on (LD/T 32.5: VERIFY, CHANGE PIN)."""

from __future__ import annotations

import re
from typing import Final

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.assumptions import PIN_SEPARATOR
from virtual_cards.card_os.pin import pin_block
from virtual_cards.card_os.secured_commands import INS_CHANGE_PIN, PRIVATE

_PIN: Final = re.compile(r"[0-9]{4,12}\Z")
_CHANGE_P1: Final = 0x01


def pin_octets(digits: str) -> bytes:
    """BCD, filled with F. Raises ValueError for what is no PIN of 4 to 12 digits."""
    if not _PIN.match(digits):
        raise ValueError("a PIN is 4 to 12 digits")
    return pin_block(digits)


def change_pin(old: str, new: str) -> CommandApdu:
    """CHANGE PIN, plain. Raises ValueError for what is no PIN."""
    data = pin_octets(old) + PIN_SEPARATOR + pin_octets(new)
    return CommandApdu(PRIVATE, INS_CHANGE_PIN, _CHANGE_P1, 0x00, data)
