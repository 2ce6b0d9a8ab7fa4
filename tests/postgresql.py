"""A PostgreSQL cluster of the test session's own, in a temporary folder, without fsync."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SYSTEM_USER = "postgres"


def find_programs() -> Path | None:
    """The folder of initdb and postgres, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """Run a cluster; gives the URL of its server, without a database name."""
    folder = Path(tempfile.mkdtemp(prefix="onecard-pg-"))
    # PostgreSQL refuses to run as root.
    prefix: list[str | Path] = ["runuser", "-u", SYSTEM_USER, "--"] if os.geteuid() == 0 else []
    if prefix:
        shutil.chown(folder, SYSTEM_USER)
    data = folder / "data"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = (
        f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder}"
        " -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200"
    )
    try:
        initdb = [*prefix, programs / "initdb", "-D", data, "-U", "onecard", "-A", "trust"]
        subprocess.run([*initdb, "-E", "UTF8"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        start = [*prefix, programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options]
        subprocess.run([*start, "-w", "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        yield f"postgresql://onecard@127.0.0.1:{port}"
    finally:
        subprocess.run(
            [*prefix, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"],
            check=False,
            capture_output=True,
            cwd=folder,
        )
        shutil.rmtree(folder, ignore_errors=True)
