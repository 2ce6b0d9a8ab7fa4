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
    USED,
    close_gap,
    comes_at,
    is_from_outside,
    next_comes_at,
    put,
    turn,
)
from sim.compiled_engine.state import (
    CAME,
    FREE_CROWD,
    FREE_CUSTOMER,
    INSIDE,
    LEFT_S,
    NOW_S,
    OPEN_SOURCES,
    OVERDUE,
    TRACED,
    USED_CROWDS,
    USED_CUSTOMERS,
    WAITING,
)
from sim.compiled_engine.station import count_time, first_of, join, leave, look
from sim.compiled_engine.tables import POISSON, SCHEDULED
from sim.observation import VISITS_PER_CUSTOMER_MAX
from sim.order import CHANGE, COMES, DONE, GATHERED, GIVES_UP, RANK_BITS, SERVER_BITS, SOURCE_BITS
from sim.random_numbers import EXPONENTIAL, customer_key, time_of, uniform

(
    OVER,
    MORE,
    NEEDS_CUSTOMERS,
    NEEDS_CROWDS,
    NEEDS_HEAP,
    NEEDS_ENTRIES,
    NEEDS_TRACE,
    CROWDED,
    ENDLESS,
) = range(9)
"""Why `advance` returned."""

SLACK = 8
"""Entries that one event makes beside those of the customers it calls."""
NUMBER_MASK = (1 << RANK_BITS) - 1
STAMP_BITS = 20
"""An entry about a customer: its place among those inside, and which of its visits."""
STAMP_MASK = (1 << STAMP_BITS) - 1


@compiled
def draw(forms, values_s, form, stream, key, visit, mask):  # type: ignore[no-untyped-def]
    """A time of the distribution at this place among the forms."""
    of = forms[form]
    return time_of(
        of.kind, of.first, of.second, values_s, of.begin, of.end, stream, key, visit, mask
    )


@compiled
def next_moment(sources, coming, pieces, moments_s, which, mask):  # type: ignore[no-untyped-def]
    """When the next customer of a source comes, in seconds; -1 when nobody does any more."""
    source = sources[which]
    came = coming[which]
    if source.kind == POISSON:
        came.laid += time_of(
            EXPONENTIAL, 1.0, 0.0, moments_s, 0, 0, source.stream, came.key, 0, mask
        )
        if came.laid >= pieces[source.end - 1].expected:
            return -1.0
        while pieces[came.at + 1].expected <= came.laid:
            came.at += 1
        piece = pieces[came.at]
        moment_s = piece.start_s + (came.laid - piece.expected) / piece.per_s
        came.moment_s = max(came.moment_s, moment_s)
        return came.moment_s
    if source.kind == SCHEDULED:
        if came.left == 0:
            if came.nth > 0:
                came.at += 1
            if came.at >= source.end:
                return -1.0
            came.left = pieces[came.at].customers
        came.left -= 1
        return pieces[came.at].start_s
    if came.at >= source.end:
        return -1.0
    came.at += 1
    return moments_s[came.at - 1]


