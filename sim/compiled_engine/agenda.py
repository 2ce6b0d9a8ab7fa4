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
from sim.compiled_engine.heap import (
    Heap,
    heap_for,
    is_before,
    is_right_before,
    moves,
    rises,
    sinks,
    stands,
)
from sim.compiled_engine.lines import index, room_in_lines

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
    comers: Heap
    heap: Heap
    entries: Array
    heads: Array
    drawers: Array
    per_s: float


ENTRY_ROOM = ("entries",)


def empty_agenda(sources: int, room: int, per_s: float) -> Agenda:
    """Nothing is entered yet; room for so many sources, and so many entries for a start."""
    numbers = np.zeros(8, dtype=np.int64)
    numbers[[FREE, FAR]] = -1
    room += FIRST_ROOM
    return Agenda(
        numbers,
        heap_for(sources),
        heap_for(room),
        room_in_lines(room, ENTRY),
        np.full(RING, -1, dtype=np.int32),
        np.full(DRAWERS, -1, dtype=np.int32),
        per_s,
    )


@compiled
def close_gap(agenda):  # type: ignore[no-untyped-def]
    """The first entry was taken and nothing came in its place: the last one does."""
    numbers = agenda.numbers
    numbers[GAP] = 0
    last = numbers[HEAP] - 1
    numbers[HEAP] = last
    if last > 0:
        heap, place = agenda.heap, index(last)
        sinks(heap, last, heap.moments_s[place], heap.orders[place], heap.what[place])


@compiled
def put(agenda, moment_s, order, what):  # type: ignore[no-untyped-def]
    """Enter something; there is room for it."""
    numbers = agenda.numbers
    bucket = bucket_of(agenda, moment_s)
    if bucket <= numbers[BUCKET]:
        if numbers[GAP]:
            numbers[GAP] = 0
            sinks(agenda.heap, numbers[HEAP], moment_s, order, what)
            return
        place = numbers[HEAP]
        numbers[HEAP] = place + 1
        rises(agenda.heap, place, moment_s, order, what)
        return
    lay_by(agenda, bucket, moment_s, order, what)


@compiled
def lay_by(agenda, bucket, moment_s, order, what):  # type: ignore[no-untyped-def]
    """Enter something by way of its bucket; there is room for one more entry."""
    numbers = agenda.numbers
    entry = numbers[FREE]
    if entry >= 0:
        numbers[FREE] = agenda.entries[index(entry)].next
    else:
        entry = numbers[USED]
        numbers[USED] = entry + 1
    numbers[ENTRIES] += 1
    laid = agenda.entries[index(entry)]
    laid.moment_s, laid.order, laid.what = moment_s, order, what
    _lay_down(agenda, entry, bucket)


@compiled
def bucket_of(agenda, moment_s):  # type: ignore[no-untyped-def]
    """The number of the bucket in which a moment lies."""
    return int(min(moment_s * agenda.per_s, LATEST))


@compiled
def begin_round(agenda, nth):  # type: ignore[no-untyped-def]
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
        laid = agenda.entries[index(entry)]
        after = laid.next
        bucket = bucket_of(agenda, laid.moment_s)
        _lay_down(agenda, entry, bucket)
        entry = after


@compiled
def _lay_down(agenda, entry, bucket):  # type: ignore[no-untyped-def]
    """Put an entry into its bucket, its drawer, or behind the last one."""
    numbers = agenda.numbers
    laid = agenda.entries[index(entry)]
    ahead = (bucket >> RING_BITS) - (numbers[BUCKET] >> RING_BITS)
    if bucket - numbers[BUCKET] < RING:
        place = bucket & (RING - 1)
        laid.next = agenda.heads[place]
        agenda.heads[place] = entry
    elif ahead < DRAWERS:
        place = (bucket >> RING_BITS) & (DRAWERS - 1)
        laid.next = agenda.drawers[place]
        agenda.drawers[place] = entry
    else:
        laid.next = numbers[FAR]
        numbers[FAR] = entry


@compiled
def is_from_outside(agenda):  # type: ignore[no-untyped-def]
    """Whether what happens next is that somebody comes; something does happen."""
    if agenda.numbers[COMERS] == 0:
        return False
    if agenda.numbers[HEAP] == 0:
        return True
    return is_before(agenda.comers, 0, agenda.heap.moments_s[0], agenda.heap.orders[0])


@compiled
def comes_at(agenda, moment_s, order):  # type: ignore[no-untyped-def]
    """The first customer of one more source comes then."""
    if len(agenda.comers.what) > SOURCES_APART_MAX:
        put(agenda, moment_s, order, NOBODY)
        return
    place = agenda.numbers[COMERS]
    agenda.numbers[COMERS] = place + 1
    rises(agenda.comers, place, moment_s, order, NOBODY)


@compiled
def next_comes_at(agenda, moment_s, order):  # type: ignore[no-untyped-def]
    """The next customer of the source of the one who has just come comes then; -1 for nobody."""
    comers = agenda.comers
    if len(comers.what) > SOURCES_APART_MAX:
        if moment_s >= 0:
            put(agenda, moment_s, order, NOBODY)
        return
    length = agenda.numbers[COMERS]
    if moment_s < 0:
        length -= 1
        agenda.numbers[COMERS] = length
        moment_s = comers.moments_s[index(length)]
        order = comers.orders[index(length)]
    hole = 0
    below = 1
    while below < length:
        if below + 1 < length:
            below += is_right_before(comers, below)
        if not is_before(comers, below, moment_s, order):
            break
        moves(comers, hole, below)
        hole = below
        below = 2 * hole + 1
    if length > 0:
        stands(comers, hole, moment_s, order, NOBODY)
