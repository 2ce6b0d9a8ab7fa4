"""One event after the other, until something is needed from outside.

Rules: what happens is what `simpy_engine` tells as a story, in the order of `sim.order`. Room for
whatever one event may need is looked for before it begins, so that an event is never half done.
"""

from __future__ import annotations

from sim.compilation import compiled
from sim.compiled_engine.agenda import (
    BUCKET,
    COMERS,
    ENTRIES,
    GAP,
    HEAP,
    NOBODY,
    RING,
    STAMP_BITS,
    USED,
    close_gap,
    is_from_outside,
)
from sim.compiled_engine.arrivals import comes_from_outside, open_sources
from sim.compiled_engine.changes import change, plan_changes
from sim.compiled_engine.customers import OVERDUE, is_full
from sim.compiled_engine.customers import USED as USED_PLACES
from sim.compiled_engine.lines import index
from sim.compiled_engine.road import ENTRIES_ARE_FULL, HEAP_IS_FULL, SOME_CAME, is_long_enough, turn
from sim.compiled_engine.state import (
    INSIDE,
    NOW_S,
    OPEN_SOURCES,
    TRACED,
    USED_CROWDS,
    WAITING,
)
from sim.compiled_engine.station import look
from sim.compiled_engine.visits import (
    IS_REFUSED,
    NOWHERE,
    STAMP_MASK,
    WAITS,
    arrive,
    call_next,
    comes_back,
    depart,
    end_service,
    give_up,
    go_on,
    stand_in_queue,
    write_down,
)
from sim.observation import VISITS_PER_CUSTOMER_MAX
from sim.order import CHANGE, COMES, DONE, GATHERED, RANK_BITS

(
    OVER,
    MORE,
    NEEDS_CUSTOMERS,
    NEEDS_CROWDS,
    NEEDS_HEAP,
    NEEDS_ENTRIES,
    NEEDS_TRACE,
    NEEDS_ROAD,
    CROWDED,
    ENDLESS,
) = range(10)
"""Why `advance` returned."""

SLACK = 8
"""Entries that one event makes beside those of the customers it calls."""
TRACED_AT_ONCE = 2
"""Visits that one event ends: a service, and the refusal where the customer goes next."""
NUMBER_MASK = (1 << RANK_BITS) - 1


@compiled
def begin(tables, state):  # type: ignore[no-untyped-def]
    """Enter what is known from the start: changes of plan, breakdowns, first customers."""
    plan_changes(tables, state)
    open_sources(tables, state)


@compiled
def has_heap_room(state):  # type: ignore[no-untyped-def]
    """Whether the heap has room for whatever the next event enters."""
    release = state.numbers[WAITING] + SLACK
    return state.agenda.numbers[HEAP] + release <= len(state.agenda.heap.what)


@compiled
def needs(state):  # type: ignore[no-untyped-def]
    """What else there may be too little room of for the next event; `OVER` for nothing."""
    numbers, entered = state.numbers, state.agenda.numbers
    release = numbers[WAITING] + SLACK
    if entered[USED] + release > len(state.agenda.entries):
        return NEEDS_ENTRIES
    if numbers[USED_CROWDS] + release > len(state.crowds):
        return NEEDS_CROWDS
    if is_full(state.at_hand, state.customers):
        return NEEDS_CUSTOMERS
    if not is_long_enough(state.road):
        return NEEDS_ROAD
    if 0 < len(state.trace) < numbers[TRACED] + TRACED_AT_ONCE:
        return NEEDS_TRACE
    return OVER


