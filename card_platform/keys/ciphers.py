"""Blocks and MACs: SM4, 3DES, and the single-DES MAC of the purse.

Sources: GB/T 32907 (SM4); JR/T 0025 and JT/T 978 (3DES; MAC: DES CBC, IV 0, padding 80 00..).
"""

from __future__ import annotations

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

DES_BLOCK = 8
SM4_BLOCK = 16
MAC_LENGTH = 4
_ZERO_IV = bytes(DES_BLOCK)


def sm4_block(key: bytes, block: bytes) -> bytes:
    """One 16-byte block under SM4."""
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 - one block
    return encryptor.update(block)


def triple_des(key: bytes, blocks: bytes) -> bytes:
    """Whole 8-byte blocks under two-key 3DES, each by itself."""
    cipher = Cipher(TripleDES(key + key[:8]), modes.ECB())  # noqa: S305 - as the standard says
    return cipher.encryptor().update(blocks)


def des_mac(key: bytes, message: bytes) -> bytes:
    """Four-byte MAC: single-DES CBC over the message, padded 80 00.., IV 0.

    Single DES is 3DES with three equal keys.
    """
    padded = message + b"\x80"
    padded += bytes(-len(padded) % DES_BLOCK)
    cipher = Cipher(TripleDES(key * 3), modes.CBC(_ZERO_IV))
    return cipher.encryptor().update(padded)[-DES_BLOCK:][:MAC_LENGTH]


def inverted(data: bytes) -> bytes:
    """Every bit turned over."""
    return bytes(byte ^ 0xFF for byte in data)


def exclusive_or(left: bytes, right: bytes) -> bytes:
    """Byte by byte."""
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
