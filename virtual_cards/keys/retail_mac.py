"""The MAC of bank cards: ISO/IEC 9797-1, algorithm 3 ("retail MAC"; JR/T 0025.7).

Rule: pad 80 00.., single-DES CBC with the left half of the key and IV 0, the last block with both
halves (3DES); eight bytes.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.keys.ciphers import DES_BLOCK, des_cbc_last_block, triple_des
from virtual_cards.keys.mac import pad
from virtual_cards.keys.sessions import exclusive_or

RETAIL_MAC_LENGTH: Final = 8


def retail_mac(key: bytes, data: bytes) -> bytes:
    """The eight-byte MAC of `data` with a key of 16 bytes."""
    padded = pad(data)
    head, last = padded[:-DES_BLOCK], padded[-DES_BLOCK:]
    chained = des_cbc_last_block(key[:DES_BLOCK], head) if head else bytes(DES_BLOCK)
    return triple_des(key, exclusive_or(chained, last))
