"""Entries of which the first can be taken at once: a binary heap in arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compilation import compiled
from sim.compiled_engine.lines import index, room_in_lines

Array = np.ndarray[Any, np.dtype[Any]]


class Heap(NamedTuple):
    """Entries of which the first comes out first, an array for each of their parts."""

    moments_s: Array
    orders: Array
    what: Array


def heap_for(entries: int) -> Heap:
    """Room for so many entries."""
    whole = np.dtype(np.int64)
    return Heap(
        room_in_lines(entries, np.dtype(np.float64)),
        room_in_lines(entries, whole),
        room_in_lines(entries, whole),
    )


@compiled
def is_before(heap, place, moment_s, order):  # type: ignore[no-untyped-def]
    """Whether the entry at this place comes out before one of this moment and order."""
    here_s = heap.moments_s[index(place)]
    return (here_s < moment_s) | ((here_s == moment_s) & (heap.orders[index(place)] < order))


@compiled
def moves(heap, goal, origin):  # type: ignore[no-untyped-def]
    """An entry moves to another place of the heap."""
    heap.moments_s[index(goal)] = heap.moments_s[index(origin)]
    heap.orders[index(goal)] = heap.orders[index(origin)]
    heap.what[index(goal)] = heap.what[index(origin)]


@compiled
def stands(heap, place, moment_s, order, what):  # type: ignore[no-untyped-def]
    """An entry stands at this place of the heap from now on."""
    heap.moments_s[index(place)] = moment_s
    heap.orders[index(place)] = order
    heap.what[index(place)] = what


@compiled
def rises(heap, place, moment_s, order, what):  # type: ignore[no-untyped-def]
    """Put an entry into the heap, from this place up."""
    while place > 0:
        above = (place - 1) >> 1
        if is_before(heap, above, moment_s, order):
            break
        moves(heap, place, above)
        place = above
    stands(heap, place, moment_s, order, what)


@compiled
def is_right_before(heap, left):  # type: ignore[no-untyped-def]
    """Whether the entry on the right of this place comes out before the one here."""
    return is_before(heap, left + 1, heap.moments_s[index(left)], heap.orders[index(left)])


@compiled
def sinks(heap, length, moment_s, order, what):  # type: ignore[no-untyped-def]
    """Put an entry into the heap of this length in place of the first one.

    The hole goes down along the smaller ones to the end, then the entry rises from there: it is
    late, as a rule, and seldom rises far.
    """
    hole = 0
    below = 1
    while below + 1 < length:
        below += is_right_before(heap, below)
        moves(heap, hole, below)
        hole = below
        below = 2 * hole + 1
    if below < length:
        moves(heap, hole, below)
        hole = below
    rises(heap, hole, moment_s, order, what)
