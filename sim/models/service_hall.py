"""A service hall on one day: ordinary counters, and a desk that helps the old and disabled.

The question of a planner: how many counters, so that ordinary visitors wait not too long and those
who need help are not worse off? Accessible service is asked for by law (NM-10b; SC-g, CQ-15 and
NX-11 likewise): who needs help has longer service times, a desk for them alone, and where they come
to an ordinary counter, is called first.

Visitors take a ticket, go to a counter, and some then have a card printed while they wait. Who has
waited too long leaves. The doors close half an hour before the counters; all inside are served.

Scale: so many halls as alike as before; what makes no whole hall is more or fewer people in each.
The `sichuan` preset is a hundred of the 6,056 joint service points side by side, each alike: more
of them would tell nothing new.
"""

from __future__ import annotations

from sim.histogram import no_times
from sim.models.model import Model, Play, Story, Values, sources_in, values_in
from sim.network import Exponential, Lognormal, Network, Poisson, Route, Source, Station
from sim.observation import Observation
from sim.parameters import ASSUMPTION, Parameter
from sim.region.days import DAY_S, arrivals_by_hours, office_hours
from sim.region.printing import PRINT_TIME
from sim.region.published import FROM_SICHUAN, OPERATOR, sichuan
from sim.region.sizes import named, scaled
from sim.region.spans import span

ORDINARY, ASSISTED = "ordinary", "assisted"
OPENS_H, CLOSES_H = 9, 17
FIRST, LATER = 0, 1

# Visitors by hour from midnight, relative (assumption).
VISITORS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 1.5, 1.6, 1.1, 0.6, 0.9, 1.3, 1.1, 0.4, 0, 0, 0, 0, 0, 0, 0)

PARAMETERS = (
    Parameter(
        "halls", 1, "halls", ASSUMPTION,
        "并列模拟的同样大厅数", "halls alike, side by side", 1, 500, whole=True,
    ),
    Parameter(
        "visitors", 340, "people/day/hall", ASSUMPTION,
        "每个大厅每天来办事的人数", "people who come to a hall in a day", 1, 20_000,
    ),
    Parameter(
        "assisted_share", 0.22, "share of visitors",
        "people of 60 and more: 22 % at the end of 2024 (en.people.cn 2025-07-25); that so many "
        "of the visitors want help is an assumption",
        "需要协助的老年人、残疾人比例", "visitors who are old or disabled and want help", 0, 1,
    ),
    Parameter(
        "counters", 6, "counters", ASSUMPTION,
        "普通窗口数", "ordinary counters", 1, 500, whole=True,
    ),
    Parameter(
        "assisted_desks", 2, "desks", ASSUMPTION,
        "无障碍（协助）窗口数", "desks for accessible service", 1, 100, whole=True,
    ),
    Parameter(
        "ticket_s", 20, "s", ASSUMPTION, "取号时间均值", "mean time to take a ticket", 1, 600,
    ),
    Parameter(
        "service_min", 7.5, "min",
        OPERATOR,
        "普通窗口办理时间均值", "mean time at a counter", 0.2, 240,
    ),
    Parameter(
        "service_cv", 0.7, "standard deviation / mean", ASSUMPTION,
        "办理时间的变异系数", "variation of that time", 0, 3,
    ),
    Parameter(
        "assisted_factor", 1.8, "times", ASSUMPTION,
        "协助服务的办理时间倍数", "how much longer accessible service takes", 1, 10,
    ),
    Parameter(
        "at_counters_share", 0.25, "share of those who want help", ASSUMPTION,
        "需要协助但到普通窗口优先办理的比例", "who go to an ordinary counter, called first", 0, 1,
    ),
    Parameter(
        "card_share", 0.35, "share of visitors", ASSUMPTION,
        "当场制卡的比例", "visitors who have a card printed", 0, 1,
    ),
    PRINT_TIME,
    Parameter(
        "printers", 1, "printers", ASSUMPTION, "制卡机数", "card printers", 1, 100, whole=True,
    ),
    Parameter(
        "patience_min", 60, "min", ASSUMPTION,
        "平均耐心（其后离开）", "mean patience, after which people leave", 1, 1440,
    ),
    Parameter(
        "wait_target_min", 20, "min", ASSUMPTION,
        "服务目标：95% 的人在窗口前等待不超过", "service target: p95 wait for a counter", 0.1, 600,
    ),
)  # fmt: skip

PRESETS = {
    "city": {},
    "county": {
        "visitors": (130.0, ASSUMPTION),
        "counters": (3.0, ASSUMPTION),
        "assisted_desks": (1.0, ASSUMPTION),
    },
    "sichuan": {
        "halls": (
            100.0,
            f"of {sichuan('joint-service-points'):,.0f} joint service points ({FROM_SICHUAN})",
        ),
        "visitors": (75.0, ASSUMPTION),
        "counters": (2.0, ASSUMPTION),
        "assisted_desks": (1.0, ASSUMPTION),
    },
}
MORE_COUNTERS_MAX = 6
PLACES = ("counters", "assisted", "tickets", "printer")


