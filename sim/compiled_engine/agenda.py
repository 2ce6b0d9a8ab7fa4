"""What happens next: a heap for what is near, buckets for what is not, and who comes from outside.

Entries are (moment, order, what), and come out by moment, then by order. The first one is taken
by leaving a gap in its place, which the next entry fills, or the last one.

A bucket holds what happens in so many seconds; the heap holds what happens in the present bucket,
so it stays small however many customers are on their way. Buckets stand in a ring; what lies
further ahead is put into the drawer of its round of the ring, and into buckets when that round
begins; what lies behind the last drawer waits in one row. Numbers of buckets grow with moments (a
product is monotone in floats too), so the order is exact.

Who comes next from each source stands in a heap of its own where sources are few: half of all
entries at no cost. Where they are many, buckets are quicker for them, too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compilation import compiled
from sim.compiled_engine.lines import room_in_lines
from sim.compiled_engine.prefetch import CUSTOMERS_AHEAD, ENTRIES_AHEAD, fetch

Array = np.ndarray[Any, np.dtype[Any]]

RING_BITS = 13
RING = 1 << RING_BITS
"""Buckets of one round: their heads fit into the first cache of a processor."""
DRAWERS = 1 << 12
"""Rounds ahead that have a drawer."""
SOURCES_APART_MAX = 16
"""With more sources theirs are entries like others."""
FIRST_ROOM = 1024
LATEST = 2.0**62
NOBODY = -1
"""What an entry is about where it is no customer."""
STAMP_BITS = 20
"""An entry about a customer: the place among those inside, and which of the customer's visits."""

HEAP, GAP, COMERS, BUCKET, ENTRIES, USED, FREE, FAR = range(8)
"""Places in `Agenda.numbers`: entries in the heap, whether its first one was taken, sources in
their heap, the present bucket, entries in buckets, places ever used for them, the first of those
that are free again, and the first entry behind the last drawer.
"""


ENTRY = np.dtype([("moment_s", "f8"), ("order", "i8"), ("what", "i8"), ("next", "i8")], align=True)
"""What lies in a bucket, half a line of a processor's cache."""


class Agenda(NamedTuple):
    """Arrays of the agenda; `per_s` is how many buckets a second has."""

    numbers: Array
    comes_s: Array
    comes_order: Array
    heap_s: Array
    heap_order: Array
    heap_what: Array
    entries: Array
    heads: Array
    drawers: Array
    per_s: float


HEAP_ROOM = ("heap_s", "heap_order", "heap_what")
ENTRY_ROOM = ("entries",)


def empty_agenda(sources: int, room: int, per_s: float) -> Agenda:
    """Nothing is entered yet; room for so many sources, and so many entries for a start."""
    numbers = np.zeros(8, dtype=np.int64)
    numbers[[FREE, FAR]] = -1
    room += FIRST_ROOM
    return Agenda(
        numbers,
        np.zeros(sources),
        np.zeros(sources, dtype=np.int64),
        np.empty(room),
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int64),
        room_in_lines(room, ENTRY),
        np.full(RING, -1, dtype=np.int32),
        np.full(DRAWERS, -1, dtype=np.int32),
        per_s,
    )


@compiled
def rises(heap_s, heap_order, heap_what, at, moment_s, order, what):  # type: ignore[no-untyped-def]
    """Put an entry into the heap, from this place up."""
    while at > 0:
        above = (at - 1) >> 1
        if (heap_s[above] < moment_s) | ((heap_s[above] == moment_s) & (heap_order[above] < order)):
            break
        heap_s[at] = heap_s[above]
        heap_order[at] = heap_order[above]
        heap_what[at] = heap_what[above]
        at = above
    heap_s[at] = moment_s
    heap_order[at] = order
    heap_what[at] = what


