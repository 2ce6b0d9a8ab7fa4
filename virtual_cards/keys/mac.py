"""Message authentication codes of the purse (PBOC 2.0 part 2; JT/T 978.2).

Rule: pad 80 00.., single-DES CBC with IV 0, left four bytes.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.keys.ciphers import DES_BLOCK, des_cbc_last_block

MAC_LENGTH: Final = 4


def pad(data: bytes, block: int = DES_BLOCK) -> bytes:
    """Data, 80, then 00 up to a whole block (ISO/IEC 9797-1, method 2); 80 is always added."""
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def des_mac(key: bytes, data: bytes) -> bytes:
    """The four-byte MAC of `data` with a key of 8 bytes."""
    return des_cbc_last_block(key, pad(data))[:MAC_LENGTH]
