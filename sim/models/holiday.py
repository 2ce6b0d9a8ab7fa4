"""A holiday: people of one region in another, with an outage of the exchange between the two.

The question of a planner: what does an outage of the exchange cost, and how long does its backlog
last? Travellers are ill and settle directly: the cashier of a hospital asks the region at home over
the exchange, waits for the answer, and the patient goes. While the exchange is away a patient waits
for a while, then pays up front and claims later. Rides are tapped all the same: terminals store the
records, the exchange forwards them when it is back, and clearing at home works through them.
Treatment elsewhere is filed by phone or computer with the platform at home, before and in it.

Hospitals are groups of cashiers (21 prefectures for Sichuan: assumption), each group one queue.

Scale: people, cashiers and servers in proportion, at least one of each; the outage stays.
Weak: the rhythm of the days is the same all through; clearing takes records one by one.
"""

from __future__ import annotations

from sim.models.model import Model, Play, Story, Values, sources_in, values_in
from sim.models.numbers.holiday import FILINGS, PARAMETERS, PATIENTS, PRESETS, RIDES
from sim.network import (
    UNLIMITED,
    Constant,
    Exponential,
    Lognormal,
    Network,
    Poisson,
    Route,
    Source,
    Station,
    link,
)
from sim.observation import Observation
from sim.region.days import DAY_S, HOUR_S, arrivals_by_hours
from sim.region.sizes import named, portions, scaled, shares_of
from sim.region.spans import span

PATIENT, RIDER, FILER = "patient", "rider", "filer"
ASKING, HOME, ANSWERING = "asking_home", "home_region", "answering"
FORWARDING, CLEARING, FILING = "forwarding_rides", "clearing", "filing"


def build(values: Values, scale: float) -> Network:
    """Both regions and the exchange between them as a network."""
    days = int(values["days"])
    groups = scaled(values["hospital_groups"], scale)
    hospitals, shares = named("cashiers", groups), shares_of(groups, values["unevenness"])
    cashiers = portions(scaled(values["cashiers"], scale), shares)
    desk = Lognormal(60 * values["cashier_min"], 0.6)
    away = _outage(values)
    steps = ((0.0, UNLIMITED), (away[0], 0), (away[1], UNLIMITED)) if away else ((0.0, UNLIMITED),)
    message = Lognormal(values["message_s"], 0.6)
    patience = Constant(60 * values["patience_min"])
    servers = {
        name: ((0.0, scaled(values[f"{name}_servers"], scale)),)
        for name in ("home", "clearing", "filing")
    }
    stations = (
        Station(CLEARING, servers["clearing"], Exponential(values["clearing_ms"] / 1000)),
        *(
            Station(name, ((0.0, many),), desk)
            for name, many in zip(hospitals, cashiers, strict=True)
        ),
        Station(ASKING, steps, message, patience=patience),
        Station(HOME, servers["home"], Lognormal(values["settle_s"], 0.5)),
        Station(ANSWERING, steps, message, patience=patience),
        Station(FILING, servers["filing"], Exponential(values["filing_ms"] / 1000)),
        link(FORWARDING, message, (away,) if away else ()),
    )
    sources = [
        Source(
            f"patients {name}",
            PATIENT,
            Poisson(arrivals_by_hours(values["settlements"] * scale * share, PATIENTS, days)),
            name,
        )
        for name, share in zip(hospitals, shares, strict=True)
    ]
    rides = arrivals_by_hours(values["visitors"] * values["rides"] * scale, RIDES, days)
    filings = arrivals_by_hours(values["filings"] * scale, FILINGS, days)
    sources += [
        Source("rides", RIDER, Poisson(rides), FORWARDING),
        Source("filings", FILER, Poisson(filings), FILING),
    ]
    routes = (
        *(Route(PATIENT, name, ((ASKING, 1.0),)) for name in hospitals),
        Route(PATIENT, ASKING, ((HOME, 1.0),)),
        Route(PATIENT, HOME, ((ANSWERING, 1.0),)),
        Route(RIDER, FORWARDING, ((CLEARING, 1.0),)),
    )
    return Network("holiday", days * DAY_S, stations, tuple(sources), routes)


def _outage(values: Values) -> tuple[float, float] | None:
    """When the exchange is away: from and until, in seconds; None where it never is."""
    begin_s = (values["outage_day"] - 1) * DAY_S + values["outage_from_h"] * HOUR_S
    end_s = begin_s + values["outage_h"] * HOUR_S
    return (begin_s, end_s) if values["outage_h"] > 0 else None


def answer(values: Values, scale: float, seen: Observation, play: Play) -> Story:
    """Who paid up front for the outage, and how long its backlog lasts."""
    del scale, play
    names = [station.name for station in seen.network.stations]
    by_name = dict(zip(names, seen.stations, strict=True))
    patients = sum(by_name[name].visits for name in names if name.startswith("cashiers"))
    up_front = by_name[ASKING].abandoned + by_name[ANSWERING].abandoned
    rides = by_name[FORWARDING].visits
    zh = f"{patients:,} 人次异地结算，{rides:,} 条乘车记录送交清分"
    en = f"{patients:,} patients settle away from home, {rides:,} rides go to clearing"
    away = _outage(values)
    if away is None:
        return Story(zh + "；交换没有中断。", en + "; the exchange is never away.")
    lasts_zh, lasts_en = span(_backlog_s(seen, away))
    waiting, hours = by_name[FORWARDING].queue_max, values["outage_h"]
    zh += f"；中断 {hours:g} 小时：{up_front:,} 人先行垫付，{waiting:,} 条记录暂存，"
    zh += f"恢复后 {lasts_zh}内清完（清分最长等候 {span(by_name[CLEARING].waits.longest_s)[0]}）。"
    en += f"; the outage of {hours:g} h makes {up_front:,} people pay up front and stores "
    en += f"{waiting:,} records, worked through {lasts_en} after it ends (longest wait for "
    en += f"clearing {span(by_name[CLEARING].waits.longest_s)[1]})."
    return Story(zh, en)


def _backlog_s(seen: Observation, away: tuple[float, float]) -> float:
    """How long after the outage clearing is busy with what was stored, to one step, in seconds."""
    names = [station.name for station in seen.network.stations]
    series = seen.stations[names.index(CLEARING)].series
    first = int(away[1] / series.step_s)
    usual = max(10, int(series.queue_max[: int(away[0] / series.step_s)].max(initial=0)))
    for step in range(first, series.queue_max.size):
        if step > first and series.queue_max[step] <= usual:
            return step * series.step_s - away[1]
    return series.queue_max.size * series.step_s - away[1]


MODEL = Model(
    name="holiday",
    title_zh="假期跨区域：异地就医、乘车清分与交换中断",
    title_en="A holiday across regions: treatment, rides, and an outage of the exchange",
    first_s_of_day=0.0,
    parameters=PARAMETERS,
    presets=values_in(PRESETS),
    build=build,
    answer=answer,
    sources=sources_in(PRESETS),
)
