"""The folder a terminal lives in: who it is, its PSAM, its journal, what the platform told it last.

Rules: one program at a time (a lock that ends with the program, however that ends). The PSAM is in
its file before it answers, so that no restart gives a transaction number twice. `terminal.json` is
written last at enrolment: without it nothing in the folder was ever used. All files hold keys or
tokens: mode 0600. After a kill at any moment the folder is that of the same terminal:

- between PSAM and journal a number was drawn and is never used; nothing had moved;
- between journal and card, or card and journal, the journal knows the card was asked: GET
  TRANSACTION PROVE tells at its next visit whether it paid.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from testbed.faults import Fault
from virtual_cards.personalisation import (
    ImageIsFaulty,
    StoredCard,
    load_psam,
    load_stored_psam,
    store_card,
)
from virtual_cards.readers import InProcessReader
from virtual_cards.terminals import Journal, SecurityModule, TerminalParameters
from virtual_cards.terminals.messages import EnrolledTerminal
from virtual_cards.terminals.parameters import RevocationList

_IDENTITY: Final = "terminal.json"
_PSAM: Final = "psam.json"
_JOURNAL: Final = "journal"
_HEARD: Final = "parameters.json"
_LIST: Final = "revocation_list.json"
_BILL: Final = "bill"
_LOCK: Final = "lock"
T = TypeVar("T", bound=msgspec.Struct)


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who a terminal is; `url` is where its platform was last. A function desk stands `at` an
    entrance or a library, for a merged scheme: its id, name, and number by which chips know it.
    """

    kind: str
    operator: str
    site: str
    url: str
    terminal_number: str
    token: str
    public_key: str
    station: str | None = None
    bus_line: str | None = None
    at: str | None = None
    scheme: str | None = None
    scheme_name: str | None = None
    number_on_card: str | None = None


class Heard(msgspec.Struct, frozen=True):
    """What the platform told last: parameters with the revocation list, and its clock."""

    parameters: TerminalParameters
    ahead_s: float = 0.0

    @property
    def ahead(self) -> timedelta:
        """How far the platform's clock is ahead of the machine's."""
        return timedelta(seconds=self.ahead_s)


def identity_in(folder: Path) -> Identity | None:
    """Who lives in a folder, without going in; None where nobody does that can be known."""
    try:
        return msgspec.json.decode((folder / _IDENTITY).read_bytes(), type=Identity)
    except (OSError, msgspec.MsgspecError):
        return None


