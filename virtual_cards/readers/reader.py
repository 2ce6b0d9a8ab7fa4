"""What a reader is: it powers a card, passes bytes, says when no card is there (PC/SC part 3)."""

from __future__ import annotations

from typing import Protocol


class CardIsAbsent(Exception):
    """No card is in the reader, or it was taken out in the middle of an exchange."""

    def __init__(self, reader: str) -> None:
        super().__init__(f"no card in reader {reader}")
        self.reader = reader


class CardIsTorn(Exception):
    """The card lost its power in the middle of an exchange; `heard` is what it had answered."""

    def __init__(self, heard: bytes = b"") -> None:
        super().__init__(f"torn after {len(heard)} bytes of the answer")
        self.heard = heard


class Reader(Protocol):
    """A reader of one card."""

    @property
    def name(self) -> str:
        """The name of the reader, as PC/SC lists it."""
        ...

    def connect(self) -> bytes:
        """Power the card and return its ATR. Raises `CardIsAbsent`."""
        ...

    def transmit(self, command: bytes) -> bytes:
        """Pass a command APDU; the response with its status word. Raises `CardIsAbsent`."""
        ...

    def disconnect(self) -> None:
        """Take the power away; without a card nothing happens."""
        ...
