"""A network as arrays: what an engine in compiled code reads and never changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.customers import Poisson, Recorded, Scheduled, Source
from sim.distributions import Distribution
from sim.network import Network, Station
from sim.random_numbers import (
    ARRIVALS,
    BREAKDOWN,
    PATIENCE,
    REPAIR,
    RETRY,
    ROUTING,
    SERVICE,
    form_of,
    stream_of,
)

Array = np.ndarray[Any, np.dtype[Any]]

NONE = -1
"""No such form, limit, or place."""

STATION = np.dtype(
    [
        ("service_stream", "i8"),
        ("patience_stream", "i8"),
        ("routing_stream", "i8"),
        ("retry_stream", "i8"),
        ("breakdown_stream", "i8"),
        ("repair_stream", "i8"),
        ("batch_wait_s", "f8"),
        ("queue_max", "i8"),
        ("batch_size", "i8"),
        ("plan_first", "i8"),
        ("plan_end", "i8"),
        ("server_first", "i8"),
        ("servers", "i8"),
        ("patience", "i4"),
        ("between", "i4"),
        ("repair", "i4"),
        ("by_priority", "i4"),
        ("breaks_whole", "i4"),
    ],
    align=True,
)
"""`patience`, `between`, `repair` are places of forms; `server_first` is where the servers that may
break down stand in one row of all stations, `servers` how many they are; 0 sizes mean none.
"""

FORM = np.dtype(
    [("kind", "i4"), ("begin", "i4"), ("end", "i4"), ("first", "f8"), ("second", "f8")], align=True
)
PLAN = np.dtype([("from_s", "f8"), ("servers", "i8")], align=True)
OF_CLASS = np.dtype(
    [
        ("service", "i4"),
        ("way_first", "i4"),
        ("way_end", "i4"),
        ("retry", "i4"),
        ("attempts_max", "i4"),
    ],
    align=True,
)
"""What holds for one class at one station."""
WAY = np.dtype([("goal", "i8"), ("until", "f8")], align=True)
SOURCE = np.dtype(
    [
        ("stream", "i8"),
        ("kind", "i4"),
        ("customer_class", "i4"),
        ("level", "i4"),
        ("start", "i4"),
        ("first", "i8"),
        ("end", "i8"),
    ],
    align=True,
)
"""`first` and `end` are places in `pieces`, or in `moments_s`."""
PIECE = np.dtype(
    [("start_s", "f8"), ("per_s", "f8"), ("expected", "f8"), ("customers", "i8")], align=True
)
"""A piece of a rate, with the customers expected before it; or so many customers at one moment."""

POISSON, SCHEDULED, RECORDED = range(3)


class Tables(NamedTuple):
    """A network and a seed, for compiled code; `of_class` is station by station, class by class."""

    stations: Array
    forms: Array
    values_s: Array
    plan: Array
    of_class: Array
    ways: Array
    sources: Array
    pieces: Array
    moments_s: Array
    classes: int
    levels: int
    horizon_s: float
    mask: int


class _Forms:
    """Distributions on one list, each once."""

    def __init__(self) -> None:
        self._places: dict[Distribution, int] = {}
        self.rows: list[tuple[int, int, int, float, float]] = []
        self.values_s: list[float] = []

    def place_of(self, distribution: Distribution | None) -> int:
        if distribution is None:
            return NONE
        if distribution not in self._places:
            form = form_of(distribution)
            begin = len(self.values_s)
            self.values_s += form.values_s
            end = len(self.values_s)
            self._places[distribution] = len(self.rows)
            self.rows.append((form.kind, begin, end, form.first, form.second))
        return self._places[distribution]


def tables_of(network: Network, seed: int, mask: int) -> Tables:
    """The network as arrays; `mask` is 0, or -1 in an antithetic run."""
    forms = _Forms()
    priorities = sorted({source.priority for source in network.sources})
    stations, plan, of_class, ways = _stations(network, seed, forms)
    sources, pieces, moments_s = _sources(network, seed, priorities)
    return Tables(
        stations,
        np.array(forms.rows, dtype=FORM),
        np.array(forms.values_s, dtype=np.float64),
        plan,
        of_class,
        ways,
        sources,
        pieces,
        moments_s,
        len(network.classes()),
        len(priorities),
        network.horizon_s,
        mask,
    )


def _stations(network: Network, seed: int, forms: _Forms) -> tuple[Array, Array, Array, Array]:
    rows = np.zeros(len(network.stations), dtype=STATION)
    plan: list[tuple[float, int]] = []
    of_class: list[tuple[int, int, int, int, int]] = []
    ways: list[tuple[int, float]] = []
    places = {station.name: place for place, station in enumerate(network.stations)}
    routes = {(route.customer_class, route.origin): route.to for route in network.routes}
    servers = 0
    for row, station in zip(rows, network.stations, strict=True):
        for purpose, name in (
            (SERVICE, "service"),
            (PATIENCE, "patience"),
            (ROUTING, "routing"),
            (RETRY, "retry"),
            (BREAKDOWN, "breakdown"),
            (REPAIR, "repair"),
        ):
            row[f"{name}_stream"] = stream_of(seed, purpose, station.name)
        row["plan_first"], row["plan_end"] = len(plan), len(plan) + len(station.capacity)
        plan += station.capacity
        row["queue_max"] = NONE if station.queue_max is None else station.queue_max
        row["patience"] = forms.place_of(station.patience)
        row["by_priority"] = station.priority
        row["batch_size"] = station.batch.size if station.batch else 0
        row["batch_wait_s"] = station.batch.wait_s if station.batch else 0.0
        row["between"] = forms.place_of(station.breakdown.between if station.breakdown else None)
        row["repair"] = forms.place_of(station.breakdown.repair if station.breakdown else None)
        row["server_first"], row["servers"] = servers, _servers_that_break(station)
        row["breaks_whole"] = station.breakdown is not None and station.breakdown.whole
        servers += int(row["servers"])
        own = dict(station.service_of)
        for name in network.classes():
            first, until = len(ways), 0.0
            for goal, share in routes.get((name, station.name), ()):
                until += share
                ways.append((places[goal], until))
            if len(ways) > first and until > 1 - 1e-9:
                ways[-1] = (ways[-1][0], 1.0)
            retry = network.retry_of(name, station.name)
            service = forms.place_of(own.get(name, station.service))
            after, most = (retry.after, retry.attempts_max) if retry else (None, 0)
            of_class.append((service, first, len(ways), forms.place_of(after), most))
    return (
        rows,
        np.array(plan, dtype=PLAN),
        np.array(of_class, dtype=OF_CLASS),
        np.array(ways, dtype=WAY),
    )


def _servers_that_break(station: Station) -> int:
    if station.breakdown is None:
        return 0
    return 1 if station.breakdown.whole else max(servers for _, servers in station.capacity)


def _sources(network: Network, seed: int, priorities: Sequence[int]) -> tuple[Array, Array, Array]:
    rows = np.zeros(len(network.sources), dtype=SOURCE)
    pieces: list[tuple[float, float, float, int]] = []
    moments: list[np.ndarray[Any, np.dtype[np.float64]]] = [np.zeros(0)]
    names = [station.name for station in network.stations]
    kept = 0
    for row, source in zip(rows, network.sources, strict=True):
        row["stream"] = stream_of(seed, ARRIVALS, source.name)
        row["customer_class"] = network.classes().index(source.customer_class)
        row["level"] = priorities.index(source.priority)
        row["start"] = names.index(source.start)
        match source.arrivals:
            case Recorded(moments_s):
                before = np.frombuffer(moments_s, dtype=np.float64)
                moments.append(before[before < network.horizon_s])
                row["kind"], row["first"] = RECORDED, kept
                kept += moments[-1].size
                row["end"] = kept
            case _:
                row["kind"], row["first"] = _kind_of(source), len(pieces)
                pieces += _pieces(source, network.horizon_s)
                row["end"] = len(pieces)
    return rows, np.array(pieces, dtype=PIECE), np.concatenate(moments)


def _kind_of(source: Source) -> int:
    return POISSON if isinstance(source.arrivals, Poisson) else SCHEDULED


def _pieces(source: Source, horizon_s: float) -> list[tuple[float, float, float, int]]:
    match source.arrivals:
        case Poisson(rate_per_s):
            pieces, expected = [], 0.0
            ends_s = [*(start_s for start_s, _ in rate_per_s[1:]), horizon_s]
            for (start_s, per_s), end_s in zip(rate_per_s, ends_s, strict=True):
                pieces.append((start_s, per_s, expected, 0))
                expected += per_s * (min(end_s, horizon_s) - min(start_s, horizon_s))
            pieces.append((horizon_s, 0.0, expected, 0))
            return pieces
        case Scheduled(batches):
            return [
                (moment_s, 0.0, 0.0, customers)
                for moment_s, customers in batches
                if moment_s < horizon_s and customers
            ]
        case _:
            return []
