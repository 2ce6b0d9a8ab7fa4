"""The answer to reset of each face of a card (ISO/IEC 7816-3, 8; LD/T 32.2, table 16; PC/SC part 3,
3.1.3.2.3).

Rules: the 13 historical bytes are the same on every face. T=0 alone has no check byte TCK; with T=1
TCK makes the XOR of all bytes after TS zero. A contactless card has no ATR: the reader makes one
from its historical bytes.
"""

from __future__ import annotations

from enum import Enum
from functools import reduce
from operator import xor
from typing import Final

HISTORICAL_BYTES_LENGTH: Final = 13

_T0_PREFIX: Final = bytes.fromhex("3B6D0000")
"""TS, T0 (TB1 and TC1 follow, 13 historical bytes), TB1, TC1 (LD/T 32.2, table 16)."""
_T1_PREFIX: Final = bytes.fromhex("3BED00008131FE45")
"""TS, T0 (TB1, TC1, TD1), TB1, TC1, TD1 and TD2 (T=1), TA3 (blocks of 254 bytes), TB3 (times)."""
_CONTACTLESS_PREFIX: Final = bytes.fromhex("3B8D8001")
"""TS, T0 (TD1), TD1 (T=0), TD2 (T=1), as PC/SC part 3 says for ISO/IEC 14443-4 type A."""
_NEXT_TD: Final = 0x08
"""Of the high half of T0 and TDi: another TD follows."""


class Protocol(Enum):
    """How blocks travel between a reader and a face."""

    T0 = "T=0"
    """Bytes: contact cards of LD/T 32."""
    T1 = "T=1"
    """Blocks: some contact cards, and every contactless one (ISO/IEC 14443-4)."""


def contact_atr(historical_bytes: bytes, protocol: Protocol) -> bytes:
    """The ATR of the contact face. Raises `ValueError` unless there are 13 historical bytes."""
    _check(historical_bytes)
    if protocol is Protocol.T0:
        return _T0_PREFIX + historical_bytes
    return _with_check_byte(_T1_PREFIX + historical_bytes)


def contactless_atr(historical_bytes: bytes) -> bytes:
    """The ATR a PC/SC reader makes for the contactless face."""
    _check(historical_bytes)
    return _with_check_byte(_CONTACTLESS_PREFIX + historical_bytes)


def historical_bytes_start(answer: bytes) -> int:
    """Where the historical bytes begin: after TS, T0 and the interface bytes that T0 and each TDi
    announce (ISO/IEC 7816-3, 8.2). For bytes that are no ATR, some number within them.
    """
    position, last = 2, 1
    while position <= len(answer):
        announced = answer[last] >> 4
        position += announced.bit_count()
        if not announced & _NEXT_TD:
            break
        last = position - 1
        if last >= len(answer):
            break
    return min(position, len(answer))


def _check(historical_bytes: bytes) -> None:
    if len(historical_bytes) != HISTORICAL_BYTES_LENGTH:
        raise ValueError(f"13 historical bytes are needed, these are {len(historical_bytes)}")


def _with_check_byte(characters: bytes) -> bytes:
    return characters + bytes([reduce(xor, characters[1:])])
