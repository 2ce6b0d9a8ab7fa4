"""The report of one run alone, for a verb: its stream of outcomes, and the page made from it."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Final

from reports import build_report
from scenarios import outcomes
from testbed.faults import Fault

STREAM: Final = "outcomes.jsonl"
VERSIONS_TOLD: Final = ("onecard-testbed", "numba", "numpy", "simpy")


def write_single_report(
    told: outcomes.Outcome,
    folder: Path,
    command: str,
    *,
    held: bool,
    duration_s: float,
) -> Path:
    """Write it into this folder; the path of the page. Raises `Fault` where that cannot be done."""
    stream = folder / STREAM
    started = outcomes.RunStarted(
        at=outcomes.now(),
        run_id=folder.name,
        command=command,
        host={"system": f"{platform.system()} {platform.release()}", "cores": str(os.cpu_count())},
        reader="—",
        database="—",
        versions={name: version(name) for name in VERSIONS_TOLD},
    )
    finished = outcomes.RunFinished(
        at=outcomes.now(), result="passed" if held else "failed", duration_s=duration_s
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream.unlink(missing_ok=True)
        for outcome in (started, told, finished):
            outcomes.append(stream, outcome)
        return build_report(stream, folder)
    except OSError as fault:
        raise not_written(folder, fault) from None


def not_written(folder: Path, fault: OSError) -> Fault:
    """What is said where a folder cannot be written."""
    return Fault(
        f"无法写入 {folder}（{fault.strerror}）：请换一个目录。",
        f"{folder} cannot be written ({fault.strerror}): name another folder.",
    )
