"""A program run by itself: how long it took and the most memory it held.

Linux carries the memory of who starts a program over exec into its figure: a benchmark that has
grown large would be told its own. So a small program starts it, and its figure is that of the one
program it starts.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec


class Measured(NamedTuple):
    """What a program took: seconds from start to end, MiB at its largest; and how it ended."""

    seconds: float
    peak_mib: float
    exit_code: int


def run_measured(call: Sequence[str]) -> Measured:
    """Run the program to its end, from the project's folder; its standard output is thrown away."""
    starter = [sys.executable, "-m", __name__, *call]
    done = subprocess.run(
        starter, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, check=True
    )
    return msgspec.json.decode(done.stdout, type=Measured)


def _run(call: Sequence[str]) -> Measured:
    began = time.perf_counter()
    done = subprocess.run(call, stdout=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - began
    peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Measured(seconds, peak_mib, done.returncode)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(_run(sys.argv[1:])))
