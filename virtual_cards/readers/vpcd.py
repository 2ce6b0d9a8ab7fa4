"""One slot of a virtual PC/SC reader: the card's side of the vpcd protocol.

The protocol (vsmartcard, virtualsmartcard/src/vpcd): each message is a 2-byte big-endian length
and that many bytes. One byte is a line event: 00 power off, 01 power on, 02 reset, 04 get ATR
(the only one answered, and pcscd's presence poll, about every 0.4 s). Anything longer is a
command APDU, answered by a response APDU. Closing the connection is taking the card out.

TCP_QUICKACK is set before every receive: vpcd sends length and body in two writes, and with delayed
acknowledgements a card answers 20 commands a second instead of 12,000.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Protocol

MESSAGE_BYTES_MAX = 65_535
_POWER_OFF, _POWER_ON, _RESET, _GET_ATR = 0x00, 0x01, 0x02, 0x04
_LENGTH = struct.Struct(">H")


class CardInSlot(Protocol):
    """What a slot needs of a card."""

    @property
    def atr(self) -> bytes:
        """Answer to reset (ISO/IEC 7816-3, 8.2)."""

    def reset(self) -> bytes:
        """Reset the card: volatile state is gone; the ATR is answered."""

    def transmit(self, command: bytes) -> bytes:
        """Response APDU to a command APDU."""


class VpcdSlot:
    """A slot that a card can be put into and taken out of while pcscd runs."""

    def __init__(self, connect: Callable[[], socket.socket], name: str) -> None:
        """`connect` opens a connection to this slot's port of the driver.

        `name` is pcscd's name for it.
        """
        self.name = name
        self._connect = connect
        self._line: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._card: CardInSlot | None = None

    @property
    def card(self) -> CardInSlot | None:
        """The card in the slot, or None."""
        return self._card

    def insert(self, card: CardInSlot) -> None:
        """Put a card in.

        Pcscd sees it at its next poll. Raises RuntimeError when one is in already.
        """
        if self._card is not None:
            raise RuntimeError(f"{self.name} already holds a card")
        self._line = self._connect()
        self._card = card
        self._thread = threading.Thread(
            target=self._serve, args=(self._line, card), name=f"card in {self.name}", daemon=True
        )
        self._thread.start()

    def remove(self) -> CardInSlot | None:
        """Take the card out, at once, whatever it is doing.

        The card, or None when the slot was empty.
        """
        card, line, thread = self._card, self._line, self._thread
        self._card = self._line = self._thread = None
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        if thread is not None:
            thread.join(timeout=2.0)
        if line is not None:
            line.close()
        return card

    def _serve(self, line: socket.socket, card: CardInSlot) -> None:
        try:
            while (message := _receive(line)) is not None:
                if len(message) > 1:
                    _send(line, card.transmit(message))
                elif message[0] == _GET_ATR:
                    _send(line, card.atr)
                elif message[0] in {_POWER_ON, _RESET, _POWER_OFF}:
                    card.reset()
        except (ConnectionError, OSError):
            return  # the reader went away: a card has nobody to tell


def _receive(line: socket.socket) -> bytes | None:
    header = _receive_exactly(line, _LENGTH.size)
    if header is None:
        return None
    (length,) = _LENGTH.unpack(header)
    return _receive_exactly(line, length) if length else None


def _receive_exactly(line: socket.socket, length: int) -> bytes | None:
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    data = line.recv(length)
    while data and len(data) < length:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        more = line.recv(length - len(data))
        if not more:
            return None
        data += more
    return data or None


def _send(line: socket.socket, message: bytes) -> None:
    line.sendall(_LENGTH.pack(len(message)) + message)
