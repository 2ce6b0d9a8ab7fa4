"""A visit: arrive, wait or not, be served or not, go on."""

from __future__ import annotations

from sim.compilation import compiled
from sim.compiled_engine.agenda import STAMP_BITS, put
from sim.compiled_engine.customers import OVERDUE, UNKNOWN_S, give_place_up
from sim.compiled_engine.lines import index
from sim.compiled_engine.road import sets_out
from sim.compiled_engine.state import (
    FREE_CROWD,
    INSIDE,
    LEFT_S,
    TRACED,
    USED_CROWDS,
    WAITING,
)
from sim.compiled_engine.station import count_time, draw, first_of, join, leave, look
from sim.observation import VISITS_PER_CUSTOMER_MAX
from sim.order import COMES, DONE, GATHERED, GIVES_UP, RANK_BITS
from sim.random_numbers import uniform

STAMP_MASK = (1 << STAMP_BITS) - 1
NOWHERE = -1
IS_REFUSED, IS_SERVED, WAITS = range(3)


@compiled
def arrive(tables, state, slot, now_s, measured_from_s, step_s):  # type: ignore[no-untyped-def]
    """Arrive at a station; whether refused, served at once, or waiting since now."""
    customer = state.customers[index(slot)]
    place = customer.place
    pair = place * tables.classes + customer.customer_class
    work = state.at_work[index(place)]
    station = tables.stations[index(place)]
    look(state, place, now_s, step_s)
    customer.arrival_s = now_s
    if now_s >= measured_from_s:
        state.counts[index(pair)].visits += 1
        work.arrivals += 1
    if station.batch_size == 0 and work.busy < work.working:
        work.busy += 1
        begin_service(
            tables, state, slot, now_s, measured_from_s, service_s_of(tables, state, slot)
        )
        return IS_SERVED
    if 0 <= station.queue_max <= work.waiting:
        begins = station.batch_wait_s == 0 or work.waiting + 1 >= station.batch_size
        if not (station.batch_size > 0 and begins and work.busy < work.working):
            if now_s >= measured_from_s:
                state.counts[index(pair)].refused += 1
            return IS_REFUSED
    join(state.customers, state.queues, queue_of(tables, place, customer.level), slot)
    work.waiting += 1
    state.numbers[WAITING] += 1
    return WAITS


@compiled
def stand_in_queue(tables, state, slot, now_s, measured_from_s):  # type: ignore[no-untyped-def]
    """Who was not called at once waits: for a time, where patience or a batch ends it."""
    customer = state.customers[index(slot)]
    if customer.waits == 0:
        return
    place = customer.place
    work = state.at_work[index(place)]
    station = tables.stations[index(place)]
    if now_s >= measured_from_s:
        work.queue_max = max(work.queue_max, work.waiting)
        work.step_queue_max = max(work.step_queue_max, work.waiting)
    about = (slot << STAMP_BITS) + (customer.visits & STAMP_MASK)
    if station.patience >= 0:
        patience_s = draw(
            tables, station.patience, station.patience_stream, customer.key, customer.visits
        )
        order = (GIVES_UP << RANK_BITS) + customer.number
        put(state.agenda, now_s + patience_s, order, about)
    if station.batch_wait_s > 0:
        order = (GATHERED << RANK_BITS) + customer.number
        put(state.agenda, now_s + station.batch_wait_s, order, about)


@compiled
def call_next(tables, state, place, now_s, measured_from_s):  # type: ignore[no-untyped-def]
    """Call whoever can be served now."""
    work = state.at_work[index(place)]
    station = tables.stations[index(place)]
    while work.waiting > 0 and work.busy < work.working:
        many = 1
        if station.batch_size > 0:
            is_due = work.overdue > 0 or station.batch_wait_s == 0
            if work.waiting < station.batch_size and not is_due:
                return
            many = min(station.batch_size, work.waiting)
        work.busy += 1
        slot = called(tables, state, place)
        service_s = service_s_of(tables, state, slot)
        if station.batch_size > 0:
            crowd = new_crowd(state, many)
            state.customers[index(slot)].crowd = crowd
            for _ in range(many - 1):
                begin_service(tables, state, slot, now_s, measured_from_s, service_s)
                slot = called(tables, state, place)
                state.customers[index(slot)].crowd = crowd
        begin_service(tables, state, slot, now_s, measured_from_s, service_s)


@compiled
def called(tables, state, place):  # type: ignore[no-untyped-def]
    """Whoever is next, taken out of the queue."""
    levels = tables.levels if tables.stations[index(place)].by_priority else 1
    slot, queue = first_of(state.queues, place * tables.levels, levels)
    if state.customers[index(slot)].waits == OVERDUE:
        state.at_work[index(place)].overdue -= 1
    leave(state.customers, state.queues, queue, slot)
    state.at_work[index(place)].waiting -= 1
    state.numbers[WAITING] -= 1
    return slot


@compiled
def new_crowd(state, many):  # type: ignore[no-untyped-def]
    """So many who are served together."""
    crowd = state.numbers[FREE_CROWD]
    if crowd >= 0:
        state.numbers[FREE_CROWD] = state.crowds[index(crowd)].next
    else:
        crowd = state.numbers[USED_CROWDS]
        state.numbers[USED_CROWDS] = crowd + 1
    state.crowds[index(crowd)].inside = many
    return crowd


