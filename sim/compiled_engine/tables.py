"""A network as arrays: what an engine in compiled code reads and never changes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from sim.compiled_engine.lines import in_whole_lines
from sim.customers import Poisson, Recorded, Scheduled
from sim.distributions import Distribution
from sim.network import Network, Station
from sim.places import UNLIMITED
from sim.random_numbers import form_of

Array = np.ndarray[Any, np.dtype[Any]]

NONE = -1
"""No such form, limit, or place."""

STATION = in_whole_lines(
    [
        ("service_stream", "i8"),
        ("routing_stream", "i8"),
        ("patience_stream", "i8"),
        ("batch_wait_s", "f8"),
        ("queue_max", "i8"),
        ("batch_size", "i8"),
        ("patience", "i4"),
        ("by_priority", "i4"),
        ("retry_stream", "i8"),
        ("breakdown_stream", "i8"),
        ("repair_stream", "i8"),
        ("plan_first", "i8"),
        ("plan_end", "i8"),
        ("server_first", "i8"),
        ("servers", "i8"),
        ("between", "i4"),
        ("repair", "i4"),
        ("breaks_whole", "i4"),
    ]
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
_NO_STREAMS = (0,) * 3


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


def tables_without_seed(network: Network) -> Tables:
    """The network as arrays; every stream is 0, and the run is no antithetic one."""
    forms = _Forms()
    priorities = sorted({source.priority for source in network.sources})
    classes = network.classes()
    stations, plan, of_class, ways = _stations(network, classes, forms)
    sources, pieces, moments_s = _sources(network, classes, priorities)
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
        len(classes),
        len(priorities),
        network.horizon_s,
        0,
    )


def are_links(tables: Tables) -> Array:
    """Which stations serve everybody at once while they are open."""
    most = np.maximum.reduceat(tables.plan["servers"], tables.stations["plan_first"])
    links: Array = most == UNLIMITED
    return links


def expected_customers(tables: Tables) -> float:
    """How many customers are expected until the horizon."""
    sources, pieces = tables.sources, tables.pieces
    poisson = sources["end"][sources["kind"] == POISSON] - 1
    recorded = len(tables.moments_s)
    return float(pieces["expected"][poisson].sum() + pieces["customers"].sum() + recorded)


def _stations(
    network: Network, classes: Sequence[str], forms: _Forms
) -> tuple[Array, Array, Array, Array]:
    rows: list[tuple[float, ...]] = []
    plans: list[Array] = []
    of_class: list[tuple[int, int, int, int, int]] = []
    ways: list[tuple[int, float]] = []
    places = {station.name: place for place, station in enumerate(network.stations)}
    routes = {(route.customer_class, route.origin): route.to for route in network.routes}
    comes_back = {retry.customer_class for retry in network.retries}
    planned = servers = 0
    for station in network.stations:
        steps = _columns(station.capacity)
        plan = np.zeros(len(steps), dtype=PLAN)
        plan["from_s"], plan["servers"] = steps[:, 0], steps[:, 1]
        plans.append(plan)
        may_break = _servers_that_break(station, plan)
        breakdown, batch = station.breakdown, station.batch
        rows.append(
            (
                *_NO_STREAMS,
                batch.wait_s if batch else 0.0,
                NONE if station.queue_max is None else station.queue_max,
                batch.size if batch else 0,
                forms.place_of(station.patience),
                station.priority,
                *_NO_STREAMS,
                planned,
                planned + len(plan),
                servers,
                may_break,
                forms.place_of(breakdown.between if breakdown else None),
                forms.place_of(breakdown.repair if breakdown else None),
                breakdown is not None and breakdown.whole,
            )
        )
        planned, servers = planned + len(plan), servers + may_break
        own = dict(station.service_of)
        for name in classes:
            first, until = len(ways), 0.0
            for goal, share in routes.get((name, station.name), ()):
                until += share
                ways.append((places[goal], until))
            if len(ways) > first and until > 1 - 1e-9:
                ways[-1] = (ways[-1][0], 1.0)
            retry = network.retry_of(name, station.name) if name in comes_back else None
            service = forms.place_of(own.get(name, station.service))
            after, most = (retry.after, retry.attempts_max) if retry else (None, 0)
            of_class.append((service, first, len(ways), forms.place_of(after), most))
    return (
        np.array(rows, dtype=STATION),
        np.concatenate(plans),
        np.array(of_class, dtype=OF_CLASS),
        np.array(ways, dtype=WAY),
    )


def _servers_that_break(station: Station, plan: Array) -> int:
    if station.breakdown is None:
        return 0
    return 1 if station.breakdown.whole else int(plan["servers"].max())


def _sources(
    network: Network, classes: Sequence[str], priorities: Sequence[int]
) -> tuple[Array, Array, Array]:
    rows: list[tuple[int, ...]] = []
    pieces: list[Array] = [np.zeros(0, dtype=PIECE)]
    moments: list[np.ndarray[Any, np.dtype[np.float64]]] = [np.zeros(0)]
    class_at = {name: place for place, name in enumerate(classes)}
    station_at = {station.name: place for place, station in enumerate(network.stations)}
    laid = kept = 0
    for source in network.sources:
        match source.arrivals:
            case Recorded(moments_s):
                before = np.frombuffer(moments_s, dtype=np.float64)
                moments.append(before[before < network.horizon_s])
                kind, first, kept = RECORDED, kept, kept + moments[-1].size
                end = kept
            case Poisson(rate_per_s):
                pieces.append(_pieces_of_rate(_columns(rate_per_s), network.horizon_s))
                kind, first, laid = POISSON, laid, laid + pieces[-1].size
                end = laid
            case Scheduled(batches):
                pieces.append(_pieces_of_batches(_columns(batches), network.horizon_s))
                kind, first, laid = SCHEDULED, laid, laid + pieces[-1].size
                end = laid
        of_class, start = class_at[source.customer_class], station_at[source.start]
        level = priorities.index(source.priority)
        rows.append((0, kind, of_class, level, start, first, end))
    return np.array(rows, dtype=SOURCE), np.concatenate(pieces), np.concatenate(moments)


def _columns(pairs: Sequence[tuple[float, float]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Pairs as two columns; whole numbers are far below where floats leave some out."""
    values = chain.from_iterable(pairs)
    return np.fromiter(values, dtype=np.float64, count=2 * len(pairs)).reshape(-1, 2)


def _pieces_of_rate(steps: np.ndarray[Any, np.dtype[np.float64]], horizon_s: float) -> Array:
    """Customers expected are added up one piece after the other, as the story does."""
    edges_s = np.minimum(np.append(steps[:, 0], horizon_s), horizon_s)
    pieces = np.zeros(len(steps) + 1, dtype=PIECE)
    pieces["start_s"][:-1], pieces["start_s"][-1] = steps[:, 0], horizon_s
    pieces["per_s"][:-1] = steps[:, 1]
    pieces["expected"][1:] = np.cumsum(steps[:, 1] * (edges_s[1:] - edges_s[:-1]))
    return pieces


def _pieces_of_batches(batches: np.ndarray[Any, np.dtype[np.float64]], horizon_s: float) -> Array:
    come = batches[(batches[:, 0] < horizon_s) & (batches[:, 1] > 0)]
    pieces = np.zeros(len(come), dtype=PIECE)
    pieces["start_s"], pieces["customers"] = come[:, 0], come[:, 1]
    return pieces
