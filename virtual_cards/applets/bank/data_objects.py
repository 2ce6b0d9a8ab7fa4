"""Data object lists: which data, and how long, one side sends to the other (EMV book 3, 5.4).

Rule: a list is tags and lengths; the data are the values in that order, nothing between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

_MORE_TAG_BYTES: Final = 0x1F
_FOLLOWS: Final = 0x80


class Element(NamedTuple):
    """One entry: tag and length of its value in bytes."""

    tag: int
    length: int


def elements(data_object_list: bytes) -> tuple[Element, ...]:
    """The entries of a list; bytes at its end that are no whole entry are left out."""
    found = []
    position = 0
    while position < len(data_object_list):
        end = position + 1
        if data_object_list[position] & _MORE_TAG_BYTES == _MORE_TAG_BYTES:
            while end < len(data_object_list) and data_object_list[end] & _FOLLOWS:
                end += 1
            end += 1
        if end >= len(data_object_list):
            break
        tag = int.from_bytes(data_object_list[position:end], "big")
        found.append(Element(tag, data_object_list[end]))
        position = end + 1
    return tuple(found)


def length_of(data_object_list: bytes) -> int:
    """How many bytes the list asks for."""
    return sum(element.length for element in elements(data_object_list))


def values_of(data_object_list: bytes, data: bytes) -> dict[int, bytes]:
    """The values by tag; as far as the data reach."""
    values = {}
    position = 0
    for tag, length in elements(data_object_list):
        values[tag] = data[position : position + length]
        position += length
    return values


def joined(data_object_list: bytes, values: Mapping[int, bytes]) -> bytes:
    """The bytes the list asks for; what is not known is 00."""
    return b"".join(
        values.get(tag, b"")[:length].ljust(length, b"\0")
        for tag, length in elements(data_object_list)
    )
