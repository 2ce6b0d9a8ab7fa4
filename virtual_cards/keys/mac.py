"""Message authentication codes of the purse (PBOC 2.0 part 2; JT/T 978.2).

Rule: pad 80 00.., single-DES CBC with IV 0, left four bytes.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.keys.ciphers import DES_BLOCK, des_cbc_encryptor, des_cbc_last_block

MAC_LENGTH: Final = 4
_FILLS: Final = {block: [b"\x80" + bytes(rest) for rest in range(block)] for block in (8, 16)}


def pad(data: bytes, block: int = DES_BLOCK) -> bytes:
    """Data, 80, then 00 up to a whole block (ISO/IEC 9797-1, method 2); 80 is always added."""
    return data + _FILLS[block][-(len(data) + 1) % block]


def des_mac(key: bytes, data: bytes) -> bytes:
    """The four-byte MAC of `data` with a key of 8 bytes."""
    return des_cbc_last_block(key, pad(data))[:MAC_LENGTH]


class DesMac:
    """Several MACs with one key of 8 bytes: the key is scheduled once.

    Its cipher chains from one MAC to the next. Each MAC begins anew all the same, because the first
    block is given XOR the last one of the MAC before, which the chain takes out again. So it has a
    state: it belongs to one session, or one card, and is never shared.
    """

    __slots__ = ("_encryptor", "_last")

    def __init__(self, key: bytes) -> None:
        self._encryptor = des_cbc_encryptor(key)
        self._last = 0

    def mac(self, data: bytes) -> bytes:
        """The four-byte MAC, as `des_mac`."""
        padded = pad(data)
        if self._last:
            first = int.from_bytes(padded[:DES_BLOCK], "big") ^ self._last
            padded = first.to_bytes(DES_BLOCK, "big") + padded[DES_BLOCK:]
        last = self._encryptor.update(padded)[-DES_BLOCK:]
        self._last = int.from_bytes(last, "big")
        return last[:MAC_LENGTH]
