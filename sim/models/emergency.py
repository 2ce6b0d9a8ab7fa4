"""An emergency: cards are known to be misused in masses, and the region freezes them in one day.

The question of a planner: does the hotline stand it, and how soon has everybody a new card? At one
hour of a Monday the suspected cards are frozen by a list, piece after piece; each holder is told by
message. Of those, some call, some come to a counter in the next days and get a new card: each
working day some of them, the others put it off. Others
who only heard of it call too, and look at their accounts: a burst that fades from day to day.
Callers lose patience and call again; the seats may be more from the day of the emergency on.

Counters are groups of sites (21 prefectures for Sichuan: assumption), each group one queue; those
who come set out on the morning of a working day.

Scale: people, seats, counters, printers and servers in proportion, at least one of each.
Weak: the counters' ordinary visitors are not played: `counters` are those freed for this. Who never
gets through to the hotline is not among those who come.
"""

from __future__ import annotations

from sim.models.model import Model, Play, Story, Values, sources_in, values_in
from sim.models.numbers.emergency import PARAMETERS, PRESETS, WORRIED_BY_HOUR
from sim.network import (
    Exponential,
    Lognormal,
    Network,
    Poisson,
    Route,
    Scheduled,
    Source,
    Station,
    Uniform,
    link,
)
from sim.observation import Observation
from sim.region.call_centre import HOTLINE, call_centre, redial, seats_by_hour
from sim.region.days import (
    DAY_S,
    HOUR_S,
    arrivals_by_hours,
    office_hours,
    setting_out,
    working_days,
)
from sim.region.sizes import named, portions, scaled, shares_of
from sim.region.spans import span

VICTIM, WORRIED, LOOKING = "victim", "worried", "looking"
FREEZING, NOTICE, GOING, PRINTERS, QUERIES = "freezing", "notice", "going", "printers", "queries"
DAYS, OPENS_H, CLOSES_H = 19, 9, 17
OPEN_DAYS = DAYS + 28
"""Counters stay open for those who put it off."""
PIECES = 120


def build(values: Values, scale: float) -> Network:
    """The region in its emergency as a network."""
    groups = scaled(values["places"], scale)
    counters, shares = named("counters", groups), shares_of(groups, values["unevenness"])
    stations = (
        _hotline(values, scale),
        *_counters(values, scale, counters, shares),
        Station(
            FREEZING,
            ((0.0, scaled(values["freeze_servers"], scale)),),
            Exponential(values["freeze_ms"] / 1000),
        ),
        Station(
            QUERIES,
            ((0.0, scaled(values["query_servers"], scale)),),
            Exponential(values["query_ms"] / 1000),
        ),
        link(NOTICE, Lognormal(60 * values["notice_min"], 1.0)),
        setting_out(GOING, 8, Uniform(HOUR_S, 8 * HOUR_S), OPEN_DAYS),
    )
    call, come = values["victims_call_share"], values["victims_come_share"]
    to, later = tuple(zip(counters, shares, strict=True)), values["later_share"]
    routes = (
        Route(VICTIM, FREEZING, ((NOTICE, 1.0),)),
        Route(VICTIM, NOTICE, ((HOTLINE, call), (GOING, (1 - call) * come))),
        Route(VICTIM, HOTLINE, ((GOING, come),)),
        Route(VICTIM, GOING, ((GOING, later), *((name, (1 - later) * part) for name, part in to))),
        *(Route(VICTIM, name, ((PRINTERS, 1.0),)) for name in counters),
        Route(VICTIM, PRINTERS, ((PRINTERS, values["spoilt_share"]),)),
    )
    retries = tuple(
        redial(name, values["redial_min"], values["attempts"]) for name in (VICTIM, WORRIED)
    )
    return Network("emergency", DAYS * DAY_S, stations, _sources(values, scale), routes, retries)


def _hotline(values: Values, scale: float) -> Station:
    least = scaled(values["seats_night"], scale)
    seats = seats_by_hour(scaled(values["seats"] + values["seats_more"], scale), least)
    return call_centre(seats, values["talk_s"], values["talk_cv"], values["patience_s"], DAYS)


def _counters(
    values: Values, scale: float, names: tuple[str, ...], shares: tuple[float, ...]
) -> tuple[Station, ...]:
    many = portions(scaled(values["counters"], scale), shares)
    at_counter = Lognormal(60 * values["counter_min"], 0.7)
    printers = scaled(values["printers"], scale)
    return (
        *(
            Station(
                name,
                office_hours(servers, OPENS_H, CLOSES_H + 1, OPEN_DAYS, working_days),
                at_counter,
            )
            for name, servers in zip(names, many, strict=True)
        ),
        Station(
            PRINTERS,
            office_hours(printers, OPENS_H, CLOSES_H + 1, OPEN_DAYS, working_days),
            Lognormal(60 * values["print_min"], 0.2),
        ),
    )


