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
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from virtual_cards.readers.reader import CardIsTorn

MESSAGE_BYTES_MAX = 65_535
_POWER_OFF, _POWER_ON, _RESET, _GET_ATR = 0x00, 0x01, 0x02, 0x04
_LENGTH = struct.Struct(">H")
_END_S_MAX = 2.0
_SEEN_LEAVING_S_MAX = 2.0
_LOOK_S = 0.005
_PCSCD_LOOKS_S = 0.5  # every 0.4 s, measured, and some room
_WAITING_FOR_PEER = {4, 5}  # FIN_WAIT1, FIN_WAIT2 (linux/tcp_states.h)


class CardInSlot(Protocol):
    """What a slot needs of a card."""

    @property
    def atr(self) -> bytes:
        """Answer to reset (ISO/IEC 7816-3, 8.2)."""

    def reset(self) -> bytes:
        """Power the card, or reset it: volatile state is gone; the ATR is answered.

        An empty answer is a mute card: its other face is powered.
        """

    def power_off(self) -> None:
        """Take the power away: volatile state is gone, the other face may be powered."""

    def transmit(self, command: bytes) -> bytes:
        """Response APDU to a command APDU."""


class VpcdSlot:
    """A slot that a card can be put into and taken out of while pcscd runs.

    pcscd looks whether a card is there every 0.4 s. A card exchanged between two looks confuses it
    (after a failed reset it waits for a card that is in already), so a card goes in only after
    pcscd has seen the one before leave, as with human hands.
    """

    def __init__(self, connect: Callable[[], socket.socket], name: str) -> None:
        """`connect` opens a line to this slot's port of the driver.

        `name` is pcscd's name for it.
        """
        self.name = name
        self._connect = connect
        self._stay: _Stay | None = None
        self._leaving: _Leaving | None = None

    @property
    def card(self) -> CardInSlot | None:
        """The card in the slot, or None."""
        return self._stay.card if self._stay else None

    def insert(self, card: CardInSlot) -> None:
        """Put a card in; pcscd sees it at its next look.

        Raises RuntimeError when one is in already.
        """
        if self._stay is not None:
            raise RuntimeError(f"{self.name} already holds a card")
        self._wait_until_seen_leaving()
        self._stay = _Stay(card, self._connect(), self.name)

    def remove(self) -> CardInSlot | None:
        """Take the card out at once, whatever it is doing.

        The card is returned, or None when the slot was empty.
        """
        stay, self._stay = self._stay, None
        if stay is None:
            return None
        self._leaving = stay.end()
        return stay.card

    def close(self) -> None:
        """Take the card out for good."""
        self.remove()
        if self._leaving is not None:
            self._leaving.line.close()
            self._leaving = None

    def _wait_until_seen_leaving(self) -> None:
        leaving, self._leaving = self._leaving, None
        if leaving is None:
            return
        deadline = leaving.at + _SEEN_LEAVING_S_MAX
        while _peer_is_there(leaving.line) and time.monotonic() < deadline:
            time.sleep(_LOOK_S)
        leaving.line.close()
        if leaving.in_exchange:
            # the driver hung up because no answer came; pcscd itself finds out at its next look
            time.sleep(max(0.0, leaving.at + _PCSCD_LOOKS_S - time.monotonic()))


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A card that was taken out: its line, when, and whether it owed an answer."""

    line: socket.socket
    at: float
    in_exchange: bool


class _Stay:
    """One card's time in a slot."""

    def __init__(self, card: CardInSlot, line: socket.socket, slot: str) -> None:
        self.card = card
        self._line = line
        self._in_exchange = False
        self._torn_at = 0.0
        self._thread = threading.Thread(target=self._serve, name=f"card in {slot}", daemon=True)
        self._thread.start()

    def end(self) -> _Leaving:
        """Say no more, and wait for the card's last word; the line stays until pcscd hangs up."""
        left = self._torn_at or time.monotonic()
        in_exchange = self._in_exchange
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=_END_S_MAX)
        return _Leaving(self._line, left, in_exchange)

    def _serve(self) -> None:
        # OSError: the reader went away, and a card has nobody to tell
        with contextlib.suppress(OSError):
            try:
                self._answer_messages()
            except CardIsTorn:
                self._torn_at = time.monotonic()
            self._line.shutdown(socket.SHUT_RDWR)

    def _answer_messages(self) -> None:
        """Answer until the line is cut. Raises `CardIsTorn`."""
        card, line = self.card, self._line
        while (message := _receive(line)) is not None:
            if len(message) > 1:
                self._in_exchange = True
                _send(line, card.transmit(message))
                self._in_exchange = False
            elif message[0] == _GET_ATR:
                atr = card.atr
                if not atr:  # mute; an answer of no bytes would hang the driver (vpcd 3.3)
                    return
                _send(line, atr)
            elif message[0] == _POWER_OFF:
                card.power_off()
            elif message[0] in {_POWER_ON, _RESET}:
                card.reset()


def _peer_is_there(line: socket.socket) -> bool:
    """Whether the other end has not hung up yet, asked of a line that is shut down at this end."""
    state = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    return state in _WAITING_FOR_PEER


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
