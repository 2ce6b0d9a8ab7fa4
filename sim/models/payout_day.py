"""Payout day: a pension file into accounts by night, and the people who come by day.

The question of a planner: is everybody paid before the counters open, and do counters, cash
machines and the hotline take the crowd? The platform takes the payout in files, one after the
other, and posts each line; a line then goes to one of a few banks, which books it. By day a share
of the people come to a counter, go to a cash machine, call, or look at their balance: each by a
profile of the day, since nobody publishes how long after payment people come.

Counters and cash machines are grouped by place (21 prefectures for Sichuan: assumption); within a
group they share one queue, so that waits are those of a place where everybody finds the shortest
queue: a lower bound.

Scale: people, lines of a file, counters, machines and seats in proportion, at least one of each.
"""

from __future__ import annotations

from sim.models.model import Model, Play, Story, Values, sources_in, values_in
from sim.models.numbers.payout import (
    BALANCES,
    BANK_SHARES,
    BANKS,
    CASH,
    COUNTERS,
    PARAMETERS,
    PRESETS,
)
from sim.network import (
    Exponential,
    Lognormal,
    Network,
    Poisson,
    Route,
    Scheduled,
    Source,
    Station,
    link,
)
from sim.observation import Observation
from sim.region.call_centre import CALLS, HOTLINE, call_centre, redial, seats_by_hour
from sim.region.days import DAY_S, HOUR_S, arrivals_by_hours, office_hours
from sim.region.sizes import named, portions, scaled, shares_of
from sim.region.spans import clock, span

LINE, COUNTER, CASHING, CALLER, ASKING = "line", "counter", "cash", "caller", "asking"
POSTING, TO_BANKS, QUERIES = "posting", "to_banks", "queries"
OPENS_H, CLOSES_H = 9, 17


def build(values: Values, scale: float) -> Network:
    """The region's payout day as a network."""
    people = values["recipients"] * scale
    groups = scaled(values["places"], scale)
    shares = shares_of(groups, values["unevenness"])
    banks, counters, machines = (
        named("bank", BANKS),
        named("counters", groups),
        named("cash", groups),
    )
    stations = [
        *_platform(values, scale, banks),
        *_desks(values, scale, counters, machines, shares),
    ]
    sources = [Source("payout file", LINE, _files(values, people), POSTING)]
    for kind, places, weights, share in (
        (COUNTER, counters, COUNTERS, values["counter_share"]),
        (CASHING, machines, CASH, values["cash_share"]),
        (CALLER, (HOTLINE,), CALLS, values["call_share"]),
        (ASKING, (QUERIES,), BALANCES, values["query_share"]),
    ):
        for place, part in zip(places, shares if len(places) > 1 else (1.0,), strict=True):
            rate = Poisson(arrivals_by_hours(people * share * part, weights))
            sources.append(Source(f"to {place}", kind, rate, place))
    routes = (
        Route(LINE, POSTING, ((TO_BANKS, 1.0),)),
        Route(LINE, TO_BANKS, tuple(zip(banks, BANK_SHARES, strict=True))),
    )
    again = redial(CALLER, values["redial_min"], values["attempts"])
    return Network("payout-day", DAY_S, tuple(stations), tuple(sources), routes, (again,))


