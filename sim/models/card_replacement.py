"""Card replacement of a province over years: from booking to activation.

The question of a planner: are counters, printers and production lines enough for the campaign, and
how long does a holder wait for the card? People book an hour of the next day, or walk in. At a
counter a card is printed at once (class `instant`) or applied for (class `central`): then it is
made on a production line in batches, sent to the site on the evening before a working day, and
given out there some weeks later. Lines and printers break down; a spoilt card is made again. At
last the platform activates the card.

The booking calendar gives each working day as many hours: people book on the days before them.

Stations are groups of sites: for Sichuan the counters of one prefecture (21: assumption) in one
group, at a county each site by itself. A group is one queue, as if everybody found its shortest
line: its waits are a lower bound. A counter also serves other business; `cards_share` of them stand
for those that serve cards at a time.

Scale: cards, counters, desks, printers, lines in proportion, at least one of each; below one line's
worth of cards the line has idle hours.
Weak: no public holidays; who does not come for a booked hour does not book again.
"""

from __future__ import annotations

from sim.models.model import Model, Play, Story, Values, sources_in, values_in
from sim.models.numbers.replacement import BOOKED, PARAMETERS, PRESETS, WALKED_IN
from sim.network import (
    Batch,
    Breakdown,
    Exponential,
    Lognormal,
    Network,
    Poisson,
    Route,
    Source,
    Station,
    Uniform,
)
from sim.observation import Observation
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

INSTANT, CENTRAL = "instant", "central"
BOOKING, PRINTERS, LINES, DELIVERY = "booking", "printers", "production", "delivery"
ACTIVATION = "activation"
OPENS_H, CLOSES_H, DAYS_OF_YEAR = 9, 17.5, 364
SETS_OUT_H, POST_H = 8, 18
RUN_OFF_WEEKS = 4
"""Counters and works stay open so long, and the time of delivery, after the last application."""


def build(values: Values, scale: float) -> Network:
    """The campaign as a network; it begins on a Monday, a year has 52 weeks."""
    days = int(values["years"]) * DAYS_OF_YEAR
    until = days + int(values["delivery_weeks"] + RUN_OFF_WEEKS) * 7
    counters, desks, shares = _groups(values, scale)
    stations = (
        *_counters(values, scale, counters, shares, until),
        *_desks(values, scale, desks, shares, until),
        *_works(values, scale, until),
        setting_out(BOOKING, SETS_OUT_H, Uniform(HOUR_S, 8 * HOUR_S), until),
        setting_out(DELIVERY, POST_H, _delivery(values), until, lambda day: working_days(day + 1)),
        Station(
            ACTIVATION,
            ((0.0, scaled(values["activation_servers"], scale)),),
            Exponential(values["activation_ms"] / 1000),
        ),
    )
    sources = _sources(values, scale, counters, shares, days)
    routes = _routes(values, counters, desks, shares)
    return Network("card-replacement", days * DAY_S, stations, sources, routes)


def _groups(
    values: Values, scale: float
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[float, ...]]:
    groups = scaled(min(values["places"], values["sites"]), scale)
    return (
        named("counters", groups),
        named("desks", groups),
        shares_of(groups, values["unevenness"]),
    )


def _delivery(values: Values) -> Uniform:
    """From the evening before a working day to the opening hours of one, whole weeks later."""
    least_s = values["delivery_weeks"] * 7 * DAY_S + (24 - POST_H + OPENS_H) * HOUR_S
    return Uniform(least_s, least_s + 7 * HOUR_S)


def _counters(
    values: Values, scale: float, names: tuple[str, ...], shares: tuple[float, ...], days: int
) -> list[Station]:
    total = scaled(values["sites"] * values["counters_per_site"] * values["cards_share"], scale)
    at_once = Lognormal(60 * values["instant_min"], 0.5)
    applied = Lognormal(60 * values["apply_min"], 0.5)
    return [
        Station(
            name,
            office_hours(many, OPENS_H, CLOSES_H, days, working_days),
            at_once,
            service_of=((CENTRAL, applied),) if values["instant_share"] < 1 else (),
        )
        for name, many in zip(names, portions(total, shares), strict=True)
    ]


def _desks(
    values: Values, scale: float, names: tuple[str, ...], shares: tuple[float, ...], days: int
) -> list[Station]:
    total = portions(scaled(values["desks"], scale), shares)
    service = Lognormal(60 * values["collect_min"], 0.5)
    return [
        Station(name, office_hours(many, OPENS_H, CLOSES_H, days, working_days), service)
        for name, many in zip(names, total, strict=True)
    ]


def _works(values: Values, scale: float, days: int) -> tuple[Station, Station]:
    """The printers at the sites, and the production lines."""
    size = int(values["batch_size"])
    return (
        Station(
            PRINTERS,
            office_hours(scaled(values["printers"], scale), OPENS_H, 20, days, working_days),
            Lognormal(60 * values["print_min"], 0.2),
            breakdown=Breakdown(
                Exponential(values["printer_works_days"] * DAY_S),
                Lognormal(values["printer_repair_h"] * HOUR_S, 0.5),
            ),
        ),
        Station(
            LINES,
            office_hours(scaled(values["lines"], scale), 7, 23, days, working_days),
            Lognormal(size / values["cards_per_hour"] * HOUR_S, 0.1),
            breakdown=Breakdown(
                Exponential(values["line_works_h"] * HOUR_S),
                Lognormal(values["line_repair_h"] * HOUR_S, 0.8),
            ),
            batch=Batch(size, values["batch_wait_h"] * HOUR_S),
        ),
    )


