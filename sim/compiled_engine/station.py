"""A station at work: what is written down of it, and who stands in its queue."""

from __future__ import annotations

from numba import njit

from sim.histogram import bucket_of
from sim.places import UNLIMITED


@njit(cache=True, inline="always")
def step_at(moment_s, step_s, length):  # type: ignore[no-untyped-def]
    """The step of the series at a moment."""
    return min(int(moment_s / step_s), length - 1)


@njit(cache=True)
def look(at_work, steps, place, now_s, step_s):  # type: ignore[no-untyped-def]
    """From the last look until now nothing has changed at this station: write that down."""
    station = at_work[place]
    seen_s = station.seen_s
    length = steps.shape[1]
    servers = max(station.working, station.busy)
    if station.planned == UNLIMITED:
        servers = 0
    while seen_s < now_s:
        at = step_at(seen_s, step_s, length)
        step = steps[place, at]
        end_s = now_s
        if at + 1 < length:
            end_s = min(now_s, (at + 1) * step_s)
        elapsed_s = end_s - seen_s
        step.queue_max = max(step.queue_max, station.waiting)
        step.busy_s += station.busy * elapsed_s
        step.available_s += servers * elapsed_s
        seen_s = end_s
    station.seen_s = max(station.seen_s, now_s)


@njit(cache=True)
def count_time(count, buckets, time_s):  # type: ignore[no-untyped-def]
    """Count a time among the others."""
    count.served += 1
    count.sum_s += time_s
    count.longest_s = max(count.longest_s, time_s)
    buckets[bucket_of(time_s)] += 1


@njit(cache=True)
def join(customers, queues, queue, slot):  # type: ignore[no-untyped-def]
    """Stand last in a queue."""
    last = queues[queue].last
    customers[slot].previous = last
    customers[slot].next = -1
    customers[slot].waits = 1
    if last >= 0:
        customers[last].next = slot
    else:
        queues[queue].first = slot
    queues[queue].last = slot


@njit(cache=True)
def leave(customers, queues, queue, slot):  # type: ignore[no-untyped-def]
    """Leave a queue, from wherever in it."""
    before = customers[slot].previous
    after = customers[slot].next
    customers[slot].waits = 0
    if before >= 0:
        customers[before].next = after
    else:
        queues[queue].first = after
    if after >= 0:
        customers[after].previous = before
    else:
        queues[queue].last = before


@njit(cache=True)
def first_of(queues, first_queue, levels):  # type: ignore[no-untyped-def]
    """Whoever is called next, and the queue in which that one stands; somebody waits."""
    queue = first_queue
    while queues[queue].first < 0 and queue + 1 < first_queue + levels:
        queue += 1
    return queues[queue].first, queue