def _files(values: Values, people: float) -> Scheduled:
    """The payout in files of equal size, evenly through the hours of the batch."""
    files, lines = int(values["files"]), round(people)
    gap_s = values["batch_h"] * HOUR_S / files
    first_s = values["batch_from_h"] * HOUR_S
    until = [lines * nth // files for nth in range(files + 1)]
    return Scheduled(
        tuple((first_s + nth * gap_s, until[nth + 1] - until[nth]) for nth in range(files))
    )


def _platform(values: Values, scale: float, banks: tuple[str, ...]) -> list[Station]:
    post = Exponential(values["post_ms"] / 1000)
    book = Exponential(values["bank_ms"] / 1000)
    query = Exponential(values["query_ms"] / 1000)
    servers = portions(scaled(values["bank_servers"], scale), BANK_SHARES)
    return [
        Station(POSTING, ((0.0, scaled(values["post_servers"], scale)),), post),
        *(Station(name, ((0.0, many),), book) for name, many in zip(banks, servers, strict=True)),
        Station(QUERIES, ((0.0, scaled(values["query_servers"], scale)),), query),
        link(TO_BANKS, Lognormal(values["bank_delay_s"], 0.5)),
    ]


def _desks(
    values: Values,
    scale: float,
    counters: tuple[str, ...],
    machines: tuple[str, ...],
    shares: tuple[float, ...],
) -> list[Station]:
    at_counter = Lognormal(60 * values["counter_min"], 0.8)
    at_machine = Lognormal(60 * values["cash_min"], 0.5)
    patience = Exponential(60 * values["patience_min"])
    tellers = portions(scaled(values["counters"], scale), shares)
    dispensers = portions(scaled(values["machines"], scale), shares)
    seats = seats_by_hour(scaled(values["seats"], scale), scaled(values["seats_night"], scale))
    return [
        *(
            Station(name, office_hours(many, OPENS_H, CLOSES_H), at_counter, patience=patience)
            for name, many in zip(counters, tellers, strict=True)
        ),
        *(
            Station(name, ((0.0, many),), at_machine, patience=patience)
            for name, many in zip(machines, dispensers, strict=True)
        ),
        call_centre(seats, values["talk_s"], values["talk_cv"], values["patience_s"]),
    ]


def answer(values: Values, scale: float, seen: Observation, play: Play) -> Story:
    """When the last line is booked, who waits longest, and what more counters there do."""
    del values, scale
    by_name = {
        station.name: (station, each)
        for station, each in zip(seen.network.stations, seen.stations, strict=True)
    }
    step_s, paid_s = seen.stations[0].series.step_s, 0.0
    for name in named("bank", BANKS):
        served = by_name[name][1].series.served.nonzero()[0]
        paid_s = max(paid_s, (int(served[-1]) + 1) * step_s if served.size else 0.0)
    lines = by_name[POSTING][1].visits
    zh = f"{lines:,} 笔待遇在 {clock(paid_s)} 前全部入账"
    en = f"All {lines:,} payments are booked by {clock(paid_s)}"
    counters = [name for name in by_name if name.startswith("counters")]
    worst = max(counters, key=lambda name: by_name[name][1].waits.quantile_s(0.95))
    station, found = by_name[worst]
    many = max(servers for _, servers in station.capacity)
    more = max(1, round(many / 20))
    wait_zh, wait_en = span(found.waits.quantile_s(0.95))
    less_zh, less_en = span(_with_more(seen.network, station, more, play))
    zh += (
        f"；柜台等候最久的是 {worst}（{many} 个）：95% 不超过 {wait_zh}，多开 {more} 个：{less_zh}"
    )
    en += f"; the longest wait for a counter is at {worst} ({many} open): p95 {wait_en}, "
    en += f"with {more} more {less_en}"
    calls = by_name[HOTLINE][1]
    connected = calls.waits.count / max(1, calls.visits)
    zh += f"；热线 {calls.visits:,} 通来电接通 {connected:.0%}。"
    en += f"; {connected:.0%} of {calls.visits:,} calls are connected."
    return Story(zh, en)


def _with_more(network: Network, station: Station, more: int, play: Play) -> float:
    """The p95 wait, in seconds, of one place with more counters: it is played alone."""
    capacity = tuple((at_s, many + more if many else 0) for at_s, many in station.capacity)
    wider = Station(station.name, capacity, station.service, patience=station.patience)
    sources = tuple(source for source in network.sources if source.start == station.name)
    return play(Network("one place", DAY_S, (wider,), sources)).stations[0].waits.quantile_s(0.95)


MODEL = Model(
    name="payout-day",
    title_zh="待遇发放日：批量入账、柜台、取款机与热线",
    title_en="Payout day: the file into accounts, counters, cash machines, hotline",
    first_s_of_day=0.0,
    parameters=PARAMETERS,
    presets=values_in(PRESETS),
    build=build,
    answer=answer,
    sources=sources_in(PRESETS),
)
