"""Changes of capacity: the plan, and servers that break down and are repaired."""

from __future__ import annotations

from sim.compilation import compiled
from sim.compiled_engine.agenda import NOBODY, put
from sim.compiled_engine.lines import index
from sim.compiled_engine.station import draw, look
from sim.order import CHANGE, RANK_BITS, SERVER_BITS
from sim.random_numbers import customer_key

PLAN = 0
"""The number of the plan among the servers of a station, which are counted from 1."""


@compiled
def plan_changes(tables, state):  # type: ignore[no-untyped-def]
    """Enter the first change of each plan, and the first breakdown of each server."""
    for place in range(len(tables.stations)):
        station = tables.stations[index(place)]
        first = (CHANGE << RANK_BITS) + (place << SERVER_BITS)
        if station.plan_first + 1 < station.plan_end:
            from_s = tables.plan[index(station.plan_first + 1)].from_s
            put(state.agenda, from_s, first + PLAN, NOBODY)
        for server in range(1, station.servers + 1):
            stream = station.breakdown_stream
            breaks_s = draw(tables, station.between, stream, customer_key(stream, server), 0)
            put(state.agenda, breaks_s, first + server, NOBODY)


@compiled
def change(tables, state, order, now_s, step_s):  # type: ignore[no-untyped-def]
    """The plan goes on, or a server breaks down or is repaired; returns the station."""
    number = order & ((1 << RANK_BITS) - 1)
    place = number >> SERVER_BITS
    server = number & ((1 << SERVER_BITS) - 1)
    station = tables.stations[index(place)]
    work = state.at_work[index(place)]
    look(state, place, now_s, step_s)
    if server == PLAN:
        work.plan_at += 1
        work.planned = tables.plan[index(work.plan_at)].servers
        if work.plan_at + 1 < station.plan_end:
            put(state.agenda, tables.plan[index(work.plan_at + 1)].from_s, order, NOBODY)
    else:
        unit = state.servers[index(station.server_first + server - 1)]
        form, stream = station.repair, station.repair_stream
        if unit.is_broken:
            form, stream = station.between, station.breakdown_stream
            unit.time += 1
        unit.is_broken = 1 - unit.is_broken
        after_s = draw(tables, form, stream, customer_key(stream, server), unit.time)
        put(state.agenda, now_s + after_s, order, NOBODY)
    work.working = work.planned
    if station.breaks_whole:
        if state.servers[index(station.server_first)].is_broken:
            work.working = 0
    else:
        for other in range(min(station.servers, work.planned)):
            work.working -= state.servers[index(station.server_first + other)].is_broken
    return place
