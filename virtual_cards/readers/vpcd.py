"""One slot of a virtual PC/SC reader: the card's side of the vpcd protocol.

The protocol (vsmartcard, virtualsmartcard/src/vpcd): each message is a 2-byte big-endian length
and that many bytes. One byte is a line event: 00 power off, 01 power on, 02 reset, 04 get ATR
(the only one answered, and pcscd's presence poll, about every 0.4 s). Anything longer is a
command APDU, answered by a response APDU. Closing the connection is taking the card out.

A mute card (its other face is powered) cannot say so: an answer of no bytes hangs vpcd 3.3. So its
slot hangs up, which is no card to pcscd, watches for the other face to be released, and comes back.

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

from virtual_cards.readers.pcscd import ReadersAreUnavailable
from virtual_cards.readers.reader import CardIsTorn

MESSAGE_BYTES_MAX = 65_535
_POWER_OFF, _POWER_ON, _RESET, _GET_ATR = 0x00, 0x01, 0x02, 0x04
_LENGTH = struct.Struct(">H")
_END_S_MAX = 3.0
_SEEN_LEAVING_S_MAX = 2.0
_LOOK_S = 0.005
_RELEASE_LOOK_S = 0.02
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
        if self._leaving is not None:
            self._leaving.wait_until_seen()
            self._leaving = None
        self._stay = _Stay(card, self._connect, self.name)

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


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A card that was taken out: its line, when, and whether it owed an answer."""

    line: socket.socket
    at: float
    in_exchange: bool

    def wait_until_seen(self) -> None:
        """Return when pcscd knows that the card is gone; the line is closed then."""
        deadline = self.at + _SEEN_LEAVING_S_MAX
        while _peer_is_there(self.line) and time.monotonic() < deadline:
            time.sleep(_LOOK_S)
        self.line.close()
        if self.in_exchange:
            # the driver hung up because no answer came; pcscd itself finds out at its next look
            time.sleep(max(0.0, self.at + _PCSCD_LOOKS_S - time.monotonic()))


class _CardIsMute(Exception):
    """The card has nothing to say: its other face is powered."""


class _Stay:
    """One card's time in a slot, over one line to the driver after another when it was mute."""

    def __init__(self, card: CardInSlot, connect: Callable[[], socket.socket], slot: str) -> None:
        self.card = card
        self._connect = connect
        self._line: socket.socket | None = connect()
        self._line_lock = threading.Lock()
        self._in_exchange = False
        self._torn_at = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name=f"card in {slot}", daemon=True)
        self._thread.start()

    def end(self) -> _Leaving | None:
        """Say no more, and wait for the card's last word; the line stays until pcscd hangs up.

        None when pcscd has seen the card leave already.
        """
        left = self._torn_at or time.monotonic()
        in_exchange = self._in_exchange
        self._ended.set()
        with self._line_lock:
            _shut(self._line)
        self._thread.join(timeout=_END_S_MAX)
        return None if self._line is None else _Leaving(self._line, left, in_exchange)

    def _serve(self) -> None:
        while self._line is not None:
            is_mute = False
            # OSError: the reader went away, and a card has nobody to tell
            with contextlib.suppress(OSError):
                try:
                    self._answer_messages(self._line)
                except CardIsTorn:
                    self._torn_at = time.monotonic()
                except _CardIsMute:
                    is_mute = True
            _shut(self._line)
            self.card.power_off()  # out of the slot there is none, and the other face may be used
            if not is_mute or not self._come_back(self._line):
                return

    def _come_back(self, line: socket.socket) -> bool:
        """Be no card to pcscd until the other face is released; False when the stay ends first."""
        _Leaving(line, time.monotonic(), self._in_exchange).wait_until_seen()
        self._in_exchange = False
        self._line = None
        while not self.card.atr:
            if self._ended.wait(_RELEASE_LOOK_S):
                return False
        with self._line_lock:
            if self._ended.is_set():
                return False
            with contextlib.suppress(OSError, RuntimeError, ReadersAreUnavailable):
                self._line = self._connect()
        return self._line is not None

    def _answer_messages(self, line: socket.socket) -> None:
        """Answer until the line is cut. Raises `CardIsTorn`, `_CardIsMute`."""
        card = self.card
        while (message := _receive(line)) is not None:
            if len(message) > 1:
                self._in_exchange = True
                _send(line, _spoken(card.transmit(message)))
                self._in_exchange = False
            elif message[0] == _GET_ATR:
                _send(line, _spoken(card.atr))
            elif message[0] == _POWER_OFF:
                card.power_off()
            elif message[0] in {_POWER_ON, _RESET}:
                card.reset()


def _spoken(answer: bytes) -> bytes:
    """The answer, when there is one. Raises `_CardIsMute`."""
    if not answer:
        raise _CardIsMute
    return answer


def _shut(line: socket.socket | None) -> None:
    if line is not None:
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def _peer_is_there(line: socket.socket) -> bool:
    """Whether the other end has not hung up yet, asked of a line that is shut down at this end."""
    try:
        state = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    except OSError:  # closed at this end too
        return False
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
