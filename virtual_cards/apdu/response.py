"""A response APDU, and the refusal that stands for one (ISO/IEC 7816-4, 5.1).

Rules: a card refuses by a status word. Inside the card the refusal travels as the exception
`Refused`; the card's dispatch, and nothing else, turns it into the two bytes.
"""

from __future__ import annotations

from typing import NamedTuple, Self

from virtual_cards.apdu.status_words import SUCCESS

TRAILER_LENGTH = 2


class Response(NamedTuple):
    """Data and status word."""

    data: bytes = b""
    status: int = SUCCESS

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Split the bytes of a card's answer.

        Raises `ValueError` when there are fewer than the two bytes of the status word.
        """
        if len(raw) < TRAILER_LENGTH:
            raise ValueError(f"a response has at least 2 bytes, this has {len(raw)}")
        return cls(raw[:-2], int.from_bytes(raw[-2:], "big"))

    def to_bytes(self) -> bytes:
        """Data followed by SW1 SW2."""
        return self.data + self.status.to_bytes(2, "big")


class Refused(Exception):
    """The card refuses the command with this status word."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status
