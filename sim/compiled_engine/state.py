"""What changes while a run goes on: arrays that are made larger when they are full."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim.compiled_engine.agenda import FIRST_ROOM, SOURCES_APART_MAX, Agenda
from sim.compiled_engine.heap import Heap
from sim.compiled_engine.lines import room_in_lines
from sim.compiled_engine.station import end_of_step
from sim.compiled_engine.tables import NONE, Tables
from sim.histogram import BUCKETS
from sim.observation import Steps

Array = np.ndarray[Any, np.dtype[Any]]

CUSTOMER = np.dtype(
    [
        ("key", "i8"),
        ("number", "i8"),
        ("came_s", "f8"),
        ("arrival_s", "f8"),
        ("began_s", "f8"),
        ("next", "i4"),
        ("previous", "i4"),
        ("crowd", "i4"),
        ("visits", "i4"),
        ("place", "i2"),
        ("customer_class", "i2"),
        ("attempts", "i2"),
        ("level", "i1"),
        ("waits", "i1"),
    ],
    align=True,
)
"""One inside the network, 64 bytes; `next` also leads through the free places. `waits` is 0, 1, or
`OVERDUE` for one who has waited long enough for a batch. Before the first service `began_s` is how
long that will take, or `UNKNOWN_S`.
"""
OVERDUE = 2
UNKNOWN_S = -1.0
"""A time that is drawn when it is needed."""
AT_WORK = np.dtype(
    [
        ("seen_s", "f8"),
        ("step_end_s", "f8"),
        ("busy", "i8"),
        ("working", "i8"),
        ("waiting", "i8"),
        ("busy_s", "f8"),
        ("available_s", "f8"),
        ("step_queue_max", "i8"),
        ("arrivals", "i8"),
        ("served", "i8"),
        ("wait_s", "f8"),
        ("queue_max", "i8"),
        ("overdue", "i8"),
        ("step", "i8"),
        ("planned", "i8"),
        ("plan_at", "i8"),
    ],
    align=True,
)
"""A station, two lines of a processor's cache. What its present step of the series has seen so far
is kept here, and laid into the series when the step ends (`station.look`).
"""
QUEUE = np.dtype([("first", "i4"), ("last", "i4")], align=True)
SERVER = np.dtype([("time", "i8"), ("is_broken", "i8")], align=True)
CROWD = np.dtype([("inside", "i8"), ("next", "i8")], align=True)
COMING = np.dtype(
    [
        ("key", "i8"),
        ("laid", "f8"),
        ("moment_s", "f8"),
        ("nth", "i8"),
        ("at", "i8"),
        ("left", "i8"),
    ],
    align=True,
)
FIRST_INSIDE_MAX = 1 << 16
BLOCK = 32
"""Newcomers of a source whose numbers are drawn at once, where sources are few."""
COUNT = np.dtype(
    [
        ("visits", "i8"),
        ("refused", "i8"),
        ("abandoned", "i8"),
        ("served", "i8"),
        ("at_once", "i8"),
        ("sum_s", "f8"),
        ("longest_s", "f8"),
    ],
    align=True,
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
    FREE_CUSTOMER,
    USED_CUSTOMERS,
    FREE_CROWD,
    USED_CROWDS,
    TRACED,
) = range(9)
"""Places in `State.numbers`; `WAITING` is at all stations together."""
LEFT_S, NOW_S = range(2)
"""Places in `State.moments`."""


class State(NamedTuple):
    """Everything that changes; which arrays grow is said in `grown`.

    `next_keys`, `next_gaps` and `next_services_s` are a row a source, for its next `BLOCK`
    customers: who they are, how far from one to the next where one is expected a unit, and how long
    each is served first, or `UNKNOWN_S`. There are no rows where sources are many.
    """

    numbers: Array
    moments: Array
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
    numbers = np.zeros(9, dtype=np.int64)
    numbers[[FREE_CUSTOMER, FREE_CROWD]] = NONE
    numbers[OPEN_SOURCES] = len(tables.sources)
    at_work = room_in_lines(stations, AT_WORK)
    at_work[:] = 0
    at_work["seen_s"] = measured_from_s
    at_work["step"] = min(int(measured_from_s / steps.step_s), steps.length - 1)
    at_work["step_end_s"] = end_of_step(int(at_work["step"][0]), steps.step_s, steps.length)
    at_work["planned"] = tables.plan["servers"][tables.stations["plan_first"]]
    at_work["working"] = at_work["planned"]
    at_work["plan_at"] = tables.stations["plan_first"]
    queues = np.full(stations * tables.levels, NONE, dtype=np.int32)
    coming = np.zeros(len(tables.sources), dtype=COMING)
    coming["at"] = tables.sources["first"]
    apart = len(tables.sources) if len(tables.sources) <= SOURCES_APART_MAX else 0
    return State(
        numbers,
        np.zeros(2),
        room_in_lines(room, CUSTOMER),
        at_work,
        np.column_stack((queues, queues)).astype(np.int32).view(QUEUE).reshape(-1),
        np.zeros(int(tables.stations["servers"].sum()), dtype=SERVER),
        np.zeros(FIRST_ROOM, dtype=CROWD),
        coming,
        np.zeros((apart, BLOCK), dtype=np.int64),
        np.zeros((apart, BLOCK)),
        np.zeros((apart, BLOCK)),
        agenda,
        np.zeros(stations * classes, dtype=COUNT),
        np.zeros((stations * classes, BUCKETS), dtype=WAITS),
        np.zeros(classes, dtype=COUNT),
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