@compiled
def advance(tables, state, step_s, measured_from_s, last_s, inside_max, events):  # type: ignore[no-untyped-def]
    """Do at most so many events; why it stopped. The first call begins the run."""
    (
        stations, forms, values_s, plan, of_class, ways, sources, pieces, moments_s,
        classes, levels, _horizon_s, mask,
    ) = tables  # fmt: skip
    (
        numbers, moments, customers, at_work, queues, servers, crowds, coming, agenda,
        counts, waits, journeys, journey_waits, steps, trace,
    ) = state  # fmt: skip
    is_traced = len(trace) > 0
    entered = agenda.numbers
    while events > 0:
        events -= 1
        if entered[GAP]:
            close_gap(agenda)
        # Room for all that the next event may need.
        release = numbers[WAITING] + SLACK
        if entered[HEAP] + release > len(agenda.heap_s):
            return NEEDS_HEAP
        if entered[USED] + release > len(agenda.entry_s):
            return NEEDS_ENTRIES
        if numbers[USED_CROWDS] + release > len(crowds):
            return NEEDS_CROWDS
        if numbers[USED_CUSTOMERS] == len(customers) and numbers[FREE_CUSTOMER] < 0:
            return NEEDS_CUSTOMERS
        if is_traced and numbers[TRACED] == len(trace):
            return NEEDS_TRACE
        is_bare = entered[HEAP] == 0 or agenda.heads[entered[BUCKET] & (RING - 1)] >= 0
        if entered[ENTRIES] and is_bare and not turn(agenda):
            return NEEDS_HEAP
        if entered[HEAP] + entered[COMERS] == 0:
            return OVER
        is_new = is_from_outside(agenda)
        if is_new:
            now_s = agenda.comes_s[0]
            order = agenda.comes_order[0]
            what = NOBODY
        else:
            now_s = agenda.heap_s[0]
            order = agenda.heap_order[0]
            what = agenda.heap_what[0]
        if now_s >= last_s:
            moments[NOW_S] = last_s
            return ENDLESS
        moments[NOW_S] = now_s
        if not is_new:
            entered[GAP] = 1
        rank = order >> RANK_BITS
        number = order & NUMBER_MASK

        calls = -1  # a station that may call somebody
        goes_on = -1  # a customer whose visit has ended
        is_served = False
        comes = -1  # a customer who arrives at a station
        if rank == DONE:
            slot = what >> STAMP_BITS
            place = customers[slot].place
            look(at_work, steps, place, now_s, step_s)
            crowd = customers[slot].crowd
            is_last = True
            if crowd >= 0:
                crowds[crowd].inside -= 1
                is_last = crowds[crowd].inside == 0
                customers[slot].crowd = -1
                if is_last:
                    crowds[crowd].next = numbers[FREE_CROWD]
                    numbers[FREE_CROWD] = crowd
            if is_last:
                at_work[place].busy -= 1
                calls = place
            goes_on = slot
            is_served = True
        elif rank == COMES:
            if what >= 0:  # somebody comes back
                slot = what >> STAMP_BITS
                if customers[slot].visits >= VISITS_PER_CUSTOMER_MAX:
                    goes_on = slot
                else:
                    comes = slot
            else:
                which = number >> SOURCE_BITS
                source = sources[which]
                came = coming[which]
                numbers[CAME] += 1
                numbers[INSIDE] += 1
                if numbers[INSIDE] > inside_max:
                    return CROWDED
                slot = numbers[FREE_CUSTOMER]
                if slot >= 0:
                    numbers[FREE_CUSTOMER] = customers[slot].next
                else:
                    slot = numbers[USED_CUSTOMERS]
                    numbers[USED_CUSTOMERS] = slot + 1
                customer = customers[slot]
                customer.number = number
                customer.key = came.key
                customer.came_s = now_s
                customer.customer_class = source.customer_class
                customer.level = source.level
                customer.place = source.start
                customer.visits = 0
                customer.attempts = 0
                customer.crowd = -1
                customer.waits = 0
                comes = slot
                came.nth += 1
                came.key = customer_key(source.stream, came.nth)
                moment_s = next_moment(sources, coming, pieces, moments_s, which, mask)
                if moment_s < 0:
                    numbers[OPEN_SOURCES] -= 1
                next_comes_at(agenda, moment_s, order + 1)
        elif rank == CHANGE:
            place = number >> SERVER_BITS
            server = number & ((1 << SERVER_BITS) - 1)
            station = stations[place]
            work = at_work[place]
            look(at_work, steps, place, now_s, step_s)
            again_s = -1.0
            if server == 0:
                work.plan_at += 1
                work.planned = plan[work.plan_at].servers
                if work.plan_at + 1 < station.plan_end:
                    again_s = plan[work.plan_at + 1].from_s
                calls = place
            else:
                unit = servers[station.server_first + server - 1]
                if unit.is_broken == 0:
                    unit.is_broken = 1
                    form, stream = station.repair, station.repair_stream
                else:
                    unit.is_broken = 0
                    unit.time += 1
                    form, stream = station.between, station.breakdown_stream
                    calls = place
                key = customer_key(stream, server)
                again_s = now_s + draw(forms, values_s, form, stream, key, unit.time, mask)
            work.working = work.planned
            if station.servers > 0:
                if station.breaks_whole:
                    if servers[station.server_first].is_broken:
                        work.working = 0
                else:
                    for other in range(min(station.servers, work.planned)):
                        work.working -= servers[station.server_first + other].is_broken
            if again_s >= 0:
                put(
agenda, again_s, order, NOBODY,
                )  # fmt: skip
        else:
            slot = what >> STAMP_BITS
            customer = customers[slot]
            if (
                customer.waits == 0
                or customer.number != number
                or customer.visits & STAMP_MASK != what & STAMP_MASK
            ):
                continue  # no longer there
            place = customer.place
            look(at_work, steps, place, now_s, step_s)
            if rank == GATHERED:
                customer.waits = OVERDUE
                at_work[place].overdue += 1
                calls = place
            else:
                if customer.waits == OVERDUE:
                    at_work[place].overdue -= 1
                at_work[place].waiting -= 1
                numbers[WAITING] -= 1
                level = customer.level if stations[place].by_priority else 0
                leave(customers, queues, place * levels + level, slot)
                if customer.arrival_s >= measured_from_s:
                    counts[place * classes + customer.customer_class].abandoned += 1
                goes_on = slot

        at_once = -1  # a customer who is served without standing in a queue
        joined = -1  # a customer who stands in a queue since this moment
        while True:
            if calls >= 0:
                work = at_work[calls]
                size = stations[calls].batch_size
                while at_once >= 0 or (work.waiting > 0 and work.busy < work.working):
                    if (
                        size > 0
                        and work.waiting < size
                        and work.overdue == 0
                        and stations[calls].batch_wait_s > 0
                    ):
                        break
                    work.busy += 1
                    many = 1
                    crowd = -1
                    service_s = 0.0
                    if size > 0:
                        many = min(size, work.waiting)
                        crowd = numbers[FREE_CROWD]
                        if crowd >= 0:
                            numbers[FREE_CROWD] = crowds[crowd].next
                        else:
                            crowd = numbers[USED_CROWDS]
                            numbers[USED_CROWDS] = crowd + 1
                        crowds[crowd].inside = many
                    for nth in range(many):
                        slot = at_once
                        at_once = -1
                        if slot < 0:
                            width = levels if stations[calls].by_priority else 1
                            slot, queue = first_of(queues, calls * levels, width)
                            if customers[slot].waits == OVERDUE:
                                work.overdue -= 1
                            leave(customers, queues, queue, slot)
                            work.waiting -= 1
                            numbers[WAITING] -= 1
                        customer = customers[slot]
                        customer.crowd = crowd
                        customer.began_s = now_s
                        pair = calls * classes + customer.customer_class
                        if nth == 0:
                            service_s = draw(
                                forms, values_s, of_class[pair].service,
                                stations[calls].service_stream, customer.key, customer.visits, mask,
                            )  # fmt: skip
                        if customer.arrival_s >= measured_from_s:
                            wait_s = now_s - customer.arrival_s
                            count_time(counts, waits, pair, wait_s)
                            step = steps[calls, work.step]
                            step.served += 1
                            step.wait_s += wait_s
                        put(
agenda, now_s + service_s, (DONE << RANK_BITS) + customer.number,
                            slot << STAMP_BITS,
                        )  # fmt: skip
                calls = -1

            if joined >= 0:
                customer = customers[joined]
                if customer.waits:
                    place = customer.place
                    work = at_work[place]
                    if now_s >= measured_from_s:
                        work.queue_max = max(work.queue_max, work.waiting)
                        step = steps[place, work.step]
                        step.queue_max = max(step.queue_max, work.waiting)
                    about = (joined << STAMP_BITS) + (customer.visits & STAMP_MASK)
                    if stations[place].patience >= 0:
                        ends_s = now_s + draw(
                            forms, values_s, stations[place].patience,
                            stations[place].patience_stream, customer.key, customer.visits, mask,
                        )  # fmt: skip
                        put(
agenda, ends_s, (GIVES_UP << RANK_BITS) + customer.number, about,
                        )  # fmt: skip
                    if stations[place].batch_wait_s > 0:
                        put(
agenda, now_s + stations[place].batch_wait_s,
                            (GATHERED << RANK_BITS) + customer.number, about,
                        )  # fmt: skip
                joined = -1

            if goes_on >= 0:
                customer = customers[goes_on]
                goal = -1
                if rank != COMES:  # a visit has ended
                    place = customer.place
                    pair = place * classes + customer.customer_class
                    if is_traced:
                        row = trace[numbers[TRACED]]
                        numbers[TRACED] += 1
                        row.customer = customer.number
                        row.visit = customer.visits
                        row.station = place
                        row.came_s = customer.came_s
                        row.arrival_s = customer.arrival_s
                        row.start_s = customer.began_s if is_served else now_s
                        row.end_s = now_s
                    if is_served:
                        customer.attempts = 0
                        of = of_class[pair]
                        if of.way_end > of.way_first:
                            share = uniform(
                                stations[place].routing_stream,
                                customer.key,
                                customer.visits,
                                0,
                                mask,
                            )
                            for way in range(of.way_first, of.way_end):
                                if share < ways[way].until:
                                    goal = ways[way].goal
                                    break
                        customer.visits += 1
                    else:
                        customer.attempts += 1
                        of = of_class[pair]
                        after_s = -1.0
                        if of.retry >= 0 and customer.attempts < of.attempts_max:
                            after_s = draw(
                                forms, values_s, of.retry,
                                stations[place].retry_stream, customer.key, customer.visits, mask,
                            )  # fmt: skip
                        customer.visits += 1
                        if after_s >= 0:
                            put(
agenda, now_s + after_s, (COMES << RANK_BITS) + customer.number,
                                goes_on << STAMP_BITS,
                            )  # fmt: skip
                            break
                if goal >= 0 and customer.visits < VISITS_PER_CUSTOMER_MAX:
                    customer.place = goal
                    comes = goes_on
                else:  # leaves the network
                    moments[LEFT_S] = now_s
                    numbers[INSIDE] -= 1
                    if customer.came_s >= measured_from_s:
                        of_whom = customer.customer_class
                        count_time(journeys, journey_waits, of_whom, now_s - customer.came_s)
                    customer.next = numbers[FREE_CUSTOMER]
                    customer.number = -1
                    numbers[FREE_CUSTOMER] = goes_on
                    if numbers[INSIDE] == 0 and numbers[OPEN_SOURCES] == 0:
                        return OVER
                goes_on = -1

            if comes < 0:
                break
            customer = customers[comes]
            place = customer.place
            pair = place * classes + customer.customer_class
            work = at_work[place]
            station = stations[place]
            look(at_work, steps, place, now_s, step_s)
            customer.arrival_s = now_s
            if now_s >= measured_from_s:
                counts[pair].visits += 1
                steps[place, work.step].arrivals += 1
            if station.batch_size == 0 and work.busy < work.working:
                calls = place
                at_once = comes
            elif 0 <= station.queue_max <= work.waiting and not (
                work.busy < work.working
                and (station.batch_wait_s == 0 or work.waiting + 1 >= station.batch_size)
                and station.batch_size > 0
            ):
                if now_s >= measured_from_s:
                    counts[pair].refused += 1
                goes_on = comes
                is_served = False
                rank = DONE  # a visit has ended, whatever began this event
            else:
                level = customer.level if station.by_priority else 0
                join(customers, queues, place * levels + level, comes)
                work.waiting += 1
                numbers[WAITING] += 1
                calls = place
                joined = comes
            comes = -1
    return MORE


