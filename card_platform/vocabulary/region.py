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


MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
"""Beijing, Tianjin, Shanghai, Chongqing: their districts stand directly under the region."""


def covers(upper: str, area: str) -> bool:
    """Whether an area is the upper one or lies in it: 500000 covers 500153."""
    if upper.endswith("0000"):
        return area[:2] == upper[:2]
    return area[:4] == upper[:4] if upper.endswith("00") else area == upper


def parent_of(area: str) -> str | None:
    """The area one level up; None for a region."""
    if area.endswith("0000"):
        return None
    if area.endswith("00") or area[:2] in MUNICIPALITIES:
        return f"{area[:2]}0000"
    return f"{area[:4]}00"
