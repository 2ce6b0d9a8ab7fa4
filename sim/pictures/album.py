"""All pictures of a run, for a folder or a report: the tightest stations over time, how long
people wait, and who goes where.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.observation import Observation
from sim.pictures.animation import draw_crowd
from sim.pictures.crowd import StationCannotBeShown, crowd_of
from sim.pictures.day import draw_day
from sim.pictures.station_map import draw_station_map
from sim.pictures.waits import draw_waits
from sim.result import SimulationResult

DAYS_DRAWN_MAX = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its title; `name` is fit for a file."""

    name: str
    title_zh: str
    title_en: str
    svg: str


def pictures_of(result: SimulationResult, observation: Observation) -> tuple[Picture, ...]:
    """The pictures of a run, the most telling first; a traced run moves, too."""
    tight = tightest_stations(observation)[:DAYS_DRAWN_MAX]
    pictures = [
        Picture(f"day-{at + 1}", f"{name}：随时间", f"{name} over time", draw_day(result, name))
        for at, name in enumerate(tight)
    ]
    pictures.append(Picture("waits", "等候时间", "Waiting times", draw_waits(observation)))
    if len(observation.stations) > 1:
        drawn = draw_station_map(observation)
        pictures.append(Picture("map", "站点与人流", "Stations and who goes where", drawn))
    if observation.trace is not None and tight:
        try:
            crowd = crowd_of(observation, tight[0])
        except StationCannotBeShown:
            return tuple(pictures)
        moving = draw_crowd(crowd, result.first_s_of_day)
        title = (f"{tight[0]}：最长排队前后", f"{tight[0]} around its longest queue")
        pictures.append(Picture("moving", *title, moving))
    return tuple(pictures)


def tightest_stations(observation: Observation) -> list[str]:
    """Stations where somebody came: the longest waits first, of those without any the busiest;
    links, at which nobody waits for a server, last.
    """
    named = zip(observation.network.stations, observation.stations, strict=True)
    came = [(station, seen) for station, seen in named if seen.visits]
    came.sort(
        key=lambda each: (
            each[0].is_link, -each[1].waits.quantile_s(0.95), -each[1].utilisation
        )
    )  # fmt: skip
    return [station.name for station, _ in came]