def _sources(values: Values, scale: float) -> tuple[Source, ...]:
    """The list of cards in pieces over its hours, and the burst of the worried."""
    cards, begin_s = round(values["suspected"] * scale), values["begins_h"] * HOUR_S
    until = [cards * nth // PIECES for nth in range(PIECES + 1)]
    gap_s = values["freeze_h"] * HOUR_S / PIECES
    pieces = tuple((begin_s + nth * gap_s, until[nth + 1] - until[nth]) for nth in range(PIECES))
    fading = values["fading"]
    weight = sum(fading**day for day in range(DAYS))
    first_h = int(values["begins_h"])

    def burst(people: float) -> Poisson:
        """So many over all days; on the first none before the list begins."""
        first = tuple(0.0 if hour < first_h else w for hour, w in enumerate(WORRIED_BY_HOUR))
        of_first = arrivals_by_hours(people / weight, first)
        rest = arrivals_by_hours(
            people / weight, WORRIED_BY_HOUR, DAYS, lambda day: fading**day if day else 0.0
        )
        return Poisson((*of_first, *(step for step in rest if step[0] >= DAY_S)))

    worried = values["holders"] * values["worried_share"] * scale
    return (
        Source("list", VICTIM, Scheduled(pieces), FREEZING),
        Source("worried", WORRIED, burst(worried), HOTLINE),
        Source(
            "looking", LOOKING, burst(worried * values["ecard_share"] * values["looks"]), QUERIES
        ),
    )


def answer(values: Values, scale: float, seen: Observation, play: Play) -> Story:
    """What callers met, and until when nearly everybody who came has a new card."""
    names = [station.name for station in seen.network.stations]
    by_name = dict(zip(names, seen.stations, strict=True))
    frozen = by_name[FREEZING]
    hotline = by_name[HOTLINE]
    lost = 1 - hotline.waits.count / max(1, hotline.visits)
    many = scaled(values["seats"] + values["seats_more"], scale)
    zh = f"冻结 {frozen.visits:,} 张卡；热线 {many} 个坐席时 {hotline.visits:,} 通来电 "
    zh += f"{lost:.0%} 未接通"
    en = f"{frozen.visits:,} cards are frozen; with {many} seats {lost:.0%} of {hotline.visits:,} "
    en += "calls are not answered"
    more = max(1, round(many / 2))
    wider = play(_calls_alone({**values, "seats_more": values["seats_more"] + more / scale}, scale))
    less = 1 - wider.stations[0].waits.count / max(1, wider.stations[0].visits)
    zh += f"（再增加 {more} 个坐席后 {less:.0%}）"
    en += f" (with {more} more: {less:.0%})"
    printed = by_name[PRINTERS].series
    made = printed.served.cumsum()
    day = int(made.searchsorted(0.95 * made[-1]) * printed.step_s / DAY_S) + 1
    counters = [name for name in names if name.startswith("counters")]
    worst = max(counters, key=lambda name: by_name[name].waits.quantile_s(0.95))
    wait_zh, wait_en = span(by_name[worst].waits.quantile_s(0.95))
    zh += f"；第 {day} 天时 95% 的新卡已制成；窗口等候最久的是 {worst}：95% 不超过 {wait_zh}。"
    en += f"; 95 % of the new cards are made by day {day}; the longest wait for a counter is at "
    return Story(zh, en + f"{worst}: p95 {wait_en}.")


def _calls_alone(values: Values, scale: float) -> Network:
    """The part of the network whose calls come in: without counters, printers and looks."""
    whole = build(values, scale)
    parts = {FREEZING, NOTICE, HOTLINE}
    routes = (
        Route(VICTIM, FREEZING, ((NOTICE, 1.0),)),
        Route(VICTIM, NOTICE, ((HOTLINE, values["victims_call_share"]),)),
    )
    return Network(
        "calls of an emergency",
        whole.horizon_s,
        tuple(station for station in whole.stations if station.name in parts),
        tuple(source for source in whole.sources if source.start in parts),
        routes,
        whole.retries,
    )


MODEL = Model(
    name="emergency",
    title_zh="应急：大规模盗用、集中冻结、热线与补卡高峰",
    title_en="An emergency: mass fraud, a freeze wave, the hotline, new cards",
    first_s_of_day=0.0,
    parameters=PARAMETERS,
    presets=values_in(PRESETS),
    build=build,
    answer=answer,
    sources=sources_in(PRESETS),
)
