"""The figures of a run that can be named: in a target, a sweep, a comparison.

| name | meaning |
|---|---|
| `STATION.wait_s.mean`, `.p50`, `.p95`, `.p99.9`, `.max` | waits of those served, in seconds |
| `STATION.within(30)` | share of those served who waited at most 30 s |
| `STATION.served_within(30)` | share of all who came that was served after at most 30 s |
| `STATION.visits`, `.served`, `.refused`, `.abandoned` | how many came, were served, ... |
| `STATION.served_share`, `.refused_share`, `.abandoned_share` | of those who came |
| `STATION.utilisation`, `STATION.queue_max` | of the whole station |
| `CLASS.journey_s.mean`, `.p95`, ... | time from coming to leaving for good, in seconds |

`STATION[CLASS]` in place of `STATION` asks for one class there. A name with a dot, a bracket or a
space is put in quotation marks. Quantiles and limits are read from buckets: within 0.8 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.histogram import Times
from sim.network import Network
from sim.observation import Observation, StationSeen
from sim.parameters import Fault, FaultyParameters

WITHIN, SERVED_WITHIN = "within", "served_within"
LIMITED = (WITHIN, SERVED_WITHIN)
COUNTS = ("visits", "served", "refused", "abandoned")
SHARES = ("served_share", "refused_share", "abandoned_share")
WHOLE = ("utilisation", "queue_max")
WAIT_S, JOURNEY_S = "wait_s", "journey_s"


class Seen(Protocol):
    """Those who came to one place, or to it within one hour."""

    @property
    def visits(self) -> int:
        """Who came."""

    @property
    def refused(self) -> int:
        """Of these, who was refused."""

    @property
    def abandoned(self) -> int:
        """Of these, who lost patience."""

    @property
    def waits(self) -> Times:
        """Of those served."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a run: where, what, and of which class there.

    `place` is a station, or a class for `journey_s`; `number` is the share of a quantile (0 to 1)
    or the limit of `within`, in seconds; without it a time's `part` is `mean` or `max`.
    """

    text: str
    place: str
    quantity: str
    part: str = ""
    number: float | None = None
    customer_class: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Names:
    """The stations and classes of a network."""

    stations: tuple[str, ...]
    classes: tuple[str, ...]


def names_of(network: Network) -> Names:
    """Of this network."""
    return Names(tuple(station.name for station in network.stations), network.classes())


def expect_places(figures: Sequence[Figure], network: Network) -> None:
    """Raises `FaultyParameters` where a setting has made a network without the places asked about:
    one without desks has no station for them.
    """
    names = names_of(network)
    faults = []
    for figure in figures:
        known = names.classes if figure.quantity == JOURNEY_S else names.stations
        if figure.place not in known or (figure.customer_class or names.classes[0]) not in (
            names.classes
        ):
            found = f"no such place in {network.name} with this setting"
            faults.append(Fault(figure.text, found, f"one of {', '.join(known)}"))
    if faults:
        raise FaultyParameters(tuple(faults))


def value_of(figure: Figure, observation: Observation) -> float:
    """The figure in one run, whose network has the place and the class: see `expect_places`."""
    names = names_of(observation.network)
    if figure.quantity == JOURNEY_S:
        return _time_of(figure, observation.journeys[names.classes.index(figure.place)])
    station: StationSeen = observation.stations[names.stations.index(figure.place)]
    if figure.quantity == "utilisation":
        return station.utilisation
    if figure.quantity == "queue_max":
        return float(station.queue_max)
    seen: Seen = station
    if figure.customer_class:
        seen = station.by_class[names.classes.index(figure.customer_class)]
    return value_at(figure, seen)


def value_at(figure: Figure, seen: Seen) -> float:
    """The figure of those who came to one place: all but `utilisation` and `queue_max`.

    A share of nobody is 0 where it counts losses, 1 where it counts those served.
    """
    came, waits = seen.visits, seen.waits
    served = came - seen.refused - seen.abandoned
    match figure.quantity:
        case "wait_s":
            return _time_of(figure, waits)
        case "within":
            return waits.share_within(figure.number or 0.0)
        case "served_within":
            return waits.share_within(figure.number or 0.0) * waits.count / came if came else 1.0
        case "served_share":
            return served / came if came else 1.0
    counted = {"refused": seen.refused, "abandoned": seen.abandoned}
    if figure.quantity.endswith("_share"):
        return counted[figure.quantity.removesuffix("_share")] / came if came else 0.0
    return float((counted | {"visits": came, "served": served})[figure.quantity])


def bounds_of(figure: Figure) -> tuple[float, float]:
    """Between which numbers a figure lies by its nature: shares from 0 to 1; times and counts not
    below 0.
    """
    is_share = figure.quantity in {*LIMITED, *SHARES, "utilisation"}
    return 0.0, 1.0 if is_share else math.inf


def usual_figures(names: Names) -> tuple[Figure, ...]:
    """Of every station: mean and p95 of the wait, losses, utilisation, longest queue."""
    return tuple(
        figure
        for name in names.stations
        for figure in (
            Figure(f"{name}.wait_s.mean", name, WAIT_S, "mean"),
            Figure(f"{name}.wait_s.p95", name, WAIT_S, "p95", 0.95),
            Figure(f"{name}.refused_share", name, "refused_share"),
            Figure(f"{name}.abandoned_share", name, "abandoned_share"),
            Figure(f"{name}.utilisation", name, "utilisation"),
            Figure(f"{name}.queue_max", name, "queue_max"),
        )
    )


def _time_of(figure: Figure, times: Times) -> float:
    if figure.number is not None:
        return times.quantile_s(figure.number)
    return times.mean_s if figure.part == "mean" else times.longest_s
