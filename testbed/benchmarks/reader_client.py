"""A terminal in a process of its own: SELECT and READ RECORD over and over, at one reader or
another.

Run as `python -m testbed.benchmarks.reader_client NAME SOCKET [NAME SOCKET ...]`: it connects to
every reader and says `ready`; a line `PLACE BEGIN END` on standard input (which of the readers, and
two moments of the monotonic clock, which all processes of a machine share) plays a round, answered
by how many commands were answered in it, or what was answered wrongly. It ends, and lets go of its
cards, when standard input is closed.
"""

from __future__ import annotations

import contextlib
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from virtual_cards.readers.pcsc import PcscError, PcscReader
from virtual_cards.readers.reader import CardIsAbsent

READY: Final = "ready"
SELECT_SSSE: Final = bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF00")
READ_EF05_RECORD_1: Final = bytes.fromhex("00B2012C00")
_SUCCESS: Final = b"\x90\x00"


def main() -> None:
    """Serve rounds until standard input is closed."""
    words = sys.argv[1:]
    readers = [
        PcscReader(name, Path(socket)) for name, socket in zip(words[::2], words[1::2], strict=True)
    ]
    with ExitStack() as stack:
        for reader in readers:
            reader.connect()
            stack.callback(reader.disconnect)
        print(READY, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            for line in sys.stdin:
                place, begin, end = line.split()
                print(play(readers[int(place)], float(begin), float(end)), flush=True)


def play(reader: PcscReader, begin: float, end: float) -> str:
    """How many commands were answered from `begin` to `end`, or what went wrong."""
    transmit = reader.transmit
    time.sleep(max(0.0, begin - time.monotonic()))
    count = 0
    try:
        while time.monotonic() < end:
            for command in (SELECT_SSSE, READ_EF05_RECORD_1):
                response = transmit(command)
                if not response.endswith(_SUCCESS):
                    return f"{reader.name} {response[-2:].hex().upper()}"
            count += 2
    except (CardIsAbsent, PcscError) as fault:
        return f"{reader.name} {fault}"
    return str(count)


if __name__ == "__main__":
    main()
