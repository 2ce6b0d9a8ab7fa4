"""One run of the compiled engine, from the network to what was seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled_engine import advance as compiled
from sim.compiled_engine.agenda import ENTRY_ROOM, HEAP, HEAP_ROOM, USED, empty_agenda
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
    USED_CUSTOMERS,
    WAITING,
    State,
    first_state,
    grown,
)
from sim.compiled_engine.station import look
from sim.compiled_engine.tables import Tables, tables_of
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
EVENTS_PER_BUCKET = 3.0
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
    known = len(tables.stations) + int(tables.stations["servers"].sum())
    agenda = empty_agenda(len(tables.sources), known, buckets_per_s(network))
    state = first_state(tables, agenda, steps, measured_from_s, traced=traced)
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
            return grown(state, CUSTOMERS, int(numbers[USED_CUSTOMERS]) + 1)
        case compiled.NEEDS_CROWDS:
            return grown(state, CROWDS, int(numbers[USED_CROWDS]) + release)
        case compiled.NEEDS_HEAP:
            agenda = grown(agenda, HEAP_ROOM, int(agenda.numbers[HEAP]) + release)
        case compiled.NEEDS_ENTRIES:
            agenda = grown(agenda, ENTRY_ROOM, int(agenda.numbers[USED]) + release)
        case compiled.NEEDS_TRACE:
            return grown(state, TRACE, int(numbers[TRACED]) + compiled.TRACED_AT_ONCE)
        case _:
            return state
    return state._replace(agenda=agenda)


def buckets_per_s(network: Network) -> float:
    """Buckets of the agenda a second, so that a few events fall into each."""
    customers = network.expected_customers()
    buckets = customers * EVENTS_PER_CUSTOMER / EVENTS_PER_BUCKET
    return min(BUCKETS_MAX, max(1.0, buckets)) / network.horizon_s


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
    for place in range(len(network.stations)):
        look(state, place, ended_s, steps.step_s)
    return Observation(
        network,
        seed,
        int(state.numbers[CAME]),
        ended_s,
        tuple(
            _station(network, tables, state, steps, place) for place in range(len(network.stations))
        ),
        tuple(
            _times(state.journeys[place], state.journey_waits[place])
            for place in range(tables.classes)
        ),
        _trace(state) if len(state.trace) else None,
        stopped,
    )


def _station(
    network: Network, tables: Tables, state: State, steps: Steps, place: int
) -> StationSeen:
    first = place * tables.classes
    by_class = tuple(
        ClassSeen(
            int(count["visits"]), int(count["refused"]), int(count["abandoned"]),
            _times(count, buckets),
        )
        for count, buckets in zip(
            state.counts[first : first + tables.classes],
            state.waits[first : first + tables.classes],
            strict=True,
        )
    )  # fmt: skip
    of = state.steps[place]
    if network.stations[place].is_link:
        of["available_s"] = 0.0
    series = Series(steps.step_s, *(of[name] for name in STEP.names or ()))
    return StationSeen(
        by_class,
        float(of["busy_s"].sum()),
        float(of["available_s"].sum()),
        int(state.at_work["queue_max"][place]),
        series,
    )


def _times(count: Any, buckets: Any) -> Times:
    buckets[0] = count["served"] - buckets[1:].sum()
    return Times(int(count["served"]), float(count["sum_s"]), float(count["longest_s"]), buckets)


def _trace(state: State) -> Trace:
    rows = state.trace[: int(state.numbers[TRACED])]
    names = ("customer", "came_s", "visit", "station", "arrival_s", "start_s", "end_s")
    return Trace(*(np.ascontiguousarray(rows[name]) for name in names))
