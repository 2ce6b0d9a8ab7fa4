"""What came of each scenario the last time it ran on this machine: one small file in `build`.

Rules: every run writes the scenarios it ran and leaves the others; the file is replaced as a whole,
so that a run that is killed spoils nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from scenarios.clauses import results_of
from testbed.faults import Fault

LAST_RESULTS = Path("build/scenario-results.json")


def read_last_results(path: Path = LAST_RESULTS) -> dict[str, str]:
    """By scenario id; empty before the first run. Raises `Fault` for a file that is no such."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except msgspec.MsgspecError:
        raise Fault(
            f"{path} 不是场景结果文件：请删除它，再运行 onecard scenarios run。",
            f"{path} is no file of scenario results: delete it and run onecard scenarios run.",
        ) from None


def keep_results(stream: Path, path: Path = LAST_RESULTS) -> None:
    """Add the results of a run."""
    if not stream.exists():
        return
    results = read_last_results(path) | results_of(stream)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
    fresh.replace(path)
