"""Session keys of the purse and the authentication value of the social security application.

Rules: docs/interfaces.md, section 3. Purse: 3DES of random and counters (JT/T 978.2). Social
security: SM4 with the process factor, then the original data, folded to 8 bytes (LD/T 32.4, 8.4.2
and 9.3.2).
"""

from __future__ import annotations

from typing import Final

from virtual_cards.keys.ciphers import DES_BLOCK, sm4, triple_des

_LOAD_SUFFIX: Final = bytes.fromhex("8000")
_SM4_FILL: Final = bytes(8)


def purchase_session(purchase_key: bytes, random: bytes, offline: bytes, terminal: bytes) -> bytes:
    """3DES(DPK, random4 || offline sequence2 || last two bytes of the terminal sequence4)."""
    return triple_des(purchase_key, random + offline + terminal[2:4])


def load_session(load_key: bytes, random: bytes, online: bytes) -> bytes:
    """3DES(DLK, random4 || online sequence2 || 8000)."""
    return triple_des(load_key, random + online + _LOAD_SUFFIX)


def authentication_value(key: bytes, process: bytes, original: bytes) -> bytes:
    """The eight bytes that prove knowledge of `key` for a process factor and original data of 8
    bytes.
    """
    return session_value(sm4(key, process + _SM4_FILL), original)


def session_value(session: bytes, original: bytes) -> bytes:
    """The same from the session key: left half XOR right half of one SM4 block."""
    block = sm4(session, original + _SM4_FILL)
    return exclusive_or(block[:DES_BLOCK], block[DES_BLOCK:])


def exclusive_or(left: bytes, right: bytes) -> bytes:
    """Byte by byte XOR of two strings of the same length."""
    if len(left) != len(right):
        raise ValueError(f"{len(left)} and {len(right)} bytes cannot be combined")
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).to_bytes(len(left), "big")