def build(values: Values, scale: float) -> Network:
    """The halls as a network."""
    halls = scaled(values["halls"], scale)
    people = values["visitors"] * values["halls"] * scale / halls
    names = [f"_{name[5:]}" for name in named("hall", halls)] if halls > 1 else [""]
    stations: list[Station] = []
    sources: list[Source] = []
    routes: list[Route] = []
    for suffix in names:
        stations += _stations(values, suffix)
        sources += _sources(values, people, suffix)
        routes += _routes(values, suffix)
    stations.sort(key=lambda station: PLACES.index(_place_of(station)))
    return Network("service-hall", DAY_S, tuple(stations), tuple(sources), tuple(routes))


def _stations(values: Values, suffix: str) -> tuple[Station, ...]:
    mean_s, cv = 60 * values["service_min"], values["service_cv"]
    served = Lognormal(mean_s, cv)
    helped = Lognormal(mean_s * values["assisted_factor"], cv)
    patience = Exponential(60 * values["patience_min"])

    def open_for(servers: float) -> tuple[tuple[float, int], ...]:
        return office_hours(int(servers), OPENS_H, CLOSES_H)

    own = ((ASSISTED, helped),) if values["assisted_share"] > 0 else ()
    return (
        Station(
            f"counters{suffix}", open_for(values["counters"]), served,
            patience=patience, priority=True, service_of=own,
        ),
        Station(f"assisted{suffix}", open_for(values["assisted_desks"]), helped, patience=patience),
        Station(f"tickets{suffix}", open_for(1), Lognormal(values["ticket_s"], 0.5)),
        Station(
            f"printer{suffix}", open_for(values["printers"]),
            Lognormal(60 * values["print_min"], 0.2),
        ),
    )  # fmt: skip


def _place_of(station: Station) -> str:
    return station.name.split("_")[0]


def _sources(values: Values, people: float, suffix: str) -> list[Source]:
    sources = []
    for name, share, priority in (
        (ORDINARY, 1 - values["assisted_share"], LATER),
        (ASSISTED, values["assisted_share"], FIRST),
    ):
        if share > 0:
            rate = Poisson(arrivals_by_hours(people * share, VISITORS))
            sources.append(Source(f"{name}{suffix}", name, rate, f"tickets{suffix}", priority))
    return sources


def _routes(values: Values, suffix: str) -> list[Route]:
    to_print = ((f"printer{suffix}", values["card_share"]),)
    tickets, counters, desk = f"tickets{suffix}", f"counters{suffix}", f"assisted{suffix}"
    at_counters = values["at_counters_share"]
    routes = []
    if values["assisted_share"] < 1:
        routes += [
            Route(ORDINARY, tickets, ((counters, 1.0),)),
            Route(ORDINARY, counters, to_print),
        ]
    if values["assisted_share"] > 0:
        routes += [
            Route(ASSISTED, tickets, ((counters, at_counters), (desk, 1 - at_counters))),
            Route(ASSISTED, counters, to_print),
            Route(ASSISTED, desk, to_print),
        ]
    return routes


def answer(values: Values, scale: float, seen: Observation, play: Play) -> Story:
    """Waits before the counters and the desk, and how many counters would be enough."""
    counters, target_s = int(values["counters"]), 60 * values["wait_target_min"]
    zh, en = _figures(counters, seen)
    enough, found = counters, seen
    while _p95_s(found, "counters") > target_s and enough < counters + MORE_COUNTERS_MAX:
        enough += 1
        found = play(build({**values, "counters": float(enough)}, scale))
    if enough > counters:
        more_zh, more_en = _figures(enough, found)
        zh, en = f"{zh}；{more_zh}", f"{en}. {more_en}"
    helped_zh, helped_en = span(_p95_s(seen, "assisted"))
    target_zh, target_en = span(target_s)
    zh += f"（目标 {target_zh}）。{int(values['assisted_desks'])} 个无障碍窗口：95% {helped_zh}。"
    en += f" (target {target_en}). At the {int(values['assisted_desks'])} assisted desk(s) p95 is "
    return Story(zh, en + f"{helped_en}.")


def _p95_s(seen: Observation, place: str) -> float:
    """The p95 wait at this place, in seconds, over all halls."""
    places = zip(seen.network.stations, seen.stations, strict=True)
    waits = (each.waits for at, each in places if _place_of(at) == place)
    return sum(waits, no_times()).quantile_s(0.95)


def _figures(counters: int, seen: Observation) -> tuple[str, str]:
    wait_zh, wait_en = span(_p95_s(seen, "counters"))
    left = sum(station.abandoned for station in seen.stations) / max(1, seen.customers)
    return (
        f"{counters} 个普通窗口：95% 等待不超过 {wait_zh}，{left:.1%} 中途离开",
        f"With {counters} counters p95 wait is {wait_en}, {left:.1%} leave unserved",
    )


MODEL = Model(
    name="service-hall",
    title_zh="社会保障卡服务大厅：普通窗口与无障碍窗口的一天",
    title_en="A service hall with accessible service, one day",
    first_s_of_day=0.0,
    parameters=PARAMETERS,
    presets=values_in(PRESETS),
    build=build,
    answer=answer,
    sources=sources_in(PRESETS),
)
