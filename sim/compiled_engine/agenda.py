"""What happens next: a heap for what is near, buckets for what is not.

Entries are (moment, order, what), and come out by moment, then by order. The first one is taken
by leaving a gap in its place, which the next entry fills, or the last one. A bucket holds what
happens in so many seconds; the heap holds what happens in the present bucket, so it stays small
however many customers are on their way, and everything else is put into a bucket and taken out of
it once. What lies behind the last bucket waits in one row, and is looked through when the ring of
buckets begins again.

Numbers of buckets grow with moments (a product is monotone in floats too), so the order is exact.
"""

from __future__ import annotations

from numba import njit

from sim.compiled_engine.state import (
    BUCKET,
    ENTRIES,
    FAR,
    FREE_ENTRY,
    GAP,
    HEAP,
    RING,
    USED_ENTRIES,
)

LATEST = 2.0**62


@njit(cache=True, _nrt=False)
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


@njit(cache=True, _nrt=False)
def sinks(heap_s, heap_order, heap_what, length, moment_s, order, what):  # type: ignore[no-untyped-def]
    """Put an entry into the heap in place of the first one; `length` is that of the heap.

    The hole goes down along the smaller ones to the end, then the entry rises from there: it is
    late, as a rule, and seldom rises far.
    """
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


@njit(cache=True, _nrt=False)
def close_gap(numbers, heap_s, heap_order, heap_what):  # type: ignore[no-untyped-def]
    """The first entry was taken and nothing came in its place: the last one does."""
    numbers[GAP] = 0
    last = numbers[HEAP] - 1
    numbers[HEAP] = last
    if last > 0:
        sinks(heap_s, heap_order, heap_what, last, heap_s[last], heap_order[last], heap_what[last])


@njit(cache=True, _nrt=False)
def put(
    numbers,
    heap_s,
    heap_order,
    heap_what,
    entry_s,
    entry_order,
    entry_what,
    entry_next,
    heads,
    per_s,
    moment_s,
    order,
    what,
):  # type: ignore[no-untyped-def]  # noqa: E501
    """Enter something; there is room for it."""
    bucket = int(min(moment_s * per_s, LATEST))
    now = numbers[BUCKET]
    if bucket <= now:
        if numbers[GAP]:
            numbers[GAP] = 0
            sinks(heap_s, heap_order, heap_what, numbers[HEAP], moment_s, order, what)
            return
        at = numbers[HEAP]
        numbers[HEAP] = at + 1
        rises(heap_s, heap_order, heap_what, at, moment_s, order, what)
        return
    entry = numbers[FREE_ENTRY]
    if entry >= 0:
        numbers[FREE_ENTRY] = entry_next[entry]
    else:
        entry = numbers[USED_ENTRIES]
        numbers[USED_ENTRIES] = entry + 1
    numbers[ENTRIES] += 1
    entry_s[entry] = moment_s
    entry_order[entry] = order
    entry_what[entry] = what
    if bucket - now < RING:
        entry_next[entry] = heads[bucket & (RING - 1)]
        heads[bucket & (RING - 1)] = entry
    else:
        entry_next[entry] = numbers[FAR]
        numbers[FAR] = entry


@njit(cache=True, _nrt=False)
def turns(
    numbers,
    heap_s,
    heap_order,
    heap_what,
    entry_s,
    entry_order,
    entry_what,
    entry_next,
    heads,
    per_s,
):  # type: ignore[no-untyped-def]  # noqa: E501
    """Go to the next bucket that is not empty, and put what is in it into the heap.

    Returns whether the heap has room for all of it; where it has not, the rest is put in by the
    next call. To be called while the heap is empty, or the last call said no.
    """
    while True:
        here = numbers[BUCKET] & (RING - 1)
        entry = heads[here]
        while entry >= 0:
            at = numbers[HEAP]
            if at == len(heap_s):
                heads[here] = entry
                return False
            numbers[HEAP] = at + 1
            rises(
                heap_s, heap_order, heap_what, at,
                entry_s[entry], entry_order[entry], entry_what[entry],
            )  # fmt: skip
            after = entry_next[entry]
            entry_next[entry] = numbers[FREE_ENTRY]
            numbers[FREE_ENTRY] = entry
            numbers[ENTRIES] -= 1
            entry = after
        heads[here] = -1
        if numbers[HEAP] > 0 or numbers[ENTRIES] == 0:
            return True
        numbers[BUCKET] += 1
        if numbers[BUCKET] & (RING - 1) == 0:
            _comes_nearer(numbers, entry_s, entry_next, heads, per_s)


@njit(cache=True, _nrt=False)
def _comes_nearer(numbers, entry_s, entry_next, heads, per_s):  # type: ignore[no-untyped-def]
    """Put into buckets what is no longer behind the last one."""
    entry = numbers[FAR]
    numbers[FAR] = -1
    now = numbers[BUCKET]
    while entry >= 0:
        after = entry_next[entry]
        bucket = int(min(entry_s[entry] * per_s, LATEST))
        if bucket - now < RING:
            entry_next[entry] = heads[bucket & (RING - 1)]
            heads[bucket & (RING - 1)] = entry
        else:
            entry_next[entry] = numbers[FAR]
            numbers[FAR] = entry
        entry = after
