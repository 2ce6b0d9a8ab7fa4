"""One run of the compiled engine, from the network to what was seen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import numpy as np

from sim.compiled_engine import advance as compiled
from sim.compiled_engine.agenda import ENTRY_ROOM, HEAP, USED, empty_agenda
from sim.compiled_engine.customers import USED as USED_PLACES
from sim.compiled_engine.road import longer_road
from sim.compiled_engine.seeds import tables_of
from sim.compiled_engine.state import (
    CAME,
    CROWDS,
    CUSTOMERS,
    LEFT_S,
    NOW_S,
    OPEN_SOURCES,
    STEP,
    TRACE,
    TRACED,
    USED_CROWDS,
    WAITING,
    Array,
    State,
    first_room,
    first_state,
    grown,
)
from sim.compiled_engine.station import look_everywhere
from sim.compiled_engine.tables import Tables, are_links, expected_customers
from sim.engines import Progress, RunInterrupted
from sim.histogram import Times
from sim.network import Network
from sim.observation import (
    ASKED,
    CROWDED,
    CUSTOMERS_INSIDE_MAX,
    DRAIN_HORIZONS_MAX,
    DRAIN_S_MAX,
    ENDLESS,
    ClassSeen,
    Observation,
    Series,
    StationSeen,
    Steps,
    Stopped,
    Trace,
    steps_of,
)

EVENTS_AT_ONCE = 1_000_000
"""Events between two words of progress."""
EVENTS_PER_CUSTOMER = 6.0
"""As a guess; what is right changes only how quick a run is."""
EVENTS_PER_BUCKET = 1.0
BUCKETS_MAX = 2.0**30

STOPS = {compiled.CROWDED: CROWDED, compiled.ENDLESS: ENDLESS}


def play(
    network: Network,
    seed: int,
    *,
    antithetic: bool = False,
    measured_from_s: float = 0.0,
    traced: bool = False,
    inside_max: int = CUSTOMERS_INSIDE_MAX,
    progress: Progress | None = None,
) -> Observation:
    """Play a network once, as `sim.engines.Engine` says."""
    steps = steps_of(network)
    tables = tables_of(network, seed, -1 if antithetic else 0)
    customers = expected_customers(tables)
    room = first_room(customers)
    known = len(tables.stations) + int(tables.stations["servers"].sum())
    per_s = buckets_per_s(customers, network.horizon_s)
    agenda = empty_agenda(len(tables.sources), known + room, per_s)
    state = first_state(tables, agenda, steps, measured_from_s, room, traced=traced)
    last_s = network.horizon_s + max(DRAIN_S_MAX, DRAIN_HORIZONS_MAX * network.horizon_s)
    compiled.begin(tables, state)
    why = compiled.OVER if not state.numbers[OPEN_SOURCES] else compiled.MORE
    reason = ""
    try:
        while why != compiled.OVER and not reason:
            why = compiled.advance(
                tables, state, steps.step_s, measured_from_s, last_s, inside_max, EVENTS_AT_ONCE
            )
            reason = STOPS.get(why, "")
            state = with_room(state, why)
            if progress is not None:
                progress(float(state.moments[NOW_S]), int(state.numbers[CAME]))
    except KeyboardInterrupt:  # between two calls: what was seen so far is whole
        reason = ASKED
    stopped = _stopped(network, state, reason) if reason else None
    seen = _observation(network, seed, tables, state, steps, stopped)
    if reason == ASKED:
        raise RunInterrupted(seen)
    return seen


def with_room(state: State, why: int) -> State:
    """The same with more room, where that is why the engine stopped."""
    numbers, agenda = state.numbers, state.agenda
    release = int(numbers[WAITING]) + compiled.SLACK
    match why:
        case compiled.NEEDS_CUSTOMERS:
            return grown(state, CUSTOMERS, int(state.at_hand[USED_PLACES]) + 1)
        case compiled.NEEDS_CROWDS:
            return grown(state, CROWDS, int(numbers[USED_CROWDS]) + release)
        case compiled.NEEDS_HEAP:
            heap = grown(agenda.heap, agenda.heap._fields, int(agenda.numbers[HEAP]) + release)
            agenda = agenda._replace(heap=heap)
        case compiled.NEEDS_ENTRIES:
            agenda = grown(agenda, ENTRY_ROOM, int(agenda.numbers[USED]) + release)
        case compiled.NEEDS_ROAD:
            return state._replace(road=longer_road(state.road))
        case compiled.NEEDS_TRACE:
            return grown(state, TRACE, int(numbers[TRACED]) + compiled.TRACED_AT_ONCE)
        case _:
            return state
    return state._replace(agenda=agenda)


def buckets_per_s(customers: float, horizon_s: float) -> float:
    """Buckets of the agenda a second, so that a few events fall into each."""
    buckets = customers * EVENTS_PER_CUSTOMER / EVENTS_PER_BUCKET
    return min(BUCKETS_MAX, max(1.0, buckets)) / horizon_s


def _stopped(network: Network, state: State, reason: str) -> Stopped:
    fullest = int(np.argmax(state.at_work["waiting"]))
    state.moments[LEFT_S] = state.moments[NOW_S]
    return Stopped(
        float(state.moments[NOW_S]),
        network.stations[fullest].name,
        int(state.at_work["waiting"][fullest]),
        reason,
    )


def _observation(
    network: Network,
    seed: int,
    tables: Tables,
    state: State,
    steps: Steps,
    stopped: Stopped | None,
) -> Observation:
    ended_s = float(state.moments[LEFT_S])
    look_everywhere(state, ended_s, steps.step_s)
    return Observation(
        network,
        seed,
        int(state.numbers[CAME]),
        ended_s,
        tuple(_stations(tables, state, steps)),
        tuple(_times(state.journeys, state.journey_waits)),
        _trace(state) if len(state.trace) else None,
        stopped,
    )


def _stations(tables: Tables, state: State, steps: Steps) -> Iterator[StationSeen]:
    """Column by column: stations may be many."""
    state.steps["available_s"][are_links(tables)] = 0.0
    columns = [state.steps[name] for name in STEP.names or ()]
    counts = [state.counts[name].tolist() for name in ("visits", "refused", "abandoned")]
    of_classes = map(ClassSeen._make, zip(*counts, _times(state.counts, state.waits), strict=True))
    return map(
        StationSeen._make,
        zip(
            zip(*[of_classes] * tables.classes, strict=True),
            state.steps["busy_s"].sum(axis=1).tolist(),
            state.steps["available_s"].sum(axis=1).tolist(),
            state.at_work["queue_max"].tolist(),
            map(Series._make, zip(repeat(steps.step_s), *columns, strict=False)),
            strict=True,
        ),
    )


def _times(counts: Array, waits: Array) -> Iterator[Times]:
    """Those of each row."""
    waits[:, 0] = counts["at_once"]
    columns = (counts[name].tolist() for name in ("served", "sum_s", "longest_s"))
    return map(Times, *columns, waits)


def _trace(state: State) -> Trace:
    rows = state.trace[: int(state.numbers[TRACED])]
    names = ("customer", "came_s", "visit", "station", "arrival_s", "start_s", "end_s")
    return Trace(*(np.ascontiguousarray(rows[name]) for name in names))
