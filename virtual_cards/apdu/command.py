"""A short command APDU, cases 1 to 4 (ISO/IEC 7816-3, 12.1).

Rules: CLA INS P1 P2, then nothing (case 1), Le (2), Lc and data (3), or Lc, data and Le (4). Le 00
asks for 256 bytes. Extended length is refused with 6700: the cards of LD/T 32 and JT/T 978 are T=0
cards and do not have it.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused

HEADER_LENGTH: Final = 4
DATA_LENGTH_MAX: Final = 255
LE_MAX: Final = 256


class CommandApdu(NamedTuple):
    """A command; `le` is the number of bytes asked for (1 to 256), None when absent."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Split the bytes of a command. Raises `Refused` 6700 for bytes that are no short APDU."""
        length = len(raw)
        if length < HEADER_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        cla, ins, p1, p2 = raw[:HEADER_LENGTH]
        if length == HEADER_LENGTH:
            return cls(cla, ins, p1, p2)
        third = raw[HEADER_LENGTH]
        if length == HEADER_LENGTH + 1:
            return cls(cla, ins, p1, p2, b"", third or LE_MAX)
        end = HEADER_LENGTH + 1 + third
        if third and length == end:
            return cls(cla, ins, p1, p2, bytes(raw[5:]))
        if third and length == end + 1:
            return cls(cla, ins, p1, p2, bytes(raw[5:end]), raw[end] or LE_MAX)
        raise Refused(sw.WRONG_LENGTH)

    def to_bytes(self) -> bytes:
        """The bytes of the command.

        Raises `ValueError` when the data or Le do not fit a short APDU.
        """
        if len(self.data) > DATA_LENGTH_MAX:
            raise ValueError(f"at most 255 data bytes fit, these are {len(self.data)}")
        if self.le is not None and not 1 <= self.le <= LE_MAX:
            raise ValueError(f"Le is 1 to 256, this is {self.le}")
        body = bytes([len(self.data)]) + self.data if self.data else b""
        trailer = b"" if self.le is None else bytes([self.le & 0xFF])
        return self.header + body + trailer

    @property
    def header(self) -> bytes:
        """CLA INS P1 P2."""
        return bytes((self.cla, self.ins, self.p1, self.p2))
