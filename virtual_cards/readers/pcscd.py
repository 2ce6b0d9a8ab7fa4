"""A pcscd of our own, with as many virtual readers as asked (at most 16), enclosed on this machine.

`PcscService` starts pcscd in an enclosure (see `enclosure.py`), hands out connections to its
slots and ends it without leaving a process, socket or mount. Two places:

- `private`: a directory of its own; clients find it by the variable PCSCLITE_CSOCK_NAME. Nothing
  of the machine is touched, a pcscd that runs already or died badly is not in the way.
- `system`: /run/pcscd, so that every PC/SC program finds the readers without being told. Needs
  root.

Facts (measured, pcsc-lite 1.9.9, vpcd 3.3): a vpcd library has two slots and keeps one state for
both entries that share its path, so each pair of slots gets a copy of the library; pcsc-lite
knows at most 16 readers (PCSCLITE_MAX_READERS_CONTEXTS).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from virtual_cards.readers import enclosure

Place = Literal["private", "system"]

READERS_MAX = 16
SLOTS_PER_DRIVER = 2
READER_NAME = "OneCard Reader"
START_S_MAX = 8.0
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SYSTEM_SOCKET = enclosure.PCSCD_DIRECTORY / "pcscd.comm"
_FIRST_PORT = 0x8C7B  # vpcd's own default; free, because the enclosure has a network of its own


class ReadersAreUnavailable(Exception):
    """Virtual PC/SC readers cannot be had here; `zh` and `en` say why and how to mend it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def driver_path() -> Path | None:
    """The vpcd driver library of this machine, or None when it is not installed."""
    found = sorted(DRIVER.parent.glob(DRIVER.name + "*"))
    return found[0] if found else None


def missing_parts() -> list[str]:
    """Names of the packages without which there are no virtual PC/SC readers (Debian's names)."""
    missing = []
    if shutil.which("pcscd", path=_program_path()) is None:
        missing.append("pcscd")
    if driver_path() is None:
        missing.append("vsmartcard-vpcd")
    return missing


def system_pcscd_state() -> Literal["running", "stale", "free"]:
    """Whether something answers at /run/pcscd/pcscd.comm, or only its socket was left behind."""
    if not SYSTEM_SOCKET.exists():
        return "free"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(SYSTEM_SOCKET))
        except (ConnectionRefusedError, FileNotFoundError):
            return "stale"
        except OSError:
            return "running"
    return "running"


