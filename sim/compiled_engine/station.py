"""A station at work: what is written down of it, and who stands in its queue."""

from __future__ import annotations

import numpy as np

from sim.compilation import compiled
from sim.histogram import LEAST_S, bucket_of
from sim.random_numbers import time_of


@compiled
def draw(tables, form, stream, key, visit):  # type: ignore[no-untyped-def]
    """A time, in seconds, of the distribution at this place among the forms."""
    of = tables.forms[form]
    return time_of(
        of.kind, of.first, of.second, tables.values_s, of.begin, of.end,
        stream, key, visit, tables.mask,
    )  # fmt: skip


@compiled
def end_of_step(step, step_s, length):  # type: ignore[no-untyped-def]
    """When a step of the series ends; the last one never does."""
    return (step + 1) * step_s if step + 1 < length else np.inf


@compiled
def look(state, place, now_s, step_s):  # type: ignore[no-untyped-def]
    """From the last look until now nothing has changed at this station: write that down."""
    station = state.at_work[place]
    steps = state.steps
    if now_s <= station.seen_s:
        return
    servers = max(station.working, station.busy)
    while True:
        step = steps[place, station.step]
        end_s = min(now_s, station.step_end_s)
        elapsed_s = end_s - station.seen_s
        step.queue_max = max(step.queue_max, station.waiting)
        step.busy_s += station.busy * elapsed_s
        step.available_s += servers * elapsed_s
        station.seen_s = end_s
        if now_s >= station.step_end_s:
            station.step += 1
            station.step_end_s = end_of_step(station.step, step_s, steps.shape[1])
        if end_s >= now_s:
            break


@compiled
def look_everywhere(state, now_s, step_s):  # type: ignore[no-untyped-def]
    """The last look at each station."""
    for place in range(len(state.at_work)):
        look(state, place, now_s, step_s)


@compiled
def count_time(counts, waits, row, time_s):  # type: ignore[no-untyped-def]
    """Count a time among the others of this row."""
    count = counts[row]
    count.served += 1
    count.sum_s += time_s
    count.longest_s = max(count.longest_s, time_s)
    if time_s >= LEAST_S:
        waits[row, bucket_of(time_s)] += 1
    else:  # in a record that is near: no line of the cache is asked for
        count.at_once += 1


@compiled
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


@compiled
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


@compiled
def first_of(queues, first_queue, levels):  # type: ignore[no-untyped-def]
    """Whoever is called next, and the queue in which that one stands; somebody waits."""
    queue = first_queue
    while queues[queue].first < 0 and queue + 1 < first_queue + levels:
        queue += 1
    return queues[queue].first, queue
