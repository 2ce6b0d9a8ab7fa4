"""The hotline of a city or a province by itself, through one working day.

The question of a planner: how many seats must be on duty in the busiest hour so that most callers
are answered soon? Callers who wait hang up when their patience ends, and most of them call again:
too few seats make calls of their own.

Scale: calls and seats in proportion, at least one seat. A small hotline as busy as a large one
makes people wait longer: that is so in life, too.
"""

from __future__ import annotations

from sim.models.model import Model, Play, Story, Values, sources_in, values_in
from sim.network import Network, Poisson, Source
from sim.observation import Observation
from sim.parameters import ASSUMPTION, Parameter
from sim.region.call_centre import CALLS, HOTLINE, TALK, call_centre, redial, seats_by_hour
from sim.region.days import DAY_S, arrivals_over_day, quarters_of
from sim.region.published import (
    CALLS_PER_HOLDER_DAY,
    CALLS_SHARE_CONNECTED,
    CITY_HOLDERS,
    COUNTY_HOLDERS,
    FROM_CALLS,
    FROM_CITY,
    FROM_COUNTY,
    FROM_SICHUAN,
    sichuan,
)
from sim.region.sizes import scaled
from sim.region.spans import span

CALLER = "caller"

PARAMETERS = (
    Parameter(
        "calls", CITY_HOLDERS * CALLS_PER_HOLDER_DAY, "people/day",
        f"derived: {FROM_CALLS}; {FROM_CITY}",
        "一个工作日的来电人数（不计重拨）", "people who call on a working day, without redials",
        1, 10e6,
    ),
    Parameter(
        "seats", 13, "seats", ASSUMPTION,
        "最忙时段的坐席数（其余时段按来电比例安排）",
        "seats in the busiest hour (in other hours in proportion to the calls)", 1, 100_000,
        whole=True,
    ),
    *TALK,
    Parameter(
        "answer_target_s", 30, "s", ASSUMPTION,
        "服务目标：应在此时间内接听", "service target: answered within this time", 1, 3600,
    ),
    Parameter(
        "answer_target_share", 0.8, "share of people", ASSUMPTION,
        "服务目标：按时接听的比例", "service target: people answered in time", 0.01, 1,
    ),
)  # fmt: skip

PRESETS = {
    "city": {},
    "county": {
        "calls": (
            COUNTY_HOLDERS * CALLS_PER_HOLDER_DAY,
            f"derived: {FROM_CALLS}; {FROM_COUNTY}",
        ),
        "seats": (3.0, ASSUMPTION),
    },
    "beijing": {
        "calls": (
            21.48e6 / 5 / 365,
            "21.48 million enquiries in 5 years, rsj.beijing.gov.cn/english/hotline",
        ),
        "seats": (105.0, ASSUMPTION),
        "seats_night": (4.0, ASSUMPTION),
    },
    "sichuan": {
        "calls": (
            sichuan("cardholders") * CALLS_PER_HOLDER_DAY,
            f"derived: {FROM_SICHUAN}; {FROM_CALLS}",
        ),
        "seats": (245.0, ASSUMPTION),
        "seats_night": (8.0, ASSUMPTION),
    },
}
MORE_SEATS_MAX = 12


def build(values: Values, scale: float) -> Network:
    """The hotline as a network."""
    seats = scaled(values["seats"], scale)
    by_hour = seats_by_hour(seats, scaled(values["seats_night"], scale))
    rate = arrivals_over_day(values["calls"] * scale, quarters_of(CALLS))
    return Network(
        "hotline",
        DAY_S,
        (call_centre(by_hour, values["talk_s"], values["talk_cv"], values["patience_s"]),),
        (Source("callers", CALLER, Poisson(rate), HOTLINE),),
        retries=(redial(CALLER, values["redial_min"], values["attempts"]),),
    )


def answer(values: Values, scale: float, seen: Observation, play: Play) -> Story:
    """How many are answered in time, and how many seats would be enough."""
    seats, target_s = scaled(values["seats"], scale), values["answer_target_s"]
    zh, en = _figures(seats, seen, target_s)
    enough, found = seats, seen
    step = max(1, round(seats / 50))
    for _ in range(MORE_SEATS_MAX):
        if _in_time(found, target_s) >= values["answer_target_share"]:
            break
        enough += step
        found = play(build({**values, "seats": enough / scale}, scale))
    if enough > seats:
        more_zh, more_en = _figures(enough, found, target_s)
        zh, en = f"{zh}；{more_zh}", f"{en}. {more_en}"
    calls = seen.stations[0].visits
    connected = seen.stations[0].waits.count / max(1, calls)
    zh += f"。{calls:,} 通来电接通 {connected:.1%}（2021 年全国为 {CALLS_SHARE_CONNECTED:.1%}）。"
    en += f". Of {calls:,} calls {connected:.1%} were connected "
    en += f"(in the nation in 2021: {CALLS_SHARE_CONNECTED:.1%})."
    return Story(zh, en)


def _in_time(seen: Observation, target_s: float) -> float:
    """The share of people who are answered within the target in their last call."""
    waits = seen.stations[0].waits
    return waits.share_within(target_s) * waits.count / max(1, seen.customers)


def _figures(seats: int, seen: Observation, target_s: float) -> tuple[str, str]:
    in_time = _in_time(seen, target_s)
    lost = 1 - seen.stations[0].waits.count / max(1, seen.customers)
    limit_zh, limit_en = span(target_s)
    return (
        f"最忙时 {seats} 个坐席：{in_time:.0%} 的人 {limit_zh}内接通，{lost:.1%} 始终未接通",
        f"With {seats} seats in the busiest hour {in_time:.0%} of people are answered within "
        f"{limit_en}, {lost:.1%} never",
    )


MODEL = Model(
    name="hotline",
    title_zh="12333 热线：一个工作日",
    title_en="The 12333 hotline on a working day",
    first_s_of_day=0.0,
    parameters=PARAMETERS,
    presets=values_in(PRESETS),
    build=build,
    answer=answer,
    sources=sources_in(PRESETS),
)