class PcscService:
    """A running pcscd; a context manager. Raises `ReadersAreUnavailable` from `start`."""

    def __init__(self, readers: int = 2, place: Place = "private", first: int = 0) -> None:
        """Ask for `readers` slots (1 to 16) at `place`; `first` is the number of the first of them
        among the readers of several services (even, as a driver carries two).
        """
        if not 1 <= readers <= READERS_MAX:
            raise ReadersAreUnavailable(
                f"读卡器数量 {readers} 超出范围：一个 pcscd 可带 1 至 {READERS_MAX} 个读卡器。",
                f"{readers} readers asked; one pcscd carries 1 to {READERS_MAX}: ask for fewer.",
            )
        self.place = place
        self.first = first
        self.names = [_reader_name(first + index) for index in range(readers)]
        self._directory: Path | None = None
        self._control: socket.socket | None = None
        self._control_lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket_path(self) -> Path:
        """The Unix socket for clients (their PCSCLITE_CSOCK_NAME)."""
        if self.place == "system":
            return SYSTEM_SOCKET
        if self._directory is None:
            raise RuntimeError("the PC/SC service is not running")
        return self._directory / "run" / "pcscd.comm"

    @property
    def client_environment(self) -> dict[str, str]:
        """Environment variables a PC/SC client program needs to find these readers."""
        return {} if self.place == "system" else {"PCSCLITE_CSOCK_NAME": str(self.socket_path)}

    def start(self) -> Self:
        """Start pcscd; returns when it answers (at most `START_S_MAX` seconds)."""
        self._refuse_where_impossible()
        self._directory = Path(tempfile.mkdtemp(prefix="onecard-pcscd-"))
        try:
            self._launch(self._directory)
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End pcscd and remove its directory; harmless when it does not run."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(enclosure.PCSCD_END_S_MAX + 2.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None

    def connect(self, index: int) -> socket.socket:
        """A connection to the driver's port of slot `index`: what the card side speaks through."""
        # Cards that come back ask from threads of their own: one question, then its answer.
        with self._control_lock:
            if self._control is None:
                raise RuntimeError("the PC/SC service is not running")
            self._control.send(f"connect {_FIRST_PORT + index}".encode())
            answer, descriptors, _, _ = socket.recv_fds(
                self._control, enclosure.REQUEST_BYTES_MAX, 1
            )
        if not descriptors:
            reason = answer.decode(errors="replace") or "pcscd ended"
            raise ReadersAreUnavailable(
                f"{self.names[index]} 没有应答（{reason}）：请重新启动读卡器。",
                f"{self.names[index]} does not answer ({reason}): start the readers again.",
            )
        return socket.socket(fileno=descriptors[0])

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _refuse_where_impossible(self) -> None:
        if missing := missing_parts():
            names = " ".join(missing)
            raise ReadersAreUnavailable(
                f"缺少系统软件包 {names}：请运行 sudo apt-get install {names}。",
                f"system packages are missing: {names}; run: sudo apt-get install {names}",
            )
        if self.place == "private":
            return
        if os.geteuid() != 0:
            raise ReadersAreUnavailable(
                "只有 root 才能把读卡器放在 /run/pcscd：请用 sudo，或改用私有读卡器。",
                "only root may put readers at /run/pcscd: use sudo, or private readers.",
            )
        state = system_pcscd_state()
        if state == "running":
            raise ReadersAreUnavailable(
                "已有 pcscd 在 /run/pcscd 运行：请先停止它"
                "（systemctl stop pcscd pcscd.socket），或改用私有读卡器。",
                "a pcscd already runs at /run/pcscd: stop it "
                "(systemctl stop pcscd pcscd.socket), or use private readers.",
            )
        if state == "stale":
            for name in ("pcscd.comm", "pcscd.pid"):
                with contextlib.suppress(FileNotFoundError):
                    (enclosure.PCSCD_DIRECTORY / name).unlink()

    def _launch(self, directory: Path) -> None:
        run = directory / "run"
        run.mkdir(mode=0o755)
        directory.chmod(0o755)
        configuration = directory / "reader.conf"
        configuration.write_text(self._configuration(directory), encoding="ascii")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        namespaces = ["--net"]
        inside = [str(theirs.fileno()), str(configuration), str(directory / "pcscd.log")]
        if self.place == "private":
            namespaces.append("--mount")
            inside.append(str(run))
        if os.geteuid() != 0:
            namespaces += ["--user", "--map-root-user"]
        with theirs, (directory / "enclosure.log").open("wb") as log:
            self._process = subprocess.Popen(
                ["unshare", *namespaces, "--", sys.executable, "-I", enclosure.__file__, *inside],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env={**os.environ, "PATH": _program_path()},
                start_new_session=True,
            )
        self._control = ours
        ours.settimeout(START_S_MAX)

    def _configuration(self, directory: Path) -> str:
        """reader.conf: an entry with a driver copy of its own for each pair of slots."""
        driver = driver_path()
        assert driver is not None  # noqa: S101
        entries = []
        for first in range(0, len(self.names), SLOTS_PER_DRIVER):
            copy = directory / f"libifdvpcd-{first}.so"
            shutil.copyfile(driver, copy)
            port = _FIRST_PORT + first
            entries.append(
                f'FRIENDLYNAME "{_friendly_name(self.first + first)}"\n'
                f"DEVICENAME /dev/null:0x{port:04X}\n"
                f"LIBPATH {copy}\nCHANNELID 0x{port:04X}\n"
            )
        return "\n".join(entries)

    def _wait_until_it_answers(self) -> None:
        assert self._control is not None  # noqa: S101
        started = False
        with contextlib.suppress(OSError):
            started = self._control.recv(enclosure.REQUEST_BYTES_MAX) == b"started"
        deadline = time.monotonic() + START_S_MAX
        while started and time.monotonic() < deadline:
            if self.socket_path.exists():
                with (
                    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe,
                    contextlib.suppress(OSError),
                ):
                    probe.connect(str(self.socket_path))
                    return
            time.sleep(0.02)
        reason = self._log_tail()
        raise ReadersAreUnavailable(
            f"pcscd 没有启动（{reason}）。若系统禁止命名空间（unshare），"
            "请用 root 运行，或改用进程内读卡器。",
            f"pcscd did not start ({reason}). Where namespaces (unshare) are forbidden, "
            "run as root or use the in-process reader.",
        )

    def _log_tail(self) -> str:
        assert self._directory is not None  # noqa: S101
        lines: list[str] = []
        for name in ("enclosure.log", "pcscd.log"):
            log = self._directory / name
            if log.exists():
                lines += log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "no message"


def _reader_name(index: int) -> str:
    """pcscd's name of a slot.

    Its entry's friendly name, then reader and slot number in hexadecimal.
    """
    return f"{_friendly_name(index)} 00 {index % SLOTS_PER_DRIVER:02X}"


def _friendly_name(index: int) -> str:
    # one name an entry: pcscd numbers equal names by library, and every entry has a library of
    # its own
    return f"{READER_NAME} {index // SLOTS_PER_DRIVER + 1}"


def _program_path() -> str:
    """PATH with the system directories in which Debian puts pcscd and mount for everyone."""
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/bin", "/bin"])
