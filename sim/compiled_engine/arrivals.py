"""Who comes from outside, and when."""

from __future__ import annotations

from sim.compilation import compiled
from sim.compiled_engine.agenda import comes_at, next_comes_at
from sim.compiled_engine.customers import UNKNOWN_S, place_for_one
from sim.compiled_engine.lines import index
from sim.compiled_engine.state import (
    BLOCK,
    CAME,
    INSIDE,
    OPEN_SOURCES,
    SHORT_BLOCK,
)
from sim.compiled_engine.tables import POISSON, SCHEDULED
from sim.order import COMES, RANK_BITS, SOURCE_BITS
from sim.random_numbers import (
    EXPONENTIAL,
    LOGNORMAL,
    customer_key,
    unit_exponential,
    unit_lognormal,
)

NOBODY_MORE_S = -1.0


@compiled
def unit_of(stream, key, mask):  # type: ignore[no-untyped-def]
    """An exponential time of mean 1, drawn for somebody's first visit."""
    return unit_exponential(stream, key, 0, 0, mask)


@compiled
def look_ahead(tables, state, which):  # type: ignore[no-untyped-def]
    """Draw what the next customers of a source need first, once those drawn before have come."""
    block = state.next_keys.shape[1]
    if state.coming[index(which)].nth & (block - 1) > 0:
        return
    if block == BLOCK:
        draw_block(tables, state, which, BLOCK)
    else:
        draw_block(tables, state, which, SHORT_BLOCK)


@compiled
def draw_block(tables, state, which, block):  # type: ignore[no-untyped-def]
    """Many at once: the processor draws several in one go, and nothing waits for a number. How many
    is known to the compiler.
    """
    source = tables.sources[index(which)]
    # Named before the loops: the compiler then knows that no loop changes them.
    row, stream, mask = index(which), source.stream, tables.mask
    nth = state.coming[index(which)].nth
    keys, gaps, services_s = state.next_keys, state.next_gaps, state.next_services_s
    for place in range(block):
        keys[row, place] = customer_key(stream, nth + place)
    for place in range(block):
        gaps[row, place] = unit_of(stream, keys[row, place], mask)
    pair = source.start * tables.classes + source.customer_class
    form = tables.forms[index(tables.of_class[index(pair)].service)]
    stream, first, second = tables.stations[source.start].service_stream, form.first, form.second
    if form.kind == EXPONENTIAL:
        for place in range(block):
            services_s[row, place] = unit_of(stream, keys[row, place], mask) * first
    elif form.kind == LOGNORMAL:
        for place in range(block):
            key = keys[row, place]
            services_s[row, place] = first * unit_lognormal(second, stream, key, 0, mask)
    else:
        for place in range(block):
            services_s[row, place] = UNKNOWN_S


@compiled
def next_moment(tables, state, which):  # type: ignore[no-untyped-def]
    """When the next customer of a source comes, in seconds, or `NOBODY_MORE_S`."""
    source = tables.sources[index(which)]
    came = state.coming[index(which)]
    pieces = tables.pieces
    if source.kind == POISSON:
        last = state.next_gaps.shape[1] - 1
        came.laid += state.next_gaps[index(which), index(came.nth & last)]
        if came.laid >= pieces[index(source.end - 1)].expected:
            return NOBODY_MORE_S
        while pieces[index(came.at + 1)].expected <= came.laid:
            came.at += 1
        piece = pieces[index(came.at)]
        moment_s = piece.start_s + (came.laid - piece.expected) / piece.per_s
        came.moment_s = max(came.moment_s, moment_s)
        return came.moment_s
    if source.kind == SCHEDULED:
        if came.left == 0:
            if came.nth > 0:
                came.at += 1
            if came.at >= source.end:
                return NOBODY_MORE_S
            came.left = pieces[index(came.at)].customers
        came.left -= 1
        return pieces[index(came.at)].start_s
    if came.at >= source.end:
        return NOBODY_MORE_S
    came.at += 1
    return tables.moments_s[index(came.at - 1)]


@compiled
def open_sources(tables, state):  # type: ignore[no-untyped-def]
    """Enter the first customer of each source."""
    for which in range(len(tables.sources)):
        look_ahead(tables, state, which)
        moment_s = next_moment(tables, state, which)
        if moment_s == NOBODY_MORE_S:
            state.numbers[OPEN_SOURCES] -= 1
        else:
            order = (COMES << RANK_BITS) + (which << SOURCE_BITS)
            comes_at(state.agenda, moment_s, order)


@compiled
def comes_from_outside(tables, state, order, now_s):  # type: ignore[no-untyped-def]
    """Somebody new has come; where the newcomer is kept. The next one of that source is entered."""
    number = order & ((1 << RANK_BITS) - 1)
    which = number >> SOURCE_BITS
    source = tables.sources[index(which)]
    came = state.coming[index(which)]
    numbers = state.numbers
    slot = place_for_one(state.at_hand, state.customers)
    customer = state.customers[index(slot)]
    customer.number = number
    drawn = index(came.nth & (state.next_keys.shape[1] - 1))
    customer.key = state.next_keys[index(which), drawn]
    customer.began_s = state.next_services_s[index(which), drawn]
    customer.came_s = now_s
    customer.customer_class = source.customer_class
    customer.level = source.level
    customer.place = source.start
    customer.visits = 0
    customer.attempts = 0
    customer.crowd = -1
    customer.waits = 0
    numbers[CAME] += 1
    numbers[INSIDE] += 1
    came.nth += 1
    look_ahead(tables, state, which)
    moment_s = next_moment(tables, state, which)
    if moment_s == NOBODY_MORE_S:
        numbers[OPEN_SOURCES] -= 1
    next_comes_at(state.agenda, moment_s, order + 1)
    return slot
