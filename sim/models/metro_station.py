"""The morning rush at the entry gates of one metro station in Chongqing, 06:30 to 10:00.

The question of a planner: how many entry gates must be open so that few people wait long?
Passengers come as a Poisson process whose rate changes every quarter of an hour; at a gate a card
or a QR code is read; a tap that fails sends the passenger to the end of the queue once more.

Sources: gate rates measured on the Beijing Changping line (Cai Yi, 2023 (1), ISSN 1004-9746, p.
49): card 1,328/h, QR 1,224/h, mixed 1,268/h; the design value there is 1,800/h. They were measured
at exit gates, and as people really passed, so walking and failed taps may already be within: the
model is on the careful side. The shape of the morning has no public source and is marked an
assumption.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.models.model import Model, Play, Story, Values
from sim.network import Lognormal, Network, Poisson, Route, Source, Station
from sim.observation import Observation
from sim.parameters import ASSUMPTION, Parameter
from sim.result import StationResult, stations_of

GATES = "gates"
FIRST_S_OF_DAY = 6.5 * 3600
QUARTER_S = 900.0
HORIZON_S = 14 * QUARTER_S
EXTRA_GATES_MAX = 8

# Arrivals of each quarter hour from 06:30 on, relative to the peak hour 07:30-08:30 (assumption).
PROFILE = (0.22, 0.33, 0.48, 0.68, 0.88, 1.02, 1.13, 0.97, 0.80, 0.62, 0.47, 0.38, 0.31, 0.27)
FIRST_PEAK_QUARTER, PEAK_QUARTERS = 4, 4

CAI = "Cai Yi 2023(1), ISSN 1004-9746, p. 49: Beijing Changping line, measured"

PARAMETERS = (
    Parameter(
        "daily_entries", 55_000, "passengers/day",
        f"{ASSUMPTION}; preset busy: x 1.28 (Shanghai 2023: busiest weekday / average day)",
        "该站全天进站人次（大型换乘站；全国平均每站约 8,300）",
        "entries of the station on the day (a large interchange; the national mean is about 8,300)",
        1, 1_000_000,
    ),
    Parameter(
        "peak_hour_share", 0.13, "share of the day", f"{ASSUMPTION} (range 0.12-0.15)",
        "早高峰小时占全天进站的比例", "share of the day's entries in the morning peak hour",
        0.01, 0.5,
    ),
    Parameter(
        "gates", 6, "gates", ASSUMPTION,
        "高峰（07:00-09:30）开放的进站闸机", "entry gates open in the peak (07:00-09:30)",
        1, 200, whole=True,
    ),
    Parameter(
        "gates_off_peak", 4, "gates", ASSUMPTION,
        "其余时间开放的进站闸机", "entry gates open at other times",
        1, 200, whole=True,
    ),
    Parameter(
        "gate_rate_card", 22.1, "passengers/min/gate", CAI,
        "刷卡通过一台闸机的速率", "passengers by card through one gate",
        1, 120,
    ),
    Parameter(
        "gate_rate_qr", 20.4, "passengers/min/gate", CAI,
        "扫码通过一台闸机的速率", "passengers by QR code through one gate",
        1, 120,
    ),
    Parameter(
        "qr_share", 0.57, "share of passengers",
        "derived: gives the mixed rate 21.1/min measured by Cai Yi 2023",
        "扫码乘客比例", "share of passengers with a QR code",
        0, 1,
    ),
    Parameter(
        "gate_rate_design", 30.0, "passengers/min/gate",
        "design value 1,800/h, quoted by Cai Yi 2023(1), p. 49",
        "闸机设计通过能力（仅作比较）", "design capacity of a gate (for comparison only)",
        1, 120,
    ),
    Parameter(
        "gate_time_cv", 0.4, "standard deviation / mean", ASSUMPTION,
        "过闸时间的变异系数", "variation of the time at the gate",
        0, 3,
    ),
    Parameter(
        "failed_tap_share", 0.015, "share of taps", ASSUMPTION,
        "刷卡失败须重新排队的比例", "taps that fail and send the passenger to the queue again",
        0, 0.5,
    ),
    Parameter(
        "wait_target_s", 30.0, "s", ASSUMPTION,
        "服务目标：95% 乘客的等待不超过", "service target: 95 % of passengers wait at most this",
        1, 3600,
    ),
)  # fmt: skip

PRESETS: Mapping[str, Mapping[str, float]] = {
    "average": {},
    # Shanghai metro 2023: 12.86 million on the busiest weekday, 10.02 million on average: 1.28.
    "busy": {"daily_entries": 70_400},
}


def build(values: Values, scale: float) -> Network:
    """The station as a network; `scale` multiplies the passengers, not the gates: a planner asks
    what one station does on a busier day.

    Cards and codes share the gates at one mixed time: a gate serves whoever comes next.
    """
    mean_s = gate_time_s(values)
    peak_per_s = values["daily_entries"] * values["peak_hour_share"] * scale / 3600
    weight = PEAK_QUARTERS / sum(PROFILE[FIRST_PEAK_QUARTER : FIRST_PEAK_QUARTER + PEAK_QUARTERS])
    rate = tuple((i * QUARTER_S, peak_per_s * weight * part) for i, part in enumerate(PROFILE))
    few, many = int(values["gates_off_peak"]), int(values["gates"])
    capacity = ((0.0, min(few, many)), (2 * QUARTER_S, many), (12 * QUARTER_S, min(few, many)))
    again = (Route("passenger", GATES, ((GATES, values["failed_tap_share"]),)),)
    return Network(
        name="metro-station",
        horizon_s=HORIZON_S,
        stations=(Station(GATES, capacity, Lognormal(mean_s, values["gate_time_cv"])),),
        sources=(Source("street", "passenger", Poisson(rate), GATES),),
        routes=again,
    )


def busy_gates(values: Values, scale: float) -> float:
    """Gates that the passengers of the peak hour keep busy on average, failed taps with them.

    With fewer of them those who come at its end wait (busy / gates - 1) hours.
    """
    passengers_per_s = values["daily_entries"] * values["peak_hour_share"] * scale / 3600
    return passengers_per_s * gate_time_s(values) / (1 - values["failed_tap_share"])


def gate_time_s(values: Values) -> float:
    """The mean time a passenger holds a gate, in seconds, over cards and codes."""
    card_s, qr_s = 60 / values["gate_rate_card"], 60 / values["gate_rate_qr"]
    return (1 - values["qr_share"]) * card_s + values["qr_share"] * qr_s


def answer(values: Values, scale: float, seen: Observation, play: Play) -> Story:
    """How many gates are enough, and what the design value would have promised."""
    gates, target_s = int(values["gates"]), values["wait_target_s"]
    design = {"gate_rate_card": values["gate_rate_design"]} | {
        "gate_rate_qr": values["gate_rate_design"]
    }
    promised = stations_of(play(build({**values, **design}, scale)))[GATES]
    enough, found = gates, stations_of(seen)[GATES]
    zh = f"{gates} 台闸机：" + _figures_zh(found)
    en = f"With {gates} gates " + _figures_en(found)
    busy, most = busy_gates(values, scale), gates + EXTRA_GATES_MAX
    # At the end of the peak hour: who comes in its second half waits half as long at least.
    is_hopeless = (busy / most - 1) * 3600 > 2 * target_s
    while found.wait_s["p95"] > target_s and enough < most and not is_hopeless:
        enough += 1
        more = build({**values, "gates": float(enough)}, scale)
        found = stations_of(play(more))[GATES]
    if enough > gates:
        zh += f"；{enough} 台：" + _figures_zh(found)
        en += f"; with {enough} gates " + _figures_en(found)
    if is_hopeless:
        zh += f"。高峰小时的乘客平均占用 {busy:,.1f} 台闸机：{most} 台也远远不够"
        en += f". The passengers of the peak hour keep {busy:,.1f} gates busy on average: not even "
        en += f"{most} would do"
    elif found.wait_s["p95"] > target_s:
        zh += f"，仍超过 {target_s:g} 秒的目标"
        en += f", still above the target of {target_s:g} s"
    else:
        zh += f"（目标：95% 不超过 {target_s:g} 秒）"
        en += f" (target: 95 % within {target_s:g} s)"
    rate = values["gate_rate_design"]
    zh += f"。若按设计值每分钟 {rate:g} 人计算，{gates} 台闸机只会有 {promised.queue_max} 人排队。"
    en += f". The design value of {rate:g}/min would promise a longest queue of "
    en += f"{promised.queue_max} with {gates} gates."
    return Story(zh, en)


def _figures_zh(found: StationResult) -> str:
    return f"最长排队 {found.queue_max} 人，95% 等待不超过 {found.wait_s['p95']:.0f} 秒"


def _figures_en(found: StationResult) -> str:
    return f"the longest queue is {found.queue_max}, p95 wait {found.wait_s['p95']:.0f} s"


MODEL = Model(
    name="metro-station",
    title_zh="地铁站早高峰进站闸机",
    title_en="Entry gates of a metro station in the morning rush",
    first_s_of_day=FIRST_S_OF_DAY,
    parameters=PARAMETERS,
    presets=PRESETS,
    build=build,
    answer=answer,
)