class Premises:
    """An open folder; close it."""

    def __init__(self, folder: Path) -> None:
        """Open or make it. Raises `Fault` when it cannot be, or another program is in it."""
        self.folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as fault:
            raise _cannot_use(folder, fault) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise Fault(
                f"{folder} 的终端正在运行：请先结束它，或用 --state 另选目录。",
                f"the terminal of {folder} runs already: end it, or name another folder with "
                "--state.",
            ) from None
        try:
            self.journal = Journal(path=folder / _JOURNAL)
            self.public_key = self.journal.key.public.hex().upper()
            self._list_kept: tuple[int, str] | None = None
        except (OSError, sqlite3.Error) as fault:
            os.close(self._lock)
            raise _is_damaged(folder / _JOURNAL, fault) from None

    def close(self) -> None:
        """Close the journal and let the folder go."""
        self.journal.close()
        os.close(self._lock)

    def identity(self) -> Identity | None:
        """Who lives here; None in a new folder. Raises `Fault`."""
        identity = self._read(_IDENTITY, Identity)
        if identity is not None and identity.public_key != self.public_key:
            raise Fault(
                f"{self.folder / _JOURNAL} 不是本终端入网时的日志：请放回原日志，"
                "或用 --state 另选目录。",
                f"{self.folder / _JOURNAL} is not the journal this terminal was enrolled with: "
                "put that one back, or name another folder with --state.",
            )
        return identity

    def settle_in(self, identity: Identity, enrolled: EnrolledTerminal) -> None:
        """Become that terminal. Raises `Fault`."""
        path = self.folder / _PSAM
        try:
            store_card(load_psam(enrolled.psam_image), path)
        except (OSError, ImageIsFaulty) as fault:
            raise _is_damaged(path, fault) from None
        self.keep_identity(identity)

    def move_out(self) -> None:
        """Leave nothing of a terminal that never was one."""
        self.journal.close()
        for name in (_JOURNAL, _LOCK):
            (self.folder / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not empty: something of somebody else's
            self.folder.rmdir()

    def keep_identity(self, identity: Identity) -> None:
        """Write down who lives here. Raises `Fault`."""
        self._write(_IDENTITY, msgspec.json.encode(identity))

    def security_module(self) -> SecurityModule:
        """The PSAM in its slot. Raises `Fault`."""
        path = self.folder / _PSAM
        try:
            psam = load_stored_psam(path)
        except (OSError, ImageIsFaulty) as fault:
            raise _is_damaged(path, fault) from None
        return SecurityModule(InProcessReader("PSAM", StoredCard(psam, path)))

    def heard(self) -> Heard | None:
        """What the platform told last. Raises `Fault`."""
        heard, listed = self._read(_HEARD, Heard), self._read(_LIST, RevocationList)
        if heard is None:
            return None
        told = heard.parameters.revocation_list
        if listed is None:  # written by a version that kept both in one file, or lost
            return heard if not told.digest else None
        if listed.version == told.version:  # else it came just before a kill, with its own moment
            listed = msgspec.structs.replace(listed, issued_at=told.issued_at)
        return _with_list(heard, listed)

    def keep_heard(self, heard: Heard) -> None:
        """Write down what the platform told; the revocation list, which may be long, only when it
        is another. Raises `Fault`.
        """
        listed = heard.parameters.revocation_list
        if (listed.version, listed.digest) != self._list_kept:
            self._write(_LIST, msgspec.json.encode(listed))
            self._list_kept = (listed.version, listed.digest)
        bare = msgspec.structs.replace(listed, application_serials=())
        self._write(_HEARD, msgspec.json.encode(_with_list(heard, bare)))

    def open_bill(self) -> str:
        """The number of the bill to be paid: the same until `close_bill`. Raises `Fault`."""
        try:
            return str(int((self.folder / _BILL).read_text(encoding="ascii")))
        except FileNotFoundError:
            return "1"
        except (OSError, ValueError) as fault:
            raise _is_damaged(self.folder / _BILL, fault) from None

    def close_bill(self) -> None:
        """The open bill is paid; the next is another one. Raises `Fault`."""
        self._write(_BILL, str(int(self.open_bill()) + 1).encode())

    def _read(self, name: str, kind: type[T]) -> T | None:
        path = self.folder / name
        try:
            return msgspec.json.decode(path.read_bytes(), type=kind)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as fault:
            raise _is_damaged(path, fault) from None

    def _write(self, name: str, content: bytes) -> None:
        """Replace a file whole."""
        path = self.folder / name
        fresh = path.with_name(f".{name}.fresh")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError as fault:
            raise _cannot_use(path, fault) from None


def _with_list(heard: Heard, listed: RevocationList) -> Heard:
    parameters = msgspec.structs.replace(heard.parameters, revocation_list=listed)
    return msgspec.structs.replace(heard, parameters=parameters)


def _cannot_use(path: Path, fault: OSError) -> Fault:
    return Fault(
        f"无法写入 {path}（{fault.strerror}）：请用 --state 另选目录。",
        f"{path} cannot be written ({fault.strerror}): name another folder with --state.",
    )


def _is_damaged(path: Path, fault: Exception) -> Fault:
    return Fault(
        f"{path} 无法使用（{fault}）：请恢复该文件，或用 --state 另选目录，入网为新终端。",
        f"{path} cannot be used ({fault}): restore it, or name another folder with --state and "
        "become another terminal.",
    )
