"""The enclosure in which pcscd runs: a network of its own, and where asked a /run of its own.

The vpcd driver listens on every address of the machine (its port is compiled in, INADDR_ANY), so
anyone on the network could be the card. Here pcscd and its driver see only the loopback device of
a private network namespace. Clients reach pcscd by its Unix socket all the same; the card side
asks this process, over a socket it inherited, for TCP connections made inside.

Rules: standard library only (it is started as a file, before anything is imported); it ends, and
ends pcscd, when its owner closes the socket, so that even a killed owner leaves nothing behind.

Run by `pcscd.py` as: unshare --net [--mount] [--user --map-root-user] -- python enclosure.py FD
CONF LOG [PLACE]
"""

from __future__ import annotations

import array
import contextlib
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path
from types import FrameType

PCSCD_DIRECTORY = Path("/run/pcscd")  # compiled into pcscd; it has no option for it
REQUEST_BYTES_MAX = 64
PCSCD_END_S_MAX = 3.0

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = array.array("B", struct.pack("16sH14x", b"lo", 0))
        fcntl.ioctl(probe, _SIOCGIFFLAGS, request, True)
        (flags,) = struct.unpack_from("H", request, 16)
        struct.pack_into("H", request, 16, flags | _IFF_UP)
        fcntl.ioctl(probe, _SIOCSIFFLAGS, request, True)


def _put_directory_in_place(place: str) -> None:
    """Let `place` be pcscd's directory in this mount namespace.

    The machine's own /run stays as it is.
    """
    holder = os.open(place, os.O_PATH)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    PCSCD_DIRECTORY.mkdir()
    source = f"/proc/{os.getpid()}/fd/{holder}"
    subprocess.run(["mount", "--bind", source, str(PCSCD_DIRECTORY)], check=True)
    os.close(holder)


def _answer_requests(control: socket.socket) -> None:
    """Answer `connect PORT` with a connected socket until the owner goes away."""
    while request := control.recv(REQUEST_BYTES_MAX):
        port = int(request.split()[1])
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2.0) as line:
                line.settimeout(None)
                socket.send_fds(control, [b"connected"], [line.fileno()])
        except OSError as fault:
            control.send(f"refused {fault}".encode()[:REQUEST_BYTES_MAX])


def main() -> None:
    """Start pcscd inside, say `ready`, answer requests, end pcscd."""
    control_fd, configuration, log = sys.argv[1:4]
    control = socket.socket(fileno=int(control_fd))

    def end(_signal: int, _frame: FrameType | None) -> None:
        control.shutdown(socket.SHUT_RDWR)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner decides on Ctrl-C
    _raise_loopback()
    private = len(sys.argv) > 4  # noqa: PLR2004
    if private:
        _put_directory_in_place(sys.argv[4])
    made_directory = not PCSCD_DIRECTORY.exists()
    PCSCD_DIRECTORY.mkdir(exist_ok=True)
    with Path(log).open("wb") as output:
        pcscd = subprocess.Popen(
            ["pcscd", "--foreground", "--config", configuration],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    try:
        control.send(b"started")
        _answer_requests(control)
    finally:
        pcscd.terminate()
        try:
            pcscd.wait(PCSCD_END_S_MAX)
        except subprocess.TimeoutExpired:
            pcscd.kill()
            pcscd.wait()
        for name in ("pcscd.comm", "pcscd.pid"):
            with contextlib.suppress(FileNotFoundError):
                (PCSCD_DIRECTORY / name).unlink()
        if made_directory:
            with contextlib.suppress(OSError):
                PCSCD_DIRECTORY.rmdir()


if __name__ == "__main__":
    main()
