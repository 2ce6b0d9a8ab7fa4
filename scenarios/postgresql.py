"""A PostgreSQL cluster of our own, in a temporary folder, for tests and benchmarks.

The server is a child of this process, not a daemon of pg_ctl: where nobody reaps orphans, as in a
container, a daemon would stay as a zombie.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SYSTEM_USER: Final = "postgres"
START_S_MAX: Final = 30.0
DATA, LOG = "data", "log"
_INITDB: Final = ("-U", "onecard", "-A", "trust", "-E", "UTF8")
_LOOK_S: Final = 0.02
_SHARED_MIB_MAX: Final = 2048
_LOG_WITH_ROOM: Final = {
    "min_wal_size": "1GB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
}


class ClusterDidNotStart(Exception):
    """A program of PostgreSQL failed; the message is its own."""


def find_programs() -> Path | None:
    """The folder of initdb and postgres, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def cluster(programs: Path, *, durable: bool, parent: Path | None = None) -> Iterator[str]:
    """Run a cluster; gives the URL of its server, without a database name.

    Without `durable` nothing is synced to the disk: quick, and lost with the machine. One with it
    is set up as PostgreSQL's manual advises for one that much is written to: a quarter of the
    machine's memory (20.4.1; here at most 2 GiB) instead of 128 MiB, and a log with room, whose
    files are used again instead of made anew while everybody waits (20.5.2). Its folder is made in
    `parent`, by default where temporary folders are.

    Raises:
        ClusterDidNotStart: a program of PostgreSQL failed.
    """
    # PostgreSQL refuses to run as root.
    user = SYSTEM_USER if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="onecard-pg-", dir=parent))
    server: subprocess.Popen[bytes] | None = None
    try:
        _make(programs, folder, user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = _start(programs, folder, user, _settings(folder, port, durable=durable))
        _wait_until_ready(server, folder)
        yield f"postgresql://onecard@127.0.0.1:{port}"
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)  # at once: nobody needs this data any more
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _make(programs: Path, folder: Path, user: str | None) -> None:
    try:
        if user is not None:
            shutil.chown(folder, user)
        subprocess.run(
            [programs / "initdb", "-D", folder / DATA, *_INITDB],
            check=True,
            capture_output=True,
            text=True,
            cwd=folder,
            user=user,
            start_new_session=True,
        )
    except subprocess.CalledProcessError as fault:
        raise ClusterDidNotStart(fault.stderr.strip()) from None
    except (OSError, LookupError) as fault:
        raise ClusterDidNotStart(str(fault)) from None


def _start(
    programs: Path, folder: Path, user: str | None, settings: list[str]
) -> subprocess.Popen[bytes]:
    with (folder / LOG).open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / DATA, *settings],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            user=user,
            start_new_session=True,  # out of the terminal's Ctrl-C: whoever started it ends it
        )


def _settings(folder: Path, port: int, *, durable: bool) -> list[str]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "max_connections": "200",
    }
    if durable:
        memory_mib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
        settings |= {
            "shared_buffers": f"{min(memory_mib // 4, _SHARED_MIB_MAX)}MB",
            **_LOG_WITH_ROOM,
        }
    else:
        settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    """The last line of postmaster.pid says it, as pg_ctl reads it."""
    state = folder / DATA / "postmaster.pid"
    deadline = time.monotonic() + START_S_MAX
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError):
            if state.read_text(encoding="utf-8").rstrip().endswith("ready"):
                return
        time.sleep(_LOOK_S)
    told = (folder / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise ClusterDidNotStart(told[-1] if told else "no answer")
