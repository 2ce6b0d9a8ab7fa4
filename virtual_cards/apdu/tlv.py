"""BER-TLV (ISO/IEC 8825-1; ISO/IEC 7816-4, 5.2.2): data objects of FCIs and records.

Rules: tags of one to three bytes, lengths of one to three bytes; anything else is faulty, never
guessed at.
"""

from __future__ import annotations

from typing import Final, NamedTuple

TAG_LENGTH_MAX: Final = 3
LENGTH_BYTES_MAX: Final = 2
_SHORT_FORM_MAX: Final = 0x7F
_LONG_FORM: Final = 0x80
_MORE_TAG_BYTES: Final = 0x1F
_CONSTRUCTED: Final = 0x20


class TlvIsFaulty(ValueError):
    """The bytes are no BER-TLV; the message says where."""


class Tlv(NamedTuple):
    """One data object; `tag` as an integer, such as 0x9F0C."""

    tag: int
    value: bytes

    @property
    def is_constructed(self) -> bool:
        """Whether the value holds data objects itself (bit 6 of the first tag byte)."""
        first = self.tag.to_bytes((self.tag.bit_length() + 7) // 8 or 1, "big")[0]
        return bool(first & _CONSTRUCTED)


def encode(tag: int, value: bytes) -> bytes:
    """Tag, length, value. Raises `ValueError` for a value of 65,536 bytes or more."""
    tag_bytes = tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")
    length = len(value)
    if length <= _SHORT_FORM_MAX:
        return tag_bytes + bytes([length]) + value
    size = (length.bit_length() + 7) // 8
    if size > LENGTH_BYTES_MAX:
        raise ValueError(f"a value of {length} bytes is too long")
    return tag_bytes + bytes([_LONG_FORM | size]) + length.to_bytes(size, "big") + value


def decode(raw: bytes) -> tuple[Tlv, ...]:
    """The data objects standing side by side in `raw`. Raises `TlvIsFaulty`."""
    objects = []
    position = 0
    while position < len(raw):
        tag, position = _tag(raw, position)
        length, position = _length(raw, position)
        if position + length > len(raw):
            raise TlvIsFaulty(f"tag {tag:X} wants {length} bytes, {len(raw) - position} are left")
        objects.append(Tlv(tag, raw[position : position + length]))
        position += length
    return tuple(objects)


def find(raw: bytes, *path: int) -> bytes | None:
    """The value at a path of tags, as `find(fci, 0x6F, 0xA5, 0x9F0C)`; None when absent."""
    value = raw
    for tag in path:
        for found in decode(value):
            if found.tag == tag:
                value = found.value
                break
        else:
            return None
    return value


def _tag(raw: bytes, position: int) -> tuple[int, int]:
    start = position
    first = raw[position]
    position += 1
    if first & _MORE_TAG_BYTES == _MORE_TAG_BYTES:
        while True:
            if position >= len(raw) or position - start >= TAG_LENGTH_MAX:
                raise TlvIsFaulty(f"the tag at {start} does not end")
            position += 1
            if not raw[position - 1] & _LONG_FORM:
                break
    return int.from_bytes(raw[start:position], "big"), position


def _length(raw: bytes, position: int) -> tuple[int, int]:
    if position >= len(raw):
        raise TlvIsFaulty(f"the length at {position} is missing")
    first = raw[position]
    position += 1
    if first <= _SHORT_FORM_MAX:
        return first, position
    size = first & _SHORT_FORM_MAX
    if not 1 <= size <= LENGTH_BYTES_MAX or position + size > len(raw):
        raise TlvIsFaulty(f"the length at {position - 1} is wrong")
    return int.from_bytes(raw[position : position + size], "big"), position + size
