"""What changes while a run goes on: arrays that are made larger when they are full."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim.compiled_engine.agenda import FIRST_ROOM, SOURCES_APART_MAX, Agenda
from sim.compiled_engine.customers import CUSTOMER
from sim.compiled_engine.heap import Heap
from sim.compiled_engine.lines import cleared_lines, in_whole_lines, room_in_lines
from sim.compiled_engine.road import Road, empty_road
from sim.compiled_engine.station import end_of_step
from sim.compiled_engine.tables import NONE, Tables
from sim.histogram import BUCKETS
from sim.observation import Steps

Array = np.ndarray[Any, np.dtype[Any]]

AT_WORK = in_whole_lines(
    [
        ("seen_s", "f8"),
        ("step_end_s", "f8"),
        ("busy_s", "f8"),
        ("available_s", "f8"),
        ("wait_s", "f8"),
        ("busy", "i4"),
        ("working", "i4"),
        ("waiting", "i4"),
        ("arrivals", "i4"),
        ("served", "i4"),
        ("step_queue_max", "i4"),
        ("queue_max", "i4"),
        ("overdue", "i4"),
        ("step", "i4"),
        ("planned", "i4"),
        ("plan_at", "i4"),
    ]
)
"""A station; what every visit changes is one line of a processor's cache. What its present step of
the series has seen so far is kept here, and laid into the series when the step ends
(`station.look`).
"""
QUEUE = np.dtype([("first", "i4"), ("last", "i4")], align=True)
SERVER = np.dtype([("time", "i8"), ("is_broken", "i8")], align=True)
CROWD = np.dtype([("inside", "i8"), ("next", "i8")], align=True)
COMING = np.dtype(
    [
        ("laid", "f8"),
        ("moment_s", "f8"),
        ("nth", "i8"),
        ("at", "i8"),
        ("left", "i8"),
    ],
    align=True,
)
FIRST_INSIDE_MAX = 1 << 16
BLOCK, SHORT_BLOCK = 32, 8
"""Newcomers of a source whose numbers are drawn at once; fewer where sources are many, so that the
numbers of all stay near.
"""
COUNT = in_whole_lines(
    [
        ("visits", "i8"),
        ("refused", "i8"),
        ("abandoned", "i8"),
        ("served", "i8"),
        ("at_once", "i8"),
        ("sum_s", "f8"),
        ("longest_s", "f8"),
    ]
)
"""`at_once` of those served waited less than what has a bucket of its own."""
WAITS = np.dtype("u4")
"""Up to 4,294,967,295 waits of one bucket: a run of so many as long as one another takes days."""
STEP = np.dtype(
    [
        ("arrivals", "i8"),
        ("served", "i8"),
        ("wait_s", "f8"),
        ("queue_max", "i8"),
        ("busy_s", "f8"),
        ("available_s", "f8"),
    ],
    align=True,
)
VISIT = np.dtype(
    [
        ("customer", "i8"),
        ("visit", "i8"),
        ("station", "i8"),
        ("came_s", "f8"),
        ("arrival_s", "f8"),
        ("start_s", "f8"),
        ("end_s", "f8"),
    ],
    align=True,
)

(
    INSIDE,
    CAME,
    OPEN_SOURCES,
    WAITING,
    FREE_CROWD,
    USED_CROWDS,
    TRACED,
) = range(7)
"""Places in `State.numbers`; `WAITING` is at all stations together."""
LEFT_S, NOW_S = range(2)
"""Places in `State.moments`."""


class State(NamedTuple):
    """Everything that changes; which arrays grow is said in `grown`.

    `next_keys`, `next_gaps` and `next_services_s` are a row a source, for its next customers: who
    they are, how far from one to the next where one is expected a unit, and how long each is served
    first, or `UNKNOWN_S`.
    """

    numbers: Array
    moments: Array
    at_hand: Array
    customers: Array
    at_work: Array
    queues: Array
    servers: Array
    crowds: Array
    coming: Array
    next_keys: Array
    next_gaps: Array
    next_services_s: Array
    agenda: Agenda
    road: Road
    counts: Array
    waits: Array
    journeys: Array
    journey_waits: Array
    steps: Array
    trace: Array


def first_room(customers: float) -> int:
    """Room for so many inside for a start, where so many are expected in all: all of a small
    network, since to grow costs a copy; what nobody uses is never touched, and takes no memory.
    """
    return FIRST_ROOM + int(min(customers, FIRST_INSIDE_MAX))


def first_state(
    tables: Tables,
    agenda: Agenda,
    steps: Steps,
    measured_from_s: float,
    room: int,
    *,
    traced: bool,
) -> State:
    """Nobody has come yet; `room` for so many inside."""
    stations, classes = len(tables.stations), tables.classes
    numbers = np.zeros(7, dtype=np.int64)
    numbers[FREE_CROWD] = NONE
    numbers[OPEN_SOURCES] = len(tables.sources)
    at_work = cleared_lines(stations, AT_WORK)
    at_work["seen_s"] = measured_from_s
    at_work["step"] = min(int(measured_from_s / steps.step_s), steps.length - 1)
    at_work["step_end_s"] = end_of_step(int(at_work["step"][0]), steps.step_s, steps.length)
    at_work["planned"] = tables.plan["servers"][tables.stations["plan_first"]]
    at_work["working"] = at_work["planned"]
    at_work["plan_at"] = tables.stations["plan_first"]
    queues = np.full(stations * tables.levels, NONE, dtype=np.int32)
    coming = np.zeros(len(tables.sources), dtype=COMING)
    coming["at"] = tables.sources["first"]
    block = BLOCK if len(tables.sources) <= SOURCES_APART_MAX else SHORT_BLOCK
    drawn = len(tables.sources) * block
    return State(
        numbers,
        np.zeros(2),
        np.array([NONE, 0]),
        room_in_lines(room, CUSTOMER),
        at_work,
        np.column_stack((queues, queues)).astype(np.int32).view(QUEUE).reshape(-1),
        np.zeros(int(tables.stations["servers"].sum()), dtype=SERVER),
        np.zeros(FIRST_ROOM, dtype=CROWD),
        coming,
        room_in_lines(drawn, np.dtype(np.int64)).reshape(-1, block),
        room_in_lines(drawn, np.dtype(np.float64)).reshape(-1, block),
        room_in_lines(drawn, np.dtype(np.float64)).reshape(-1, block),
        agenda,
        empty_road(),
        cleared_lines(stations * classes, COUNT),
        np.zeros((stations * classes, BUCKETS), dtype=WAITS),
        cleared_lines(classes, COUNT),
        np.zeros((classes, BUCKETS), dtype=WAITS),
        np.zeros((stations, steps.length), dtype=STEP),
        np.zeros(FIRST_ROOM if traced else 0, dtype=VISIT),
    )


CUSTOMERS = ("customers",)
CROWDS = ("crowds",)
TRACE = ("trace",)


Arrays = TypeVar("Arrays", State, Agenda, Heap)


def grown(arrays: Arrays, names: tuple[str, ...], least: int) -> Arrays:
    """The same with those of these names half as long again, and at least so long."""
    length = len(getattr(arrays, names[0]))
    longer = max(least, length + length // 2)
    more: dict[str, Any] = {name: _longer(getattr(arrays, name), longer) for name in names}
    return arrays._replace(**more)


def _longer(array: Array, length: int) -> Array:
    whole = room_in_lines(length, array.dtype)
    whole[: len(array)] = array
    return whole
