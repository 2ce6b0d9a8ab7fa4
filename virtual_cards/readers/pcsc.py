"""A reader reached through PC/SC, as real card software reaches it (PC/SC part 5, pcsc-lite's
winscard).

pcsc-lite reads the variable PCSCLITE_CSOCK_NAME once a process and keeps it. So this process names
a link of its own there and points it at the right pcscd before each context is made; a context
keeps its connection, and one process can use several services at once. It also keeps what it last
heard of readers in one place for all contexts: whoever asks for that must have the library alone
(`_pcsc_lite_lock`), so cards are waited for by looking, not by a call that blocks.

pyscard is imported when the first reader is opened, not before: it is an optional part that must
be built on the machine, and everything else works without it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from virtual_cards.readers.pcscd import SYSTEM_SOCKET
from virtual_cards.readers.reader import CardIsAbsent

CONNECT_S_MAX = 5.0
_LOOK_S = 0.01
_SETTLES_S = 0.2
"""Longest wait for an arrival to be counted, where counting began with a card in the reader."""
_EVENTS_SHIFT = 16  # pcsc-lite counts arrivals and departures above the bits of the state

_SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
_socket_of_this_shell = Path(os.environ.get(_SOCKET_VARIABLE) or SYSTEM_SOCKET)
_pcsc_lite_lock = threading.Lock()
_link_folder: list[Path] = []


def _nothing() -> None:
    """There is no context to release."""


class PcscError(Exception):
    """A PC/SC call failed; the message is that of pcsc-lite."""


def is_available() -> bool:
    """Whether pyscard is installed."""
    return find_spec("smartcard") is not None


class PcscReader:
    """A terminal's hold on one PC/SC reader: a context it keeps, and a card at a time.

    A pcscd that was started anew is found again at the next card.
    """

    def __init__(self, name: str, pcscd_socket: Path | None = None) -> None:
        """`pcscd_socket` is the service's (`PcscService.socket_path`); without it, this shell's."""
        from smartcard import scard  # noqa: PLC0415

        self.name = name
        self._pcscd_socket = pcscd_socket
        self._scard: Any = scard
        self._context: Any = None
        self._release: Callable[[], object] = _nothing
        self._card: Any = None
        self._protocol = 0
        self._is_untouched = False
        self._arrived_at = 1
        self._service_is_gone = {
            scard.SCARD_E_NO_SERVICE,
            scard.SCARD_E_SERVICE_STOPPED,
            scard.SCARD_E_INVALID_HANDLE,
            scard.SCARD_F_COMM_ERROR,
        }
        self._gone = {
            scard.SCARD_E_NO_SMARTCARD,
            scard.SCARD_W_REMOVED_CARD,
            scard.SCARD_E_NOT_TRANSACTED,
            scard.SCARD_W_UNPOWERED_CARD,
            scard.SCARD_W_UNRESPONSIVE_CARD,
        }
        # pcscd tells no protocol of a card it has not finished to power after another one left.
        self._passing = self._gone | {scard.SCARD_E_PROTO_MISMATCH}

    def connect(self) -> bytes:
        """Wait for a card that answers (at most `CONNECT_S_MAX` seconds), connect.

        Its ATR. Raises `CardIsAbsent`.
        """
        scard = self._scard
        self.disconnect()
        self._open_context()
        deadline = time.monotonic() + CONNECT_S_MAX
        while True:
            self._wait_for_card(deadline)
            code, card, self._protocol = scard.SCardConnect(
                self._context,
                self.name,
                scard.SCARD_SHARE_SHARED,
                scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
            )
            # A card that has just left, or is mute, is told as present until pcscd looks again.
            if code not in self._passing or time.monotonic() > deadline:
                break
            time.sleep(_LOOK_S)
        self._require(code)
        self._card = card  # only now: without success it is no handle, and cannot be let go
        self._is_untouched = True
        # Asked of the connection: what pcscd told of the reader may be of the card before.
        with _pcsc_lite_lock:
            code, _, _, _, atr = scard.SCardStatus(card)
        self._require(code)
        return bytes(atr)

    def card_in_reader(self) -> int | None:
        """The number pcscd gives to the arrival of the card in the reader, another one for each
        arrival; None without a card, or while its other face is powered. Waits for nothing.

        Raises `PcscError`, also when no pcscd answers or the reader is gone.
        """
        scard = self._scard
        self._open_context()
        code, states = self._look()
        self._require(code)
        _, state, _ = states[0]
        if state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
            raise PcscError(f"{self.name}: the reader is gone")
        if not state & scard.SCARD_STATE_PRESENT or state & scard.SCARD_STATE_MUTE:
            return None
        return int(state >> _EVENTS_SHIFT)

    def transmit(self, command: bytes) -> bytes:
        """The card's response to a command APDU.

        Raises `CardIsAbsent` when the card was taken out.
        """
        scard = self._scard
        if self._card is None:
            raise CardIsAbsent(self.name)
        code, response = scard.SCardTransmit(self._card, self._protocol, list(command))
        if code == scard.SCARD_E_PROTO_MISMATCH and self._is_untouched:
            # pcscd powered the card anew after the connection: the command has not reached it.
            self.connect()
            code, response = scard.SCardTransmit(self._card, self._protocol, list(command))
        self._is_untouched = False
        self._require(code)
        if not response:  # the card left before it answered, and pcscd has not noticed yet
            raise CardIsAbsent(self.name)
        return bytes(response)

    def disconnect(self) -> None:
        """Let go of the card, which loses its power, so that its other face may be used."""
        scard = self._scard
        if self._card is not None:
            scard.SCardDisconnect(self._card, scard.SCARD_UNPOWER_CARD)
            self._card = None

    def close(self) -> None:
        """Let go of the card and of pcscd; a reader nobody holds any more does so by itself."""
        self.disconnect()
        self._release()
        self._release, self._context = _nothing, None

    def _open_context(self) -> None:
        """Have a context. Raises `PcscError`."""
        scard = self._scard
        if self._context is not None:
            return
        code, context = _establish_context(scard, self._pcscd_socket)
        self._require(code)
        self._context = context
        self._release = weakref.finalize(self, scard.SCardReleaseContext, context)

    def _look(self) -> tuple[int, Any]:
        """What pcscd knows of the reader now."""
        scard = self._scard
        with _pcsc_lite_lock:
            code, states = scard.SCardGetStatusChange(
                self._context, 0, [(self.name, scard.SCARD_STATE_UNAWARE)]
            )
        return code, states

    def _wait_for_card(self, deadline: float) -> None:
        """Return as soon as there is a card in the reader. Raises `CardIsAbsent`.

        pcscd tells of a card first, then notes that it has power, then counts the arrival. Who
        connects between the first two has the power taken away again half a second later, in the
        middle of whatever they do (pcsc-lite 1.9): so the count is waited for.
        """
        scard = self._scard
        may_be_new = True
        settled_by: float | None = None
        while True:
            code, states = self._look()
            if code in self._service_is_gone and may_be_new:
                # The context is of a pcscd that has ended; there may be another by now.
                self.close()
                self._open_context()
                may_be_new = False
                continue
            self._require(code)
            _, state, _ = states[0]
            now = time.monotonic()
            if state & scard.SCARD_STATE_PRESENT and not state & scard.SCARD_STATE_MUTE:
                events = state >> _EVENTS_SHIFT
                settled_by = settled_by or now + _SETTLES_S
                if self._is_arrival(events) or now > settled_by:
                    self._arrived_at = events
                    return
            if now > deadline:
                raise CardIsAbsent(self.name)
            time.sleep(_LOOK_S)

    def _is_arrival(self, events: int) -> bool:
        """Whether the last event counted is one: they take turns with departures, and are odd where
        pcscd found the reader empty.
        """
        return (events - self._arrived_at) % 2 == 0

    def _require(self, code: int) -> None:
        scard = self._scard
        if code == scard.SCARD_S_SUCCESS:
            return
        message = f"{self.name}: {scard.SCardGetErrorMessage(code)}"
        raise CardIsAbsent(self.name) if code in self._gone else PcscError(message)


def reader_names(pcscd_socket: Path | None = None) -> list[str]:
    """Names of the readers pcscd has now. Raises `PcscError` when no pcscd answers."""
    from smartcard import scard  # noqa: PLC0415

    code, context = _establish_context(scard, pcscd_socket)
    if code != scard.SCARD_S_SUCCESS:
        raise PcscError(str(scard.SCardGetErrorMessage(code)))
    try:
        with _pcsc_lite_lock:
            code, names = scard.SCardListReaders(context, [])
        return list(names) if code == scard.SCARD_S_SUCCESS else []
    finally:
        scard.SCardReleaseContext(context)


def _establish_context(scard: Any, pcscd_socket: Path | None) -> tuple[int, Any]:
    with _pcsc_lite_lock:
        if not _link_folder:
            folder = Path(tempfile.mkdtemp(prefix="onecard-pcsc-client-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            _link_folder.append(folder)
            os.environ[_SOCKET_VARIABLE] = str(folder / "pcscd.comm")
        link = _link_folder[0] / "pcscd.comm"
        fresh = link.with_name("fresh")
        fresh.symlink_to(pcscd_socket or _socket_of_this_shell)
        fresh.replace(link)  # at no moment without a link: other calls look whether it is there
        code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        return code, context
