"""What a card computes with its algorithm: session keys, authentication, MAC and encryption of
secure messaging (LD/T 32.4, 8 and 9).

Rules: an algorithm is one row of functions; nothing else asks which one a card has. SM4: session =
SM4(K, factor8 || 00*8); the MAC is CBC with IV 0 over data padded 80 00.., and the XOR of the four
words of the last block. 3DES: session = 3DES(K, factor8), then single DES with it; the MAC is the
left four bytes of the last block. SSF33 has no public text, so no card here has it.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from virtual_cards.keys.ciphers import (
    DES_BLOCK,
    SM4_BLOCK,
    des,
    des_decrypt,
    sm4,
    sm4_cbc_last_block,
    sm4_decrypt,
    triple_des,
)
from virtual_cards.keys.mac import MAC_LENGTH, des_mac, pad
from virtual_cards.keys.sessions import authentication_value, exclusive_or

FACTOR_LENGTH: Final = 8
_SM4_FILL: Final = bytes(SM4_BLOCK - FACTOR_LENGTH)
_LENGTH_MAX: Final = 0xFF


class CipherTextIsFaulty(ValueError):
    """Deciphered, the data are no length, data and padding."""


class Algorithm(Enum):
    """The algorithm of a card, by its id in tag 86 of the issuer data."""

    TRIPLE_DES = 0x01
    SM4 = 0x03

    @property
    def block(self) -> int:
        """Length of a block in bytes."""
        return SM4_BLOCK if self is Algorithm.SM4 else DES_BLOCK

    def session(self, key: bytes, factor: bytes) -> bytes:
        """The session key from a card key and a factor of 8 bytes: 16 bytes (SM4) or 8 (DES)."""
        if self is Algorithm.SM4:
            return sm4(key, factor + _SM4_FILL)
        return triple_des(key, factor)

    def authentication(self, key: bytes, process: bytes, original: bytes) -> bytes:
        """The 8 bytes that prove knowledge of `key` (LD/T 32.4, 8.4.2)."""
        if self is Algorithm.SM4:
            return authentication_value(key, process, original)
        return des(self.session(key, process), original)

    def mac(self, session: bytes, data: bytes) -> bytes:
        """The four-byte MAC of data with a session key."""
        if self is Algorithm.TRIPLE_DES:
            return des_mac(session, data)
        last = sm4_cbc_last_block(session, pad(data, SM4_BLOCK))
        halves = exclusive_or(last[:8], last[8:])
        return exclusive_or(halves[:MAC_LENGTH], halves[MAC_LENGTH:])

    def encipher(self, session: bytes, data: bytes) -> bytes:
        """Length byte, data, 80 00.. where a block is not full; ECB. Raises `ValueError`."""
        if len(data) > _LENGTH_MAX:
            raise ValueError(f"at most 255 bytes can be enciphered, these are {len(data)}")
        plain = bytes([len(data)]) + data
        if len(plain) % self.block:
            plain = pad(plain, self.block)
        return sm4(session, plain) if self is Algorithm.SM4 else des(session, plain)

    def decipher(self, session: bytes, cipher_text: bytes) -> bytes:
        """The data again. Raises `CipherTextIsFaulty`; a padding block of its own is accepted."""
        if not cipher_text or len(cipher_text) % self.block:
            raise CipherTextIsFaulty(f"{len(cipher_text)} bytes are no whole blocks")
        decrypt = sm4_decrypt if self is Algorithm.SM4 else des_decrypt
        plain = decrypt(session, cipher_text)
        data, rest = plain[1 : 1 + plain[0]], plain[1 + plain[0] :]
        if len(data) != plain[0] or rest not in (b"", b"\x80" + bytes(max(0, len(rest) - 1))):
            raise CipherTextIsFaulty("length and padding do not agree")
        return data