def _sources(
    values: Values, scale: float, counters: tuple[str, ...], shares: tuple[float, ...], days: int
) -> tuple[Source, ...]:
    """Who books, and who walks in on working days; the campaign rises through its first months."""
    ramp = max(1.0, values["ramp_days"])

    def rising(day: int) -> float:
        return min(1.0, (day // 7 * 7 + 7) / ramp)

    def on_working_days(day: int) -> float:
        return rising(day) if working_days(day) else 0.0

    def on_days_before(day: int) -> float:
        return on_working_days(day + 1)

    days_before = sum(on_days_before(day) for day in range(days))
    all_working_days = sum(on_working_days(day) for day in range(days))
    cards = values["cards"] * scale
    booked = cards * values["booked_share"] / (1 - values["no_show_share"])
    walked_in = cards * (1 - values["booked_share"])
    sources = []
    for name, share in ((INSTANT, values["instant_share"]), (CENTRAL, 1 - values["instant_share"])):
        if share == 0:
            continue
        if booked:
            rate = arrivals_by_hours(booked * share / days_before, BOOKED, days, on_days_before)
            sources.append(Source(f"{name} booked", name, Poisson(rate), BOOKING))
        for place, part in zip(counters, shares, strict=True):
            a_day = walked_in * share * part / all_working_days
            rate = arrivals_by_hours(a_day, WALKED_IN, days, on_working_days)
            sources.append(Source(f"{name} {place}", name, Poisson(rate), place))
    return tuple(sources)


def _routes(
    values: Values, counters: tuple[str, ...], desks: tuple[str, ...], shares: tuple[float, ...]
) -> tuple[Route, ...]:
    came, spoilt, ruined = (
        1 - values["no_show_share"],
        values["spoilt_share"],
        values["line_spoilt_share"],
    )
    to_counters = tuple((name, came * part) for name, part in zip(counters, shares, strict=True))
    routes: list[Route] = []
    if values["instant_share"] > 0:
        routes += [
            Route(INSTANT, BOOKING, to_counters),
            *(Route(INSTANT, name, ((PRINTERS, 1.0),)) for name in counters),
            Route(INSTANT, PRINTERS, ((PRINTERS, spoilt), (ACTIVATION, 1 - spoilt))),
        ]
    if values["instant_share"] < 1:
        routes += [
            Route(CENTRAL, BOOKING, to_counters),
            *(Route(CENTRAL, name, ((LINES, 1.0),)) for name in counters),
            Route(CENTRAL, LINES, ((LINES, ruined), (DELIVERY, 1 - ruined))),
            Route(CENTRAL, DELIVERY, tuple(zip(desks, shares, strict=True))),
            *(Route(CENTRAL, name, ((ACTIVATION, 1.0),)) for name in desks),
        ]
    return tuple(routes)


def answer(values: Values, scale: float, seen: Observation, play: Play) -> Story:
    """How many cards, how long a holder waits, how busy counters and lines are.

    Who booked and did not come is among the journeys, as a short one: some of each hundred.
    """
    del play
    names = [station.name for station in seen.network.stations]
    by_name = dict(zip(names, seen.stations, strict=True))
    made = by_name[ACTIVATION].visits
    zh = f"{int(values['years'])} 年换发 {made:,} 张卡"
    en = f"{made:,} cards in {int(values['years'])} years"
    for name, told_zh, told_en in (
        (INSTANT, "即时制卡", "printed at once"),
        (CENTRAL, "集中制卡", "made centrally"),
    ):
        if name in seen.network.classes():
            journeys = seen.journeys[seen.network.classes().index(name)]
            within_zh, within_en = span(journeys.quantile_s(0.95))
            zh += f"；{told_zh} 95% 在 {within_zh}内领到"
            en += f"; {told_en}: p95 {within_en} from booking or coming to activation"
    counters = [name for name in names if name.startswith("counters")]
    open_s = sum(by_name[name].available_server_s for name in counters)
    busy = sum(by_name[name].busy_server_s for name in counters) / max(open_s, 1.0)
    worst = max(counters, key=lambda name: by_name[name].waits.quantile_s(0.95))
    wait_zh, wait_en = span(by_name[worst].waits.quantile_s(0.95))
    lines = by_name[LINES].utilisation
    zh += f"。窗口利用率 {busy:.0%}，等候最久的 {worst} 95% 不超过 {wait_zh}；"
    zh += f"{scaled(values['lines'], scale)} 条制卡线利用率 {lines:.0%}。"
    en += f". Counters are {busy:.0%} in use, the longest wait is at {worst}, p95 {wait_en}; "
    en += f"the {scaled(values['lines'], scale)} production line(s) {lines:.0%}."
    return Story(zh, en)


MODEL = Model(
    name="card-replacement",
    title_zh="社会保障卡换发：预约、窗口、制卡、寄送、领取与激活",
    title_en="Card replacement: booking, counters, production, delivery, collection",
    first_s_of_day=0.0,
    parameters=PARAMETERS,
    presets=values_in(PRESETS),
    build=build,
    answer=answer,
    sources=sources_in(PRESETS),
)
