"""Diversification: a child key from its parent and an eight-byte factor, and the factors of social
security keys.

Rules (docs/interfaces.md, section 3): 3DES, child = 3DES(K, f) || 3DES(K, ~f); SM4, child = SM4(K,
f || ~f) in one block. Social security keys have three levels: province, city, card (LD/T 32.9,
7.3.1); the districts of Zhejiang (33) share the key of their prefecture.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from virtual_cards.keys.ciphers import sm4, triple_des

FACTOR_LENGTH: Final = 8
_CACHE_MAX: Final = 512
_ALL_ONES: Final = (1 << 8 * FACTOR_LENGTH) - 1
_PROVINCE_END: Final = b"0000" + bytes.fromhex("7368")
_CITY_END: Final = bytes.fromhex("7378")
_ZHEJIANG: Final = "33"
_REGION: Final = re.compile(r"[0-9]{6}\Z")


def province_factor(region: str) -> bytes:
    """First level: two digits of the region code, 30303030 7368. Raises `ValueError`."""
    return _checked(region)[:2].encode("ascii") + _PROVINCE_END


def city_factor(region: str) -> bytes:
    """Second level: six digits and 7378; in Zhejiang four and 3030 7378. Raises `ValueError`."""
    code = _checked(region)
    city = code[:4] + "00" if code.startswith(_ZHEJIANG) else code
    return city.encode("ascii") + _CITY_END


def card_factor(historical_bytes: bytes) -> bytes:
    """Third level: the last 8 historical bytes of the card's ATR."""
    return historical_bytes[-FACTOR_LENGTH:]


def diversify_sm4(parent: bytes, factor: bytes) -> bytes:
    """The SM4 child of 16 bytes."""
    return sm4(parent, factor + _complement(factor))


@lru_cache(maxsize=_CACHE_MAX)
def diversify_triple_des(parent: bytes, factor: bytes) -> bytes:
    """The 3DES child of 16 bytes. Cached: a PSAM meets few issuers, and the same cards again."""
    return triple_des(parent, factor + _complement(factor))


def _checked(region: str) -> str:
    if not _REGION.match(region):
        raise ValueError(f"a region code has six digits, this is {region!r}")
    return region


def _complement(factor: bytes) -> bytes:
    if len(factor) != FACTOR_LENGTH:
        raise ValueError(f"a diversification factor has 8 bytes, this has {len(factor)}")
    return (int.from_bytes(factor, "big") ^ _ALL_ONES).to_bytes(FACTOR_LENGTH, "big")