@compiled
def begin(tables, state):  # type: ignore[no-untyped-def]
    """Enter what is known from the start: first customers, changes of plan, breakdowns."""
    (
        stations, forms, values_s, plan, _of_class, _ways, sources, pieces, moments_s,
        _classes, _levels, _horizon_s, mask,
    ) = tables  # fmt: skip
    (
        numbers, _moments, _customers, _at_work, _queues, _servers, _crowds, coming, agenda,
        _counts, _waits, _journeys, _journey_waits, _steps, _trace,
    ) = state  # fmt: skip
    for place in range(len(stations)):
        station = stations[place]
        first = (CHANGE << RANK_BITS) + (place << SERVER_BITS)
        if station.plan_first + 1 < station.plan_end:
            put(
agenda, plan[station.plan_first + 1].from_s, first, NOBODY,
            )  # fmt: skip
        for server in range(1, station.servers + 1):
            stream = station.breakdown_stream
            key = customer_key(stream, server)
            put(
agenda, draw(forms, values_s, station.between, stream, key, 0, mask),
                first + server, NOBODY,
            )  # fmt: skip
    for which in range(len(sources)):
        coming[which].key = customer_key(sources[which].stream, 0)
        moment_s = next_moment(sources, coming, pieces, moments_s, which, mask)
        if moment_s < 0:
            numbers[OPEN_SOURCES] -= 1
        else:
            comes_at(agenda, moment_s, (COMES << RANK_BITS) + (which << SOURCE_BITS))
