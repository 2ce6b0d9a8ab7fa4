"""The intervals of every figure that `sim run` tells of its stations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.network import Network
from sim.planning.intervals import Interval
from sim.planning.replications import Experiment, Replications, Told, replicate
from sim.planning.targets.figures import WAIT_S, Figure, Names, names_of

WAITS: tuple[tuple[str, float | None], ...] = (
    ("mean", None), ("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", None),
)  # fmt: skip
OTHERS = ("visits", "refused", "abandoned", "utilisation", "queue_max")
_TOLD = {*((WAIT_S, part) for part, _ in WAITS), *((quantity, "") for quantity in OTHERS)}


def station_figures(names: Names) -> tuple[Figure, ...]:
    """Every figure of every station that the JSON of `sim run` has."""
    return tuple(
        figure
        for name in names.stations
        for figure in (
            *(Figure(f"{name}.wait_s.{part}", name, WAIT_S, part, at) for part, at in WAITS),
            *(Figure(f"{name}.{quantity}", name, quantity) for quantity in OTHERS),
        )
    )


def mean_waits(network: Network) -> tuple[Figure, ...]:
    """The mean wait of each station at which there are servers to wait for: not of links."""
    return tuple(
        Figure(f"{station.name}.wait_s.mean", station.name, WAIT_S, "mean")
        for station in network.stations
        if not station.is_link
    )


def replicate_stations(
    network: Network,
    experiment: Experiment,
    told: Told | None = None,
    *,
    narrow: Sequence[Figure] | None = None,
) -> Replications:
    """Play a network so often, or until these figures (all, where none are given) are as narrow as
    asked, and keep every figure of its stations as well.
    """
    every = station_figures(names_of(network))
    figures = (*every, *(each for each in narrow or () if each not in every))
    return replicate(network, figures, experiment, told, narrow=narrow)


def ci95_of(found: Replications) -> dict[str, Any]:
    """The `ci95` of `sim run --replications`: [low, high] in place of each figure of `stations`."""
    told: dict[str, Any] = {}
    for figure in found.figures:
        if figure.customer_class or (figure.quantity, figure.part) not in _TOLD:
            continue
        station = told.setdefault(figure.place, {"wait_s": {}})
        inner = station["wait_s"] if figure.quantity == WAIT_S else station
        inner[figure.part or figure.quantity] = _ends_of(found.interval(figure))
    return told


def _ends_of(interval: Interval) -> list[float]:
    return [round(interval.low, 6), round(interval.high, 6)]
