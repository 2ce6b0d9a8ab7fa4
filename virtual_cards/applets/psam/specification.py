"""Names and files of a PSAM, and the terminal sequence (JT/T 978.2; PBOC 2.0; public readers).

Rules: the terminal sequence is one for both applications. It is drawn before it is used: a tear may
skip a number but never repeats one.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused
from virtual_cards.files import DedicatedFile, ElementaryFile, PersistentMemory, Slot, Structure

PSAM_SOCIAL_SECURITY_AID: Final = bytes.fromhex("D15600000590")
"""The social security application of a PSAM, as public readers select it."""

SERIAL: Final = ElementaryFile("0015", 0x0015, 0x15, Structure.TRANSPARENT, size=10)
TERMINAL_NUMBER: Final = ElementaryFile("0016", 0x0016, 0x16, Structure.TRANSPARENT, size=6)
PSAM_MASTER_FILE: Final = DedicatedFile("psam", (SERIAL, TERMINAL_NUMBER))

TERMINAL_SEQUENCE: Final = Slot[int]("psam/terminal_sequence")
"""The sequence of the last purchase; 0 on a new module."""

PSAM_CLASS: Final = 0x80
INS_INIT_FOR_PURCHASE: Final = 0x70
INS_CREDIT_FOR_PURCHASE: Final = 0x72

_SEQUENCE_MAX: Final = 0xFFFF_FFFF


def next_terminal_sequence(memory: PersistentMemory) -> bytes:
    """Draw the next sequence, 4 bytes. Raises `Refused` 9402 after the last one."""
    last = memory.read(TERMINAL_SEQUENCE)
    if last >= _SEQUENCE_MAX:
        raise Refused(sw.COUNTER_AT_MAXIMUM)
    memory.write(TERMINAL_SEQUENCE, last + 1)
    return (last + 1).to_bytes(4, "big")
