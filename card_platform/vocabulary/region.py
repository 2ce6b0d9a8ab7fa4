"""Region codes: six digits of GB/T 2260, province (2), city (2), county (2)."""

from __future__ import annotations

from typing import NewType

RegionCode = NewType("RegionCode", str)

REGION_PATTERN = r"[1-9][0-9]{5}"


def first_four_digits_bcd(code: str) -> bytes:
    """Province and city as two BCD bytes, as the historical bytes of the card carry them.

    Source: LD/T 32.2, table 16, bytes 8 and 9.
    """
    return bytes.fromhex(code[:4])


def province_key_factor(code: str) -> bytes:
    """Factor of the province's keys: two ASCII digits, 30303030, 7368 (LD/T 32.9, 7.3.1)."""
    return code[:2].encode("ascii") + bytes.fromhex("303030307368")


ZHEJIANG = "33"


def city_key_factor(code: str) -> bytes:
    """Eight-byte factor of the city's keys: six ASCII digits, 7378 (LD/T 32.9, 7.3.1).

    Zhejiang personalises all counties of a city with the keys of the city: there the last two
    digits are 00.
    """
    digits = code[:4] + "00" if code.startswith(ZHEJIANG) else code
    return digits.encode("ascii") + bytes.fromhex("7378")