@compiled
def service_s_of(tables, state, slot):  # type: ignore[no-untyped-def]
    """How long a customer is served where that one is now."""
    customer = state.customers[index(slot)]
    if customer.visits == 0 and customer.began_s != UNKNOWN_S:
        return customer.began_s
    place = customer.place
    form = tables.of_class[index(place * tables.classes + customer.customer_class)].service
    stream = tables.stations[index(place)].service_stream
    return draw(tables, form, stream, customer.key, customer.visits)


@compiled
def begin_service(tables, state, slot, now_s, measured_from_s, service_s):  # type: ignore[no-untyped-def]
    """A server begins with a customer."""
    customer = state.customers[index(slot)]
    customer.began_s = now_s
    place = customer.place
    if customer.arrival_s >= measured_from_s:
        wait_s = now_s - customer.arrival_s
        pair = place * tables.classes + customer.customer_class
        count_time(state.counts, state.waits, pair, wait_s)
        work = state.at_work[index(place)]
        work.served += 1
        work.wait_s += wait_s
    order = (DONE << RANK_BITS) + customer.number
    sets_out(state, slot, now_s + service_s, order)


@compiled
def end_service(state, slot):  # type: ignore[no-untyped-def]
    """A server is done with a customer; whether the server is free now."""
    customer = state.customers[index(slot)]
    crowd = customer.crowd
    if crowd >= 0:
        customer.crowd = -1
        state.crowds[index(crowd)].inside -= 1
        if state.crowds[index(crowd)].inside > 0:
            return False
        state.crowds[index(crowd)].next = state.numbers[FREE_CROWD]
        state.numbers[FREE_CROWD] = crowd
    state.at_work[index(customer.place)].busy -= 1
    return True


@compiled
def give_up(tables, state, slot, measured_from_s):  # type: ignore[no-untyped-def]
    """A customer leaves the queue unserved."""
    customer = state.customers[index(slot)]
    place = customer.place
    if customer.waits == OVERDUE:
        state.at_work[index(place)].overdue -= 1
    state.at_work[index(place)].waiting -= 1
    state.numbers[WAITING] -= 1
    leave(state.customers, state.queues, queue_of(tables, place, customer.level), slot)
    if customer.arrival_s >= measured_from_s:
        state.counts[index(place * tables.classes + customer.customer_class)].abandoned += 1


@compiled
def write_down(state, slot, start_s, end_s):  # type: ignore[no-untyped-def]
    """Keep a visit in the trace."""
    customer = state.customers[index(slot)]
    row = state.trace[index(state.numbers[TRACED])]
    state.numbers[TRACED] += 1
    row.customer = customer.number
    row.visit = customer.visits
    row.station = customer.place
    row.came_s = customer.came_s
    row.arrival_s = customer.arrival_s
    row.start_s = start_s
    row.end_s = end_s


@compiled
def go_on(tables, state, slot):  # type: ignore[no-untyped-def]
    """After a service: where the route leads, or `NOWHERE`."""
    customer = state.customers[index(slot)]
    customer.attempts = 0
    place = customer.place
    of = tables.of_class[index(place * tables.classes + customer.customer_class)]
    goal = NOWHERE
    if of.way_end > of.way_first:
        stream = tables.stations[index(place)].routing_stream
        share = uniform(stream, customer.key, customer.visits, 0, tables.mask)
        first, end = of.way_first, of.way_end
        while first < end:  # the first way that the number is below
            middle = (first + end) >> 1
            if share < tables.ways[index(middle)].until:
                end = middle
            else:
                first = middle + 1
        if first < of.way_end:
            goal = tables.ways[index(first)].goal
    customer.visits += 1
    if customer.visits >= VISITS_PER_CUSTOMER_MAX:
        return NOWHERE
    return goal


@compiled
def comes_back(tables, state, slot, now_s):  # type: ignore[no-untyped-def]
    """After an attempt in vain: whether the customer makes another, which is entered."""
    customer = state.customers[index(slot)]
    customer.attempts += 1
    place = customer.place
    of = tables.of_class[index(place * tables.classes + customer.customer_class)]
    visit = customer.visits
    customer.visits += 1
    if of.retry < 0 or customer.attempts >= of.attempts_max:
        return False
    after_s = draw(
        tables, of.retry, tables.stations[index(place)].retry_stream, customer.key, visit
    )
    order = (COMES << RANK_BITS) + customer.number
    sets_out(state, slot, now_s + after_s, order)
    return True


@compiled
def depart(state, slot, now_s, measured_from_s):  # type: ignore[no-untyped-def]
    """A customer leaves the network."""
    customer = state.customers[index(slot)]
    state.moments[LEFT_S] = now_s
    state.numbers[INSIDE] -= 1
    if customer.came_s >= measured_from_s:
        inside_s = now_s - customer.came_s
        count_time(state.journeys, state.journey_waits, customer.customer_class, inside_s)
    give_place_up(state.at_hand, state.customers, slot)


@compiled
def queue_of(tables, place, level):  # type: ignore[no-untyped-def]
    """In which queue of a station customers of this level stand."""
    if tables.stations[index(place)].by_priority:
        return place * tables.levels + level
    return place * tables.levels
