"""Everything that is wrong with a network, in reading order.

What no engine could play is refused here: names that lead nowhere, times that cannot be drawn, and
journeys that never end, because no way leads out or nobody serves at last.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from sim.customers import Poisson, Recorded, Retry, Route, Scheduled, Source
from sim.distributions import Distribution, fault_of, mean_s
from sim.parameters import Fault
from sim.places import UNLIMITED, Station

STATIONS_MAX = 4096
SOURCES_MAX = 4096
SERVERS_MAX = 1_000_000
UNITS_MAX = 65_536
"""Most servers of a station whose servers break down."""
BATCH_MAX = 100_000
CUSTOMERS_AT_ONCE_MAX = 2_000_000_000
ATTEMPTS_MAX = 1000
PRIORITIES_MAX = 64


def faults_of(
    horizon_s: float,
    stations: Sequence[Station],
    sources: Sequence[Source],
    routes: Sequence[Route],
    retries: Sequence[Retry],
) -> tuple[Fault, ...]:
    """All of them; empty where nothing is wrong."""
    names = [station.name for station in stations]
    classes = {source.customer_class for source in sources}
    faults: list[Fault] = []
    if not (math.isfinite(horizon_s) and horizon_s > 0):
        faults.append(Fault("network.horizon_s", repr(horizon_s), "seconds > 0"))
    faults += _faults_of_names("station", names, STATIONS_MAX)
    faults += _faults_of_names("source", [source.name for source in sources], SOURCES_MAX)
    if len({source.priority for source in sources}) > PRIORITIES_MAX:
        expected = f"at most {PRIORITIES_MAX} different priorities"
        faults.append(Fault("source.priority", f"{len(sources)} sources", expected))
    for station in stations:
        faults += _faults_of_station(station, classes)
    for source in sources:
        faults += _faults_of_source(source, names)
    for route in routes:
        faults += _faults_of_route(route, names, classes)
    told = Counter((route.customer_class, route.origin) for route in routes)
    for customer_class, origin in (key for key, times in told.items() if times > 1):
        key = f"route.{customer_class}.{origin}"
        faults.append(Fault(key, "two routes", "one route of a class after a station"))
    for retry in retries:
        faults += _faults_of_retry(retry, names, classes)
    return tuple(faults) if faults else tuple(_endless(names, sources, routes))


def _faults_of_names(kind: str, names: Sequence[str], most: int) -> Iterable[Fault]:
    if not names:
        yield Fault(f"{kind}.name", "none", f"at least one {kind}")
    if len(names) > most:
        yield Fault(f"{kind}.name", f"{len(names)}", f"at most {most}")
    for name in (name for name, times in Counter(names).items() if times > 1):
        yield Fault(f"{kind}.name", f"{name!r} twice", "each name once")
    for name in names:
        if not name or name == "exit":
            yield Fault(f"{kind}.name", repr(name), "a name, and not exit: that leads out")


def _faults_of_station(station: Station, classes: set[str]) -> Iterable[Fault]:
    key = f"station.{station.name}"
    yield from _faults_of_capacity(f"{key}.capacity", station)
    if station.queue_max is not None and station.queue_max < 0:
        yield Fault(f"{key}.queue_max", repr(station.queue_max), ">= 0")
    yield from _faults_of_distribution(f"{key}.service", station.service)
    for name, service in station.service_of:
        yield from _faults_of_distribution(f"{key}.service_of.{name}", service)
        if name not in classes:
            yield Fault(f"{key}.service_of", repr(name), f"a class among {sorted(classes)}")
    if station.patience is not None:
        yield from _faults_of_distribution(f"{key}.patience", station.patience)
    if station.breakdown is not None:
        yield from _faults_of_distribution(f"{key}.breakdown.between", station.breakdown.between)
        yield from _faults_of_distribution(f"{key}.breakdown.repair", station.breakdown.repair)
        if not mean_s(station.breakdown.between) > 0:
            yield Fault(f"{key}.breakdown.between", "0 s", "some time between two breakdowns")
        most = max((servers for _, servers in station.capacity), default=0)
        if most > UNITS_MAX and not station.breakdown.whole:
            expected = f"at most {UNITS_MAX} servers that break down each by itself"
            yield Fault(f"{key}.breakdown", f"{most} servers", expected)
    if station.batch is not None:
        if not 1 <= station.batch.size <= BATCH_MAX:
            yield Fault(f"{key}.batch.size", repr(station.batch.size), f"1 to {BATCH_MAX}")
        if not (math.isfinite(station.batch.wait_s) and station.batch.wait_s >= 0):
            yield Fault(f"{key}.batch.wait_s", repr(station.batch.wait_s), "seconds >= 0")


def _faults_of_capacity(key: str, station: Station) -> Iterable[Fault]:
    yield from _faults_of_steps(key, station.capacity)
    for _, servers in station.capacity:
        if servers != UNLIMITED and not 0 <= servers <= SERVERS_MAX:
            yield Fault(key, repr(servers), f"0 to {SERVERS_MAX} servers")
    if station.capacity and station.capacity[-1][1] == 0:
        # Everyone inside is served: with nobody at the end the run would never finish.
        if len(station.capacity) == 1:
            yield Fault(key, "0 servers", "1 server or more: with none nobody is ever served")
        else:
            found = f"0 servers from second {station.capacity[-1][0]:g} on"
            yield Fault(key, found, "1 server or more in the end, for those still inside")


def _faults_of_source(source: Source, names: Sequence[str]) -> Iterable[Fault]:
    key = f"source.{source.name}"
    if source.start not in names:
        yield Fault(f"{key}.start", repr(source.start), f"one of {list(names)}")
    match source.arrivals:
        case Poisson(rate_per_s):
            yield from _faults_of_steps(f"{key}.rate_per_s", rate_per_s)
        case Scheduled(batches):
            moments, many = [at for at, _ in batches], [customers for _, customers in batches]
            if not _ascend(moments, strictly=True):
                yield Fault(f"{key}.batches", repr(moments), "seconds >= 0, ascending")
            if any(not 0 <= customers <= CUSTOMERS_AT_ONCE_MAX for customers in many):
                expected = f"0 to {CUSTOMERS_AT_ONCE_MAX} customers"
                yield Fault(f"{key}.batches", repr(many), expected)
        case Recorded(moments_s):
            if not _ascend(moments_s, strictly=False):
                yield Fault(f"{key}.moments_s", "not ascending", "seconds >= 0, ascending")


def _faults_of_route(route: Route, names: Sequence[str], classes: set[str]) -> Iterable[Fault]:
    key = f"route.{route.customer_class}.{route.origin}"
    if route.customer_class not in classes:
        expected = f"a class among {sorted(classes)}"
        yield Fault(f"{key}.class", repr(route.customer_class), expected)
    targets, known = [name for name, _ in route.to], set(names)
    unknown = [name for name in (route.origin, *targets) if name not in known]
    if unknown:
        yield Fault(key, repr(unknown), f"stations among {list(names)}")
    if len(set(targets)) != len(targets):
        yield Fault(f"{key}.to", repr(targets), "each station once")
    shares = [share for _, share in route.to]
    if not all(share >= 0 for share in shares) or not sum(shares) <= 1 + 1e-9:
        yield Fault(f"{key}.to", repr(shares), "probabilities >= 0 with sum <= 1")


def _faults_of_retry(retry: Retry, names: Sequence[str], classes: set[str]) -> Iterable[Fault]:
    key = f"retry.{retry.customer_class}"
    if retry.customer_class not in classes:
        expected = f"a class among {sorted(classes)}"
        yield Fault(f"{key}.class", repr(retry.customer_class), expected)
    if retry.station is not None and retry.station not in names:
        yield Fault(f"{key}.station", repr(retry.station), f"one of {list(names)}")
    if not 1 <= retry.attempts_max <= ATTEMPTS_MAX:
        yield Fault(f"{key}.attempts_max", repr(retry.attempts_max), f"1 to {ATTEMPTS_MAX}")
    yield from _faults_of_distribution(f"{key}.after_s", retry.after)


def _faults_of_steps(key: str, steps: Sequence[tuple[float, float]]) -> Iterable[Fault]:
    moments = [moment for moment, _ in steps]
    if not moments or moments[0] != 0 or not _ascend(moments, strictly=True):
        yield Fault(key, repr(moments), "seconds ascending from 0")
    elif any(not math.isfinite(value) or value < 0 for _, value in steps):
        yield Fault(key, repr([value for _, value in steps]), "finite values >= 0")


def _faults_of_distribution(key: str, distribution: Distribution) -> Iterable[Fault]:
    expected = fault_of(distribution)
    if expected:
        yield Fault(key, repr(distribution), expected)


def _ascend(moments: Sequence[float], *, strictly: bool) -> bool:
    if not all(math.isfinite(moment) and moment >= 0 for moment in moments):
        return False
    return all(a < b or (a == b and not strictly) for a, b in pairwise(moments))


def _endless(
    names: Sequence[str], sources: Sequence[Source], routes: Sequence[Route]
) -> Iterable[Fault]:
    """Stations from which a class that reaches them never finds a way out."""
    to = {(route.customer_class, route.origin): route.to for route in routes}
    for customer_class in dict.fromkeys(source.customer_class for source in sources):
        starts = {s.start for s in sources if s.customer_class == customer_class}
        next_of = {
            name: {goal for goal, share in to.get((customer_class, name), ()) if share > 0}
            for name in names
        }
        way_out = {
            name
            for name in names
            if sum(share for _, share in to.get((customer_class, name), ())) < 1 - 1e-9
        }
        while more := {name for name in names if next_of[name] & way_out} - way_out:
            way_out |= more
        reached = set(starts)
        while more := {goal for name in reached for goal in next_of[name]} - reached:
            reached |= more
        for name in names:
            if name in reached - way_out:
                found = "its routes only lead round in circles"
                yield Fault(f"route.{customer_class}.{name}", found, "a way that leads out")
