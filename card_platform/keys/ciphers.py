"""Blocks and MACs: SM4, 3DES, the single-DES MAC of the purse and the SM4 MAC of the medical one.

Sources: GB/T 32907 (SM4); JR/T 0025 and JT/T 978 (3DES; MAC: DES CBC, IV 0, padding 80 00..).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

DES_BLOCK = 8
SM4_BLOCK = 16
MAC_LENGTH = 4


def sm4_block(key: bytes, block: bytes) -> bytes:
    """One 16-byte block under SM4."""
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 - one block
    return encryptor.update(block)


def sm4_mac(key: bytes, message: bytes) -> bytes:
    """Four-byte MAC: SM4 CBC over the message, IV 0, padding 80 00..; then the four words of the
    last block, XORed.
    """
    padded = message + b"\x80"
    padded += bytes(-len(padded) % SM4_BLOCK)
    encryptor = Cipher(algorithms.SM4(key), modes.CBC(bytes(SM4_BLOCK))).encryptor()
    last = encryptor.update(padded)[-SM4_BLOCK:]
    half = exclusive_or(last[: SM4_BLOCK // 2], last[SM4_BLOCK // 2 :])
    return exclusive_or(half[:MAC_LENGTH], half[MAC_LENGTH:])


def triple_des(key: bytes, blocks: bytes) -> bytes:
    """Whole 8-byte blocks under two-key 3DES, each by itself."""
    cipher = Cipher(TripleDES(key + key[:8]), modes.ECB())  # noqa: S305 - as the standard says
    return cipher.encryptor().update(blocks)


def des_mac(key: bytes, message: bytes) -> bytes:
    """Four-byte MAC: single-DES CBC over the message, padded 80 00.., IV 0.

    Single DES is 3DES with three equal keys.
    """
    return DesMac(key).over(message)


class DesMac:
    """The same MAC for many messages under one key.

    A MAC by a cipher made anew takes 10 us, by one that is kept 4 us; so the ciphers made are
    kept, and a thread takes one out while it uses it. CBC is written out over ECB, which carries
    nothing from one message to the next.
    """

    __slots__ = ("_idle", "_key")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._idle: list[CipherContext] = []

    def over(self, message: bytes) -> bytes:
        """The four-byte MAC over the message."""
        padded = message + b"\x80"
        padded += bytes(-len(padded) % DES_BLOCK)
        cipher = self._take_cipher()
        chained = cipher.update(padded[:DES_BLOCK])  # the IV is zero
        for start in range(DES_BLOCK, len(padded), DES_BLOCK):
            block = int.from_bytes(padded[start : start + DES_BLOCK], "big")
            mixed = block ^ int.from_bytes(chained, "big")
            chained = cipher.update(mixed.to_bytes(DES_BLOCK, "big"))
        self._idle.append(cipher)
        return chained[:MAC_LENGTH]

    def over_each(self, messages: Sequence[bytes]) -> list[bytes]:
        """The MACs over messages of one length: the same block of all of them goes at once.

        Raises:
            ValueError: their lengths differ.
        """
        length = len(messages[0])
        if any(len(each) != length for each in messages):
            raise ValueError("messages of several lengths")
        padding = b"\x80" + bytes(-(length + 1) % DES_BLOCK)
        words = array("Q", padding.join(messages) + padding)
        blocks = (length + len(padding)) // DES_BLOCK
        cipher = self._take_cipher()
        chained = cipher.update(words[::blocks].tobytes())
        for place in range(1, blocks):
            mixed = exclusive_or(words[place::blocks].tobytes(), chained)
            chained = cipher.update(mixed)
        self._idle.append(cipher)
        ends = range(0, len(chained), DES_BLOCK)
        return [chained[begin : begin + MAC_LENGTH] for begin in ends]

    def _take_cipher(self) -> CipherContext:
        try:
            return self._idle.pop()
        except IndexError:
            algorithm = TripleDES(self._key * 3)
            return Cipher(algorithm, modes.ECB()).encryptor()  # noqa: S305 - CBC, see above


def inverted(data: bytes) -> bytes:
    """Every bit turned over."""
    return bytes(byte ^ 0xFF for byte in data)


def exclusive_or(left: bytes, right: bytes) -> bytes:
    """Of two strings of one length.

    Raises:
        ValueError: their lengths differ.
    """
    length = len(left)
    if len(right) != length:
        raise ValueError(f"{length} bytes and {len(right)} bytes")
    # As whole numbers, not byte by byte: every tap needs it several times.
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).to_bytes(length, "big")
