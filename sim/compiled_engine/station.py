"""A station at work: what is written down of it, and who stands in its queue."""

from __future__ import annotations

import numpy as np

from sim.compilation import compiled
from sim.compiled_engine.lines import index
from sim.histogram import LEAST_S, bucket_of
from sim.random_numbers import time_of


@compiled
def draw(tables, form, stream, key, visit):  # type: ignore[no-untyped-def]
    """A time, in seconds, of the distribution at this place among the forms."""
    of = tables.forms[index(form)]
    return time_of(
        of.kind, of.first, of.second, tables.values_s, of.begin, of.end,
        stream, key, visit, tables.mask,
    )  # fmt: skip


@compiled
def end_of_step(step, step_s, length):  # type: ignore[no-untyped-def]
    """When a step of the series ends; the last one never does."""
    return (step + 1) * step_s if step + 1 < length else np.inf


@compiled
def end_step(state, place):  # type: ignore[no-untyped-def]
    """What the present step of a station has seen is laid into the series."""
    station = state.at_work[index(place)]
    step = state.steps[index(place), index(station.step)]
    step.arrivals, station.arrivals = station.arrivals, 0
    step.served, station.served = station.served, 0
    step.wait_s, station.wait_s = station.wait_s, 0.0
    step.queue_max, station.step_queue_max = station.step_queue_max, 0
    step.busy_s, station.busy_s = station.busy_s, 0.0
    step.available_s, station.available_s = station.available_s, 0.0


@compiled
def look(state, place, now_s, step_s):  # type: ignore[no-untyped-def]
    """From the last look until now nothing has changed at this station: write that down."""
    station = state.at_work[index(place)]
    if now_s <= station.seen_s:
        return
    while now_s >= station.step_end_s:
        see(station, station.step_end_s)
        end_step(state, place)
        station.step += 1
        station.step_end_s = end_of_step(station.step, step_s, state.steps.shape[1])
    if now_s > station.seen_s:
        see(station, now_s)


@compiled
def see(station, until_s):  # type: ignore[no-untyped-def]
    """Write down in the present step that nothing changed until then."""
    elapsed_s = until_s - station.seen_s
    station.step_queue_max = max(station.step_queue_max, station.waiting)
    station.busy_s += station.busy * elapsed_s
    station.available_s += max(station.working, station.busy) * elapsed_s
    station.seen_s = until_s


@compiled
def look_everywhere(state, now_s, step_s):  # type: ignore[no-untyped-def]
    """The last look at each station."""
    for place in range(len(state.at_work)):
        look(state, place, now_s, step_s)
        end_step(state, place)


@compiled
def count_time(counts, waits, row, time_s):  # type: ignore[no-untyped-def]
    """Count a time among the others of this row."""
    count = counts[index(row)]
    count.served += 1
    count.sum_s += time_s
    count.longest_s = max(count.longest_s, time_s)
    if time_s >= LEAST_S:
        waits[index(row), index(bucket_of(time_s))] += 1
    else:  # in a record that is near: no line of the cache is asked for
        count.at_once += 1


@compiled
def join(customers, queues, queue, slot):  # type: ignore[no-untyped-def]
    """Stand last in a queue."""
    last = queues[index(queue)].last
    customers[index(slot)].previous = last
    customers[index(slot)].next = -1
    customers[index(slot)].waits = 1
    if last >= 0:
        customers[index(last)].next = slot
    else:
        queues[index(queue)].first = slot
    queues[index(queue)].last = slot


@compiled
def leave(customers, queues, queue, slot):  # type: ignore[no-untyped-def]
    """Leave a queue, from wherever in it."""
    before = customers[index(slot)].previous
    after = customers[index(slot)].next
    customers[index(slot)].waits = 0
    if before >= 0:
        customers[index(before)].next = after
    else:
        queues[index(queue)].first = after
    if after >= 0:
        customers[index(after)].previous = before
    else:
        queues[index(queue)].last = before


@compiled
def first_of(queues, first_queue, levels):  # type: ignore[no-untyped-def]
    """Whoever is called next, and the queue in which that one stands; somebody waits."""
    queue = first_queue
    while queues[index(queue)].first < 0 and queue + 1 < first_queue + levels:
        queue += 1
    return queues[index(queue)].first, queue
