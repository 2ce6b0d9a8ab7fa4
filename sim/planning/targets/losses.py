"""What is already certain of those who are refused or lose patience, in a run that was stopped.

Rules: who was lost stays lost. Where people come straight from outside, and nobody comes back, all
who come until the horizon are called or lost; so many at most can be called as the servers get done
until then, and of those called later each has more patience than the time since, or stands in a
room of so many places. What is sure stands in `throughput`.
"""

from __future__ import annotations

import math

import numpy as np

from sim.distributions import mean_s
from sim.endless_work import expected_visits
from sim.network import Network
from sim.observation import ClassSeen, Observation, StationSeen
from sim.places import Station
from sim.planning.targets.figures import SERVED_WITHIN, Figure
from sim.planning.targets.survival import share_longer
from sim.planning.targets.throughput import (
    called_until,
    expected_until,
    surely_above,
    surely_below,
)

LOST = ("refused", "abandoned", "refused_share", "abandoned_share")
SERVED = ("served", "served_share", SERVED_WITHIN)
LATER = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Times after the horizon that are looked at, in mean patiences."""


def bound_of_losses(figure: Figure, seen: Observation) -> float:
    """Of those lost at least, of those served at most, as a number or a share of who comes; NaN
    where nothing is known. `figure` is one of `LOST` or `SERVED`.
    """
    network = seen.network
    place = [station.name for station in network.stations].index(figure.place)
    station, of = network.stations[place], seen.stations[place]
    classes = [figure.customer_class] if figure.customer_class else list(network.classes())
    counted: ClassSeen | StationSeen = of
    if figure.customer_class:
        counted = of.by_class[network.classes().index(figure.customer_class)]
    if counted.visits == 0:
        return math.nan
    lost = {"refused": counted.refused, "abandoned": counted.abandoned}
    most = _visits_at_most(network, place, classes)
    come, called = _come_and_called(seen, place, classes, counted.visits)
    # Of whom called and lost are not told apart, nothing more is known of refused and impatient.
    foreseen = max(0.0, come - called) if _loses_one_way(station, figure.quantity) else 0.0
    foreseen_share = foreseen / come if come > 0 else 0.0
    match figure.quantity:
        case "refused" | "abandoned":
            return max(float(lost[figure.quantity]), foreseen)
        case "refused_share" | "abandoned_share":
            so_far = lost[figure.quantity.removesuffix("_share")]
            return max(so_far / most, foreseen_share)
        case "served":
            return called if math.isfinite(called) and come > 0 else math.nan
        case _:
            return 1.0 - max((counted.refused + counted.abandoned) / most, foreseen_share)


def _loses_one_way(station: Station, quantity: str) -> bool:
    if quantity.startswith("refused"):
        return station.patience is None
    return not (quantity.startswith("abandoned") and station.queue_max is not None)


def _visits_at_most(network: Network, place: int, classes: list[str]) -> float:
    of_classes = [expected_visits(network, each, network.horizon_s) for each in classes]
    visits = sum(float(each[place]) for each in of_classes)
    everywhere = sum(float(each.sum()) for each in of_classes)
    again = max(1.0, everywhere / max(network.expected_customers(), 1.0))
    attempts = max((each.attempts_max for each in network.retries), default=1)
    return surely_below(attempts * visits, 2 * again * attempts)


def _come_and_called(
    seen: Observation, place: int, classes: list[str], already: int
) -> tuple[float, float]:
    """So many of these classes at least come to a station in all, and so many of all classes at
    most are ever called; 0 and infinite where somebody comes by another way, or comes back.
    """
    network, station = seen.network, seen.network.stations[place]
    reached = any(goal == station.name for route in network.routes for goal, _ in route.to)
    if reached or network.retries:
        return 0.0, math.inf
    now_s, horizon_s = min(seen.ended_s, network.horizon_s), network.horizon_s
    here = [each for each in network.sources if each.start == station.name]
    later = [expected_until(each, horizon_s) - expected_until(each, now_s) for each in here]
    mine = [many for each, many in zip(here, later, strict=True) if each.customer_class in classes]
    come = already + float(surely_above(np.array([sum(mine)]))[0])
    of = seen.stations[place]
    until_horizon_s = horizon_s - seen.ended_s

    def called(after_s: float) -> float:
        until_s = np.array([max(0.0, until_horizon_s) + after_s])
        until = called_until(station, network.classes(), seen.ended_s, until_s)
        return of.waits.count + float(until[0])

    ways = [math.inf]
    if station.queue_max is not None:
        ways.append(called(0.0) + station.queue_max)
    if station.patience is not None:
        visits = of.visits + surely_below(sum(later), 1.0)
        for part in LATER:
            after_s = part * mean_s(station.patience)
            patient = float(share_longer(station.patience, np.array([after_s]))[0])
            ways.append(called(after_s) + surely_below(visits * min(1.0, patient), 1.0))
    return come, min(ways)