@compiled
def events_in_room(state):  # type: ignore[no-untyped-def]
    """For so many events `needs` says `OVER`, whatever they are; at least one, since it just did.

    An event enters `SLACK` more than those it calls, who waited, or one more waits; so that sum
    grows by `SLACK` at most.
    """
    numbers = state.numbers
    spare = len(state.customers) - state.at_hand[USED_PLACES]
    if len(state.trace) > 0:
        spare = min(spare, (len(state.trace) - numbers[TRACED]) // TRACED_AT_ONCE)
    waiting = numbers[WAITING]
    spare_entries = len(state.agenda.entries) - state.agenda.numbers[USED] - waiting
    spare_crowds = len(state.crowds) - numbers[USED_CROWDS] - waiting
    return max(1, min(spare, min(spare_entries, spare_crowds) // SLACK))


@compiled
def needed_for(lack):  # type: ignore[no-untyped-def]
    """Why to stop where the next bucket found too little room."""
    if lack == HEAP_IS_FULL:
        return NEEDS_HEAP
    return NEEDS_ENTRIES if lack == ENTRIES_ARE_FULL else NEEDS_CUSTOMERS


@compiled
def is_gone(state, number, what):  # type: ignore[no-untyped-def]
    """Whether the customer an entry is about waits no longer, or waits in another visit."""
    customer = state.customers[index(what >> STAMP_BITS)]
    return (
        customer.waits == 0
        or customer.number != number
        or customer.visits & STAMP_MASK != what & STAMP_MASK
    )


@compiled
def advance(tables, state, step_s, measured_from_s, last_s, inside_max, events):  # type: ignore[no-untyped-def]
    """Do at most so many events; why it stopped."""
    numbers, agenda = state.numbers, state.agenda
    entered = agenda.numbers
    is_traced = len(state.trace) > 0
    in_room = 0
    while events > 0:
        events -= 1
        if entered[GAP]:
            close_gap(agenda)
        is_bare = entered[HEAP] == 0 or agenda.heads[entered[BUCKET] & (RING - 1)] >= 0
        if entered[ENTRIES] and is_bare:
            told = turn(state)
            if told > SOME_CAME:
                return needed_for(told)
            if told == SOME_CAME:
                in_room = 0
        if not has_heap_room(state):
            return NEEDS_HEAP
        if in_room == 0:
            lack = needs(state)
            if lack != OVER:
                return lack
            in_room = events_in_room(state)
        in_room -= 1
        if entered[HEAP] + entered[COMERS] == 0:
            return OVER

        is_apart = is_from_outside(agenda)
        now_s, order, what = agenda.comers.moments_s[0], agenda.comers.orders[0], NOBODY
        if not is_apart:
            heap = agenda.heap
            now_s, order, what = heap.moments_s[0], heap.orders[0], heap.what[0]
        state.moments[NOW_S] = min(now_s, last_s)
        if now_s >= last_s:
            return ENDLESS
        if not is_apart:
            entered[GAP] = 1

        rank = order >> RANK_BITS
        slot = what >> STAMP_BITS
        comes = -1  # a customer who arrives at a station
        goes = -1  # a customer whose visit was in vain, or who has made too many
        if rank == DONE:
            place = state.customers[index(slot)].place
            look(state, place, now_s, step_s)
            if end_service(state, slot):
                call_next(tables, state, place, now_s, measured_from_s)
            if is_traced:
                write_down(state, slot, state.customers[index(slot)].began_s, now_s)
            goal = go_on(tables, state, slot)
            if goal == NOWHERE:
                depart(state, slot, now_s, measured_from_s)
            else:
                state.customers[index(slot)].place = goal
                comes = slot
        elif rank == COMES:
            comes = slot
            if what == NOBODY:
                comes = comes_from_outside(tables, state, order, now_s)
                if numbers[INSIDE] > inside_max:
                    return CROWDED
            elif state.customers[index(slot)].visits >= VISITS_PER_CUSTOMER_MAX:
                depart(state, slot, now_s, measured_from_s)
                comes = -1
        elif rank == CHANGE:
            place = change(tables, state, order, now_s, step_s)
            call_next(tables, state, place, now_s, measured_from_s)
        elif is_gone(state, order & NUMBER_MASK, what):
            continue
        else:
            place = state.customers[index(slot)].place
            look(state, place, now_s, step_s)
            if rank == GATHERED:
                state.customers[index(slot)].waits = OVERDUE
                state.at_work[index(place)].overdue += 1
                call_next(tables, state, place, now_s, measured_from_s)
            else:
                give_up(tables, state, slot, measured_from_s)
                goes = slot

        if comes >= 0:
            met = arrive(tables, state, comes, now_s, measured_from_s, step_s)
            if met == WAITS:
                place = state.customers[index(comes)].place
                if tables.stations[index(place)].batch_size > 0:
                    call_next(tables, state, place, now_s, measured_from_s)
                stand_in_queue(tables, state, comes, now_s, measured_from_s)
            elif met == IS_REFUSED:
                goes = comes
        if goes >= 0:
            if is_traced:
                write_down(state, goes, now_s, now_s)
            if not comes_back(tables, state, goes, now_s):
                depart(state, goes, now_s, measured_from_s)
        if numbers[INSIDE] == 0 and numbers[OPEN_SOURCES] == 0:
            return OVER
    return MORE
