"""How EF05 and EF06 write a value: cn and an fields of LD/T 32.6.

- cn: BCD, left aligned, padded with F.
- an: ASCII or GBK, left aligned, padded with 00.
- A name of more than 30 bytes goes on in the name extension (tag 4E).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

NAME_LENGTH = 30
NAME_EXTENSION_LENGTH = 20

GbkName = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LENGTH + NAME_EXTENSION_LENGTH)]


def cn(digits: str, length: int) -> bytes:
    """Digits as BCD of that many bytes.

    Raises:
        ValueError: they do not fit.
    """
    padded = digits.ljust(length * 2, "F")
    if len(padded) != length * 2:
        raise ValueError(f"{len(digits)} digits do not fit {length} bytes")
    return bytes.fromhex(padded)


def an(text: str, length: int) -> bytes:
    """Text as ASCII or GBK of that many bytes.

    Raises:
        ValueError: it does not fit, or GBK lacks a character.
    """
    encoded = text.encode("gbk")
    if len(encoded) > length:
        raise ValueError(f"{len(encoded)} bytes do not fit {length}")
    return encoded.ljust(length, b"\x00")


def cn_date(day: date) -> bytes:
    """A day as four BCD bytes YYYYMMDD."""
    return cn(day.strftime("%Y%m%d"), 4)


def name_fits(name: str) -> bool:
    """Whether GBK has every character and the name fits both fields."""
    try:
        return len(name.encode("gbk")) <= NAME_LENGTH + NAME_EXTENSION_LENGTH
    except UnicodeEncodeError:
        return False


def split_name(name: str) -> tuple[bytes, bytes]:
    """The name field (30 bytes) and its extension (20), no character cut in two."""
    head = ""
    for character in name:
        if len((head + character).encode("gbk")) > NAME_LENGTH:
            break
        head += character
    return an(head, NAME_LENGTH), an(name[len(head) :], NAME_EXTENSION_LENGTH)
