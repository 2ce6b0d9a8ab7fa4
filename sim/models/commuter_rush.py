"""A whole day of a city's metro and buses: every gate line, every ride, every tap record.

The question of a planner: where does the city wait in the rush, at which gates, and does the
platform take the records? A metro trip is one customer: through an entry gate, a ride, an exit
gate, then its record goes over the network to the platform. A bus trip is a tap at a validator and
its record. A failed tap is made again behind those who wait.

Each metro station has an entry and an exit gate line. Passengers come out by trainloads: nobody on
a line sets out but with a train, and its trains run in step, at all its stations at once, twice as
often in the rush (06:30-09:30, 16:30-19:30) as at other times. Homes and places of work are apart:
the largest stations of going out are the smallest of coming home, turned round. Gates are planned
by rule (`gate_load`), so that the picture shows where a rule of thumb falls short. Buses of a depot
are one station of as many validators as stand at a stop with people getting on at a time.

Why a bus does not take its people together, as a train does: they do not pass its validator
together, but one after the other, and few at a time. 288 boardings of a bus in a day (Nanjing) over
some 200 stops it makes (assumption) are 1.4 at a stop, three to five in the rush. The last of four
waits 6 s for the three before, the mean is 3 s (2 s each, Poisson); a depot's hundreds of stops
together send records as independent ones do. To see those seconds, and the wait for the bus, each
stop would have to be a station: more than a network may have. Waits at `bus_depot` leave them out.

Scale: fewer metro lines, stations and buses in proportion, each as busy; at least one of each.
Weak: trains have two paces and never fill up; a passenger's exit does not depend on the entry;
transfers are within the ride.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.models.model import Model, Play, Story, Values, sources_in, values_in
from sim.models.numbers.commuter import EVENING, MORNING, PARAMETERS, PRESETS
from sim.network import Exponential, Lognormal, Network, Poisson, Route, Source, Station, link
from sim.observation import Observation, StationSeen
from sim.region.days import DAY_S, HOUR_S, arrivals_over_day, quarters_of
from sim.region.sizes import named, scaled, servers_for, shares_of
from sim.region.spans import clock, span
from sim.region.trains import Timetable, rides_by_train

OUT, HOME, BUS = "outbound", "homebound", "bus"
RECORDS, PLATFORM = "records", "platform"
MORNING_QUARTERS, EVENING_QUARTERS = quarters_of(MORNING), quarters_of(EVENING)
BUS_QUARTERS = tuple((a + b) / 2 for a, b in zip(MORNING_QUARTERS, EVENING_QUARTERS, strict=True))
GATES_LEAST = 2
SERVED_LEAST = 20
"""Fewer served in a step tell nothing of its wait."""


@dataclass(frozen=True, slots=True)
class City:
    """How the city is divided: gate lines with their trips a day and their gates."""

    lines: tuple[str, ...]
    entries: tuple[str, ...]
    exits: tuple[str, ...]
    going_out: tuple[float, ...]
    coming_home: tuple[float, ...]
    entry_gates: tuple[int, ...]
    exit_gates: tuple[int, ...]
    depots: tuple[str, ...]
    validators: int
    metro_per_day: float
    bus_per_day: float


def city_of(values: Values, scale: float) -> City:
    """The city at this scale."""
    metro_per_day = values["metro_trips"] * values["reserve"] * scale
    bus_per_day = values["bus_trips"] * values["reserve"] * scale
    stations = scaled(values["metro_stations"], scale) if metro_per_day else 0
    lines = min(stations, scaled(values["metro_lines"], scale))
    depots = scaled(values["bus_depots"], scale) if bus_per_day else 0
    shares = shares_of(stations, values["unevenness"])
    out, home = shares, shares[::-1]
    gate_s = gate_time_s(values) / (1 - values["failed_tap_share"])

    def gates(first: tuple[float, ...], then: tuple[float, ...]) -> tuple[int, ...]:
        """Gates of lines used by `first` in the morning and by `then` in the evening."""
        morning = values["outbound_share"] * metro_per_day / DAY_S * gate_s
        evening = (1 - values["outbound_share"]) * metro_per_day / DAY_S * gate_s
        planned = []
        for early, late in zip(first, then, strict=True):
            busy = max(
                early * morning * a + late * evening * b
                for a, b in zip(MORNING_QUARTERS, EVENING_QUARTERS, strict=True)
            )
            enough = max(GATES_LEAST, servers_for(busy, values["gate_load"]))
            planned.append(enough + int(values["gates_extra"]))
        return tuple(planned)

    buses = bus_per_day / values["boardings_per_bus"]
    return City(
        lines=named("ride_line", lines),
        entries=named("entry", stations),
        exits=named("exit", stations),
        going_out=out,
        coming_home=home,
        entry_gates=gates(out, home),
        exit_gates=gates(home, out),
        depots=named("bus_depot", depots),
        validators=max(1, round(buses * values["boarding_share"] / max(depots, 1))),
        metro_per_day=metro_per_day,
        bus_per_day=bus_per_day,
    )


def gate_time_s(values: Values) -> float:
    """The mean time a passenger holds a gate, in seconds."""
    return 60 / values["gate_rate"]


def build(values: Values, scale: float) -> Network:
    """The city as a network."""
    city = city_of(values, scale)
    gate = Lognormal(gate_time_s(values), values["gate_time_cv"])
    board = Lognormal(values["board_s"], values["board_cv"])
    ride = Lognormal(60 * values["ride_min"], values["ride_cv"])
    trains = Timetable(values["train_every_s"], values["train_every_off_peak_s"])
    outage_s = 60 * values["outage_min"]
    begin_s = HOUR_S * values["outage_from_h"]
    outages = ((begin_s, begin_s + outage_s),) if outage_s else ()
    records = Lognormal(values["record_delay_s"], values["record_delay_cv"])
    servers = scaled(values["platform_servers"], scale)
    gates = zip(city.entries, city.entry_gates, strict=True)
    exits = zip(city.exits, city.exit_gates, strict=True)
    stations = (
        *(Station(name, ((0.0, many),), gate) for name, many in gates),
        *(Station(name, ((0.0, city.validators),), board) for name in city.depots),
        Station(PLATFORM, ((0.0, servers),), Exponential(values["platform_ms"] / 1000)),
        link(RECORDS, records, outages),
        *rides_by_train(city.lines, ride, trains),
        *(Station(name, ((0.0, many),), gate) for name, many in exits),
    )
    sources = [
        source for place in range(len(city.entries)) for source in _sources(city, place, values)
    ]
    rate = arrivals_over_day(city.bus_per_day / max(1, len(city.depots)), BUS_QUARTERS)
    sources += [Source(f"{name} stops", BUS, Poisson(rate), name) for name in city.depots]
    routes = [*_metro_routes(city, values), *_after_taps(city.depots, (BUS,), values)]
    routes += [Route(name, RECORDS, ((PLATFORM, 1.0),)) for name in _classes(city)]
    return Network("commuter-rush", DAY_S, stations, tuple(sources), tuple(routes))


def _classes(city: City) -> tuple[str, ...]:
    return ((OUT, HOME) if city.entries else ()) + ((BUS,) if city.depots else ())


def _sources(city: City, place: int, values: Values) -> tuple[Source, Source]:
    """Who comes to one entry gate line: going out, and coming home."""
    name, share = city.entries[place], values["outbound_share"]
    out = city.metro_per_day * share * city.going_out[place]
    home = city.metro_per_day * (1 - share) * city.coming_home[place]
    return (
        Source(f"{name} out", OUT, Poisson(arrivals_over_day(out, MORNING_QUARTERS)), name),
        Source(f"{name} home", HOME, Poisson(arrivals_over_day(home, EVENING_QUARTERS)), name),
    )


def _metro_routes(city: City, values: Values) -> list[Route]:
    failed, lines = values["failed_tap_share"], len(city.lines)
    routes = []
    for name, ends in ((OUT, city.coming_home), (HOME, city.going_out)):
        of_line = [sum(ends[line::lines]) for line in range(lines)]
        for entry in city.entries:
            on = zip(city.lines, of_line, strict=True)
            rides = tuple((line, (1 - failed) * share) for line, share in on)
            routes.append(Route(name, entry, ((entry, failed), *rides)))
        for line, ride in enumerate(city.lines):
            on_line = zip(city.exits[line::lines], ends[line::lines], strict=True)
            goals = tuple((goal, share / of_line[line]) for goal, share in on_line)
            routes.append(Route(name, ride, goals))
    return routes + _after_taps(city.exits, (OUT, HOME) if city.exits else (), values)


def _after_taps(places: tuple[str, ...], classes: tuple[str, ...], values: Values) -> list[Route]:
    """A record goes out; a failed tap comes back."""
    failed = values["failed_tap_share"]
    ways = {place: ((RECORDS, 1 - failed), (place, failed)) for place in places}
    return [Route(name, place, ways[place]) for name in classes for place in places]


def answer(values: Values, scale: float, seen: Observation, play: Play) -> Story:
    """How busy the platform is, where the city waits longest to get in and what one more gate does
    there, and where to get out.
    """
    city = city_of(values, scale)
    names = [station.name for station in seen.network.stations]
    by_name = dict(zip(names, seen.stations, strict=True))
    platform = by_name[PLATFORM].series
    peak = int(platform.arrivals[: int(DAY_S / platform.step_s)].argmax())
    at, per_s = clock(peak * platform.step_s), platform.arrivals[peak] / platform.step_s
    busy = platform.busy_s[peak] / max(platform.available_s[peak], 1e-9)
    zh = f"全天 {seen.customers:,} 人次；平台最忙时（{at}）每秒 {per_s:,.0f} 条刷卡记录，"
    zh += f"利用率 {busy:.0%}"
    en = f"{seen.customers:,} trips in the day; the platform takes {per_s:,.0f} records/s at its "
    en += f"busiest ({at}), {busy:.0%} in use"
    lines = city.entries or city.depots
    worst = max(lines, key=lambda name: _worst_moment(by_name[name])[1])
    gates = {station.name: station.capacity[0][1] for station in seen.network.stations}
    if _worst_moment(by_name[worst])[1] < 1:
        zh, en = zh + "。各处上车、进站都无须等候", en + ". Nobody waits long to board or enter"
    else:
        told_zh, told_en = _wait_at(by_name[worst], worst, gates[worst])
        zh += f"。等候最久的是 {told_zh}"
        en += f". The longest wait is at {told_en}"
        if worst in city.entries:
            more = with_one_more_gate(city, city.entries.index(worst), values, play)
            (day_zh, day_en), (wait_zh, wait_en) = span(_p95_s(more)), span(_worst_moment(more)[1])
            zh += f"；若多开一台：{wait_zh}，{day_zh}"
            en += f"; with one more gate {wait_en} and {day_en}"
    if city.exits:
        worst = max(city.exits, key=lambda name: _worst_moment(by_name[name])[1])
        told_zh, told_en = _wait_at(by_name[worst], worst, gates[worst])
        zh += f"。出站等候最久的是 {told_zh}"
        en += f". The longest wait to leave is at {told_en}"
    return Story(zh + "。", en + ".")


def _wait_at(seen: StationSeen, name: str, gates: int) -> tuple[str, str]:
    """The worst moment and the day of a gate line, in both languages."""
    worst_s, wait_s = _worst_moment(seen)
    (day_zh, day_en), (wait_zh, wait_en) = span(_p95_s(seen)), span(wait_s)
    return (
        f"{name}（{gates} 台）：{clock(worst_s)} 平均 {wait_zh}，全天 95% 不超过 {day_zh}",
        f"{name} ({gates} in use): {wait_en} on average at {clock(worst_s)}, "
        f"p95 of the day {day_en}",
    )


def _p95_s(seen: StationSeen) -> float:
    return seen.waits.quantile_s(0.95)


def _worst_moment(seen: StationSeen) -> tuple[float, float]:
    """The step in which those who were served had waited longest: when it begins, and the mean
    wait, in seconds; steps with few people do not count.
    """
    mean_s = seen.series.wait_s / seen.series.served.clip(min=1)
    mean_s[seen.series.served < SERVED_LEAST] = 0.0
    step = int(mean_s.argmax())
    return step * seen.series.step_s, float(mean_s[step])


def with_one_more_gate(city: City, place: int, values: Values, play: Play) -> StationSeen:
    """One entry gate line with one more gate: it is played alone."""
    name = city.entries[place]
    gate = Lognormal(gate_time_s(values), values["gate_time_cv"])
    station = Station(name, ((0.0, city.entry_gates[place] + 1),), gate)
    again = ((name, values["failed_tap_share"]),)
    alone = Network(
        "one gate line",
        DAY_S,
        (station,),
        _sources(city, place, values),
        (Route(OUT, name, again), Route(HOME, name, again)),
    )
    return play(alone).stations[0]


MODEL = Model(
    name="commuter-rush",
    title_zh="一座城市的地铁与公交：全天每一次刷卡",
    title_en="Metro and buses of a city: every tap of a day",
    first_s_of_day=0.0,
    parameters=PARAMETERS,
    presets=values_in(PRESETS),
    build=build,
    answer=answer,
    sources=sources_in(PRESETS),
)
