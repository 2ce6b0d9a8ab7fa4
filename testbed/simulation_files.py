"""A run handed on: pictures, tables and a report in folders that a person names."""

from __future__ import annotations

import contextlib
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Final

from reports import build_report
from scenarios import outcomes
from sim.exports import write_tables
from sim.pictures import pictures_of
from sim.pictures.album import tightest_stations
from sim.pictures.animation import animate_station
from sim.pictures.crowd import StationCannotBeShown
from sim.playing import Run
from testbed.faults import Fault

STREAM: Final = "outcomes.jsonl"
VERSIONS_TOLD: Final = ("onecard-testbed", "numba", "numpy", "simpy")


def write_pictures(run: Run, folder: Path, stem: str) -> list[Path]:
    """Every picture of a run as SVG, the first as STEM.svg; of a traced run the animation of its
    tightest station as a page.

    Raises `Fault` where they cannot be written.
    """
    pages = {
        f"{stem}.svg" if at == 0 else f"{stem}-{picture.name}.svg": picture.svg
        for at, picture in enumerate(pictures_of(run.result, run.observation))
    }
    if run.observation.trace is not None:
        with contextlib.suppress(StationCannotBeShown):
            tight = tightest_stations(run.observation)[0]
            page = animate_station(run.observation, tight, run.result.first_s_of_day)
            pages[f"{stem}-{tight}.html".replace("/", "-")] = page
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as fault:
        raise _not_written(folder, fault) from None
    return [folder / name for name in pages]


def write_all_tables(run: Run, folder: Path, form: str) -> list[Path]:
    """The tables of a run as CSV or Parquet. Raises `Fault` where they cannot be written."""
    try:
        return list(write_tables(run.result, run.observation, folder, form))
    except OSError as fault:
        raise _not_written(folder, fault) from None


def write_report(run: Run, folder: Path, command: str) -> Path:
    """The report of this run alone: its stream of outcomes and the page made from it.

    Raises `Fault` where they cannot be written.
    """
    stream = folder / STREAM
    held: outcomes.Result = "passed" if run.result.stopped is None else "failed"
    started = outcomes.RunStarted(
        at=outcomes.now(),
        run_id=folder.name,
        command=command,
        host={"system": f"{platform.system()} {platform.release()}", "cores": str(os.cpu_count())},
        reader="—",
        database="—",
        versions={name: version(name) for name in VERSIONS_TOLD},
    )
    finished = outcomes.RunFinished(at=outcomes.now(), result=held, duration_s=run.result.wall_s)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream.unlink(missing_ok=True)
        for outcome in (started, told_of_simulation(run), finished):
            outcomes.append(stream, outcome)
        return build_report(stream, folder)
    except OSError as fault:
        raise _not_written(folder, fault) from None


def told_of_simulation(run: Run) -> outcomes.SimulationFinished:
    """The run as a report shows it: the first picture beside the answer, the others below."""
    result = run.result
    first, *more = pictures_of(result, run.observation)
    return outcomes.SimulationFinished(
        at=outcomes.now(),
        result=result.to_json(),
        series={name: dict(series) for name, series in result.series.items()},
        assumptions=result.assumptions,
        plot_svg=first.svg,
        pictures=[
            outcomes.TitledPicture(picture.title_zh, picture.title_en, picture.svg)
            for picture in more
        ],
    )


def _not_written(folder: Path, fault: OSError) -> Fault:
    return Fault(
        f"无法写入 {folder}（{fault.strerror}）：请换一个目录。",
        f"{folder} cannot be written ({fault.strerror}): name another folder.",
    )
