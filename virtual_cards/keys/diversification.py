"""Diversification: a child key from its parent and an eight-byte factor.

Rules (docs/interfaces.md, section 3): 3DES, child = 3DES(K, f) || 3DES(K, ~f); SM4, child = SM4(K,
f || ~f) in one block (LD/T 32.9, 7.3.1).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from virtual_cards.keys.ciphers import sm4, triple_des

FACTOR_LENGTH: Final = 8
_CACHE_MAX: Final = 512


def diversify_sm4(parent: bytes, factor: bytes) -> bytes:
    """The SM4 child of 16 bytes."""
    return sm4(parent, factor + _complement(factor))


@lru_cache(maxsize=_CACHE_MAX)
def diversify_triple_des(parent: bytes, factor: bytes) -> bytes:
    """The 3DES child of 16 bytes. Cached: a PSAM meets few issuers, and the same cards again."""
    return triple_des(parent, factor + _complement(factor))


def _complement(factor: bytes) -> bytes:
    if len(factor) != FACTOR_LENGTH:
        raise ValueError(f"a diversification factor has 8 bytes, this has {len(factor)}")
    return bytes(byte ^ 0xFF for byte in factor)