@compiled
def sinks(agenda, length, moment_s, order, what):  # type: ignore[no-untyped-def]
    """Put an entry into the heap of this length in place of the first one.

    The hole goes down along the smaller ones to the end, then the entry rises from there: it is
    late, as a rule, and seldom rises far.
    """
    heap_s, heap_order, heap_what = agenda.heap_s, agenda.heap_order, agenda.heap_what
    hole = 0
    below = 1
    while below + 1 < length:
        right = below + 1
        below += (heap_s[right] < heap_s[below]) | (
            (heap_s[right] == heap_s[below]) & (heap_order[right] < heap_order[below])
        )
        heap_s[hole] = heap_s[below]
        heap_order[hole] = heap_order[below]
        heap_what[hole] = heap_what[below]
        hole = below
        below = 2 * hole + 1
    if below < length:
        heap_s[hole] = heap_s[below]
        heap_order[hole] = heap_order[below]
        heap_what[hole] = heap_what[below]
        hole = below
    rises(heap_s, heap_order, heap_what, hole, moment_s, order, what)


@compiled
def close_gap(agenda):  # type: ignore[no-untyped-def]
    """The first entry was taken and nothing came in its place: the last one does."""
    numbers = agenda.numbers
    numbers[GAP] = 0
    last = numbers[HEAP] - 1
    numbers[HEAP] = last
    if last > 0:
        sinks(agenda, last, agenda.heap_s[last], agenda.heap_order[last], agenda.heap_what[last])


@compiled
def put(agenda, moment_s, order, what):  # type: ignore[no-untyped-def]
    """Enter something; there is room for it."""
    numbers = agenda.numbers
    bucket = int(min(moment_s * agenda.per_s, LATEST))
    if bucket <= numbers[BUCKET]:
        if numbers[GAP]:
            numbers[GAP] = 0
            sinks(agenda, numbers[HEAP], moment_s, order, what)
            return
        at = numbers[HEAP]
        numbers[HEAP] = at + 1
        rises(agenda.heap_s, agenda.heap_order, agenda.heap_what, at, moment_s, order, what)
        return
    entry = numbers[FREE]
    if entry >= 0:
        numbers[FREE] = agenda.entries[entry].next
    else:
        entry = numbers[USED]
        numbers[USED] = entry + 1
    numbers[ENTRIES] += 1
    agenda.entries[entry].moment_s = moment_s
    agenda.entries[entry].order = order
    agenda.entries[entry].what = what
    _lay_down(agenda, entry, bucket)


@compiled
def turn(agenda, customers):  # type: ignore[no-untyped-def]
    """Go to the next bucket that is not empty, and put what is in it into the heap.

    Not further than to where the next customer comes from outside; what the buckets ahead are about
    is brought near. Whether the heap has room for all of it; where not, the rest is put in by the
    next call. To be called while the heap is empty, or the last call said no.
    """
    numbers, heads = agenda.numbers, agenda.heads
    until = LATEST
    if numbers[COMERS]:
        until = min(until, agenda.comes_s[0] * agenda.per_s)
    while True:
        here = numbers[BUCKET] & (RING - 1)
        entry = heads[here]
        while entry >= 0:
            at = numbers[HEAP]
            if at == len(agenda.heap_s):
                heads[here] = entry
                return False
            numbers[HEAP] = at + 1
            rises(
                agenda.heap_s,
                agenda.heap_order,
                agenda.heap_what,
                at,
                agenda.entries[entry].moment_s,
                agenda.entries[entry].order,
                agenda.entries[entry].what,
            )
            after = agenda.entries[entry].next
            agenda.entries[entry].next = numbers[FREE]
            numbers[FREE] = entry
            numbers[ENTRIES] -= 1
            entry = after
        heads[here] = -1
        if numbers[HEAP] > 0 or numbers[ENTRIES] == 0 or numbers[BUCKET] >= until:
            return True
        numbers[BUCKET] += 1
        if numbers[BUCKET] & (RING - 1) == 0:
            _begin_round(agenda, numbers[BUCKET] >> RING_BITS)
        fetch(agenda.entries, heads[(numbers[BUCKET] + ENTRIES_AHEAD) & (RING - 1)])
        near = heads[(numbers[BUCKET] + CUSTOMERS_AHEAD) & (RING - 1)]
        if near >= 0:
            fetch(customers, agenda.entries[near].what >> STAMP_BITS)


