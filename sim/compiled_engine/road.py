"""Those who are on their way for long, kept by when they arrive and not among those at hand.

Whoever is next seen in a later round of the agenda's buckets moves, record and all, into the drawer
of that round, and the place at hand is somebody else's. So the places in use stay few, however
many are on their way; a drawer is filled and read from one end to the other, which memory is quick
at. Without this a million customers on their way were a million places that no cache holds.

A drawer is a row of chunks. Where there is no chunk, or the round lies behind the last drawer, a
customer stays at hand, with an entry of the agenda: that is slower, and the same.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compilation import compiled
from sim.compiled_engine.agenda import (
    BUCKET,
    COMERS,
    DRAWERS,
    ENTRIES,
    FREE,
    HEAP,
    LATEST,
    RING,
    RING_BITS,
    STAMP_BITS,
    USED,
    begin_round,
    bucket_of,
    lay_by,
    put,
)
from sim.compiled_engine.customers import CUSTOMER, give_place_up, is_full, place_for_one
from sim.compiled_engine.heap import rises
from sim.compiled_engine.lines import index, room_in_lines
from sim.compiled_engine.prefetch import CUSTOMERS_AHEAD, ENTRIES_AHEAD, fetch

Array = np.ndarray[Any, np.dtype[Any]]

CHUNK_BITS = 5
CHUNK = 1 << CHUNK_BITS
"""Customers of one chunk: two kilobytes of records."""
FIRST_CHUNKS = 32
FREE_CHUNK, USED_CHUNKS = range(2)
"""Places in `Road.numbers`."""
DRAWER = np.dtype([("chunk", "i4"), ("filled", "i4")], align=True)
"""The chunk that is being filled, or -1, and how many are in it."""
READY, SOME_CAME, HEAP_IS_FULL, INSIDE_IS_FULL, ENTRIES_ARE_FULL = range(5)
"""What `turn` says; some came from the road, and took room."""


class Road(NamedTuple):
    """`after` leads from a chunk to the one filled before it, or through the free ones; the others
    are a row of `CHUNK` a chunk.
    """

    numbers: Array
    drawers: Array
    after: Array
    customers: Array
    moments_s: Array
    orders: Array


def empty_road() -> Road:
    """Nobody is on the way."""
    drawers = np.zeros(DRAWERS, dtype=DRAWER)
    drawers["chunk"] = -1
    return Road(np.array([-1, 0]), drawers, *_chunks(FIRST_CHUNKS))


def longer_road(road: Road) -> Road:
    """The same with twice the room."""
    longer = _chunks(2 * len(road.after))
    for old, new in zip(road[2:], longer, strict=True):
        new[: len(old)] = old
    return Road(road.numbers, road.drawers, *longer)


def _chunks(many: int) -> tuple[Array, ...]:
    places = many << CHUNK_BITS
    return (
        room_in_lines(many, np.dtype(np.int32)),
        room_in_lines(places, CUSTOMER),
        room_in_lines(places, np.dtype(np.float64)),
        room_in_lines(places, np.dtype(np.int64)),
    )


@compiled
def is_long_enough(road):  # type: ignore[no-untyped-def]
    """Whether there is a chunk left; without one nothing goes wrong."""
    return road.numbers[FREE_CHUNK] >= 0 or road.numbers[USED_CHUNKS] < len(road.after)


@compiled
def sets_out(state, slot, moment_s, order):  # type: ignore[no-untyped-def]
    """A customer is seen again then; who that is at this place is not known any more."""
    agenda, road = state.agenda, state.road
    bucket, here = bucket_of(agenda, moment_s), agenda.numbers[BUCKET]
    ahead = (bucket >> RING_BITS) - (here >> RING_BITS)
    if bucket - here < RING or ahead >= DRAWERS:
        put(agenda, moment_s, order, slot << STAMP_BITS)
        return
    drawer = road.drawers[index((bucket >> RING_BITS) & (DRAWERS - 1))]
    if drawer.chunk < 0 or drawer.filled == CHUNK:
        if not is_long_enough(road):
            put(agenda, moment_s, order, slot << STAMP_BITS)
            return
        chunk = road.numbers[FREE_CHUNK]
        if chunk >= 0:
            road.numbers[FREE_CHUNK] = road.after[index(chunk)]
        else:
            chunk = road.numbers[USED_CHUNKS]
            road.numbers[USED_CHUNKS] = chunk + 1
        road.after[index(chunk)] = drawer.chunk
        drawer.chunk, drawer.filled = chunk, 0
    at = index((drawer.chunk << CHUNK_BITS) + drawer.filled)
    road.customers[at] = state.customers[index(slot)]
    road.moments_s[at] = moment_s
    road.orders[at] = order
    drawer.filled += 1
    agenda.numbers[ENTRIES] += 1
    give_place_up(state.at_hand, state.customers, slot)


@compiled
def arrive_from_road(state, nth):  # type: ignore[no-untyped-def]
    """Those who are seen in this round come to hand, each with an entry; whether there was room for
    all. The others come with the next call.
    """
    agenda, road = state.agenda, state.road
    entered = agenda.numbers
    drawer = road.drawers[index(nth & (DRAWERS - 1))]
    if drawer.chunk < 0:
        return READY
    while drawer.chunk >= 0:
        while drawer.filled > 0:
            if is_full(state.at_hand, state.customers):
                return INSIDE_IS_FULL
            if entered[FREE] < 0 and entered[USED] == len(agenda.entries):
                return ENTRIES_ARE_FULL
            drawer.filled -= 1
            at = index((drawer.chunk << CHUNK_BITS) + drawer.filled)
            slot = place_for_one(state.at_hand, state.customers)
            state.customers[index(slot)] = road.customers[at]
            moment_s = road.moments_s[at]
            entered[ENTRIES] -= 1
            lay_by(
                agenda, bucket_of(agenda, moment_s), moment_s, road.orders[at], slot << STAMP_BITS
            )
        chunk = drawer.chunk
        drawer.chunk, drawer.filled = road.after[index(chunk)], CHUNK
        road.after[index(chunk)] = road.numbers[FREE_CHUNK]
        road.numbers[FREE_CHUNK] = chunk
    return SOME_CAME


@compiled
def turn(state):  # type: ignore[no-untyped-def]
    """Go to the next bucket that is not empty, and put what is in it into the heap.

    Not further than to where the next customer comes from outside; what the buckets ahead are about
    is brought near. To be called while the heap is empty, or where there was too little room the
    last time, which is what it says: the next call does the rest.
    """
    agenda = state.agenda
    numbers, heads = agenda.numbers, agenda.heads
    until = LATEST
    if numbers[COMERS]:
        until = min(until, agenda.comers.moments_s[0] * agenda.per_s)
    told = READY
    while True:
        came = arrive_from_road(state, numbers[BUCKET] >> RING_BITS)
        told = max(told, came)
        if told > SOME_CAME:
            return told
        here = numbers[BUCKET] & (RING - 1)
        entry = heads[here]
        while entry >= 0:
            place = numbers[HEAP]
            if place == len(agenda.heap.what):  # the next call begins here
                heads[here] = entry
                return HEAP_IS_FULL
            numbers[HEAP] = place + 1
            laid = agenda.entries[index(entry)]
            rises(agenda.heap, place, laid.moment_s, laid.order, laid.what)
            after = laid.next
            laid.next = numbers[FREE]
            numbers[FREE] = entry
            numbers[ENTRIES] -= 1
            entry = after
        heads[here] = -1
        if numbers[HEAP] > 0 or numbers[ENTRIES] == 0 or numbers[BUCKET] >= until:
            return told
        numbers[BUCKET] += 1
        if numbers[BUCKET] & (RING - 1) == 0:
            begin_round(agenda, numbers[BUCKET] >> RING_BITS)
        fetch(agenda.entries, heads[(numbers[BUCKET] + ENTRIES_AHEAD) & (RING - 1)])
        near = heads[(numbers[BUCKET] + CUSTOMERS_AHEAD) & (RING - 1)]
        if near >= 0:
            fetch(state.customers, agenda.entries[index(near)].what >> STAMP_BITS)
