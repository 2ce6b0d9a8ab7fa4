"""A run handed on: pictures, tables and a report in folders that a person names."""

from __future__ import annotations

import contextlib
from pathlib import Path

from scenarios import outcomes
from sim.exports import write_tables
from sim.pictures import pictures_of
from sim.pictures.album import tightest_stations
from sim.pictures.animation import animate_station
from sim.pictures.crowd import StationCannotBeShown
from sim.playing import Run
from testbed.single_report import not_written, write_single_report


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
        raise not_written(folder, fault) from None
    return [folder / name for name in pages]


def write_all_tables(run: Run, folder: Path, form: str) -> list[Path]:
    """The tables of a run as CSV or Parquet. Raises `Fault` where they cannot be written."""
    try:
        return list(write_tables(run.result, run.observation, folder, form))
    except OSError as fault:
        raise not_written(folder, fault) from None


def write_report(run: Run, folder: Path, command: str) -> Path:
    """The report of this run alone. Raises `Fault` where it cannot be written."""
    told, result = told_of_simulation(run), run.result
    return write_single_report(
        told, folder, command, held=result.stopped is None, duration_s=result.wall_s
    )


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
        plot_title_zh=first.title_zh,
        plot_title_en=first.title_en,
        pictures=[
            outcomes.TitledPicture(picture.title_zh, picture.title_en, picture.svg)
            for picture in more
        ],
    )