@compiled
def _begin_round(agenda, nth):  # type: ignore[no-untyped-def]
    """Empty the drawer of this round; with the first of them, look at what is behind the last."""
    place = nth & (DRAWERS - 1)
    entry = agenda.drawers[place]
    agenda.drawers[place] = -1
    if place == 0:
        _lay_row_down(agenda, agenda.numbers[FAR], True)
    _lay_row_down(agenda, entry, False)


@compiled
def _lay_row_down(agenda, entry, is_far):  # type: ignore[no-untyped-def]
    if is_far:
        agenda.numbers[FAR] = -1
    while entry >= 0:
        after = agenda.entries[entry].next
        bucket = int(min(agenda.entries[entry].moment_s * agenda.per_s, LATEST))
        _lay_down(agenda, entry, bucket)
        entry = after


@compiled
def _lay_down(agenda, entry, bucket):  # type: ignore[no-untyped-def]
    """Put an entry into its bucket, its drawer, or behind the last one."""
    numbers = agenda.numbers
    ahead = (bucket >> RING_BITS) - (numbers[BUCKET] >> RING_BITS)
    if bucket - numbers[BUCKET] < RING:
        place = bucket & (RING - 1)
        agenda.entries[entry].next = agenda.heads[place]
        agenda.heads[place] = entry
    elif ahead < DRAWERS:
        place = (bucket >> RING_BITS) & (DRAWERS - 1)
        agenda.entries[entry].next = agenda.drawers[place]
        agenda.drawers[place] = entry
    else:
        agenda.entries[entry].next = numbers[FAR]
        numbers[FAR] = entry


@compiled
def is_from_outside(agenda):  # type: ignore[no-untyped-def]
    """Whether what happens next is that somebody comes; something does happen."""
    if agenda.numbers[COMERS] == 0:
        return False
    if agenda.numbers[HEAP] == 0:
        return True
    come_s, near_s = agenda.comes_s[0], agenda.heap_s[0]
    return (come_s < near_s) | ((come_s == near_s) & (agenda.comes_order[0] < agenda.heap_order[0]))


@compiled
def comes_at(agenda, moment_s, order):  # type: ignore[no-untyped-def]
    """The first customer of one more source comes then."""
    if len(agenda.comes_s) > SOURCES_APART_MAX:
        put(agenda, moment_s, order, NOBODY)
        return
    at = agenda.numbers[COMERS]
    agenda.numbers[COMERS] = at + 1
    rises(agenda.comes_s, agenda.comes_order, agenda.comes_order, at, moment_s, order, order)


@compiled
def next_comes_at(agenda, moment_s, order):  # type: ignore[no-untyped-def]
    """The next customer of the source of the one who has just come comes then; -1 for nobody."""
    comes_s, comes_order = agenda.comes_s, agenda.comes_order
    if len(comes_s) > SOURCES_APART_MAX:
        if moment_s >= 0:
            put(agenda, moment_s, order, NOBODY)
        return
    length = agenda.numbers[COMERS]
    if moment_s < 0:
        length -= 1
        agenda.numbers[COMERS] = length
        moment_s = comes_s[length]
        order = comes_order[length]
    hole = 0
    below = 1
    while below < length:
        right = below + 1
        if right < length:
            below += (comes_s[right] < comes_s[below]) | (
                (comes_s[right] == comes_s[below]) & (comes_order[right] < comes_order[below])
            )
        if (moment_s < comes_s[below]) | (
            (moment_s == comes_s[below]) & (order < comes_order[below])
        ):
            break
        comes_s[hole] = comes_s[below]
        comes_order[hole] = comes_order[below]
        hole = below
        below = 2 * hole + 1
    if length > 0:
        comes_s[hole] = moment_s
        comes_order[hole] = order
