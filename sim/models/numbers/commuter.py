"""The numbers of `commuter_rush`, with units, bounds and sources."""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter
from sim.region.published import (
    BUS_RIDES_PER_HOLDER_DAY,
    BUSIEST_DAY,
    COUNTY_HOLDERS,
    ENTRIES_NATION_YEAR,
    FROM_BUS,
    FROM_BUSIEST_DAY,
    FROM_COUNTY,
    FROM_SICHUAN,
    FROM_TRIPS,
    TRIPS_PER_RIDE,
    sichuan,
)
from sim.region.queries import TO_BE_MEASURED

# Arrivals by hour from midnight, relative; each line's peak follows from both (assumption). Of all
# trips about 13 % come in the busiest morning hour: 12 to 15 % is common (assumption).
MORNING = (0, 0, 0, 0, 0.1, 0.6, 3.0, 11.0, 12.4, 4.9, 2.6, 2.0, 1.9, 1.9, 1.7, 1.6, 1.7, 1.8, 1.5, 1.1, 0.7, 0.5, 0.3, 0.1)  # fmt: skip # noqa: E501
EVENING = (0, 0, 0, 0, 0.1, 0.2, 0.5, 1.1, 1.4, 1.3, 1.5, 1.9, 2.0, 1.9, 2.0, 2.4, 3.9, 8.4, 8.6, 5.2, 3.2, 2.8, 2.1, 0.9)  # fmt: skip # noqa: E501

PER_STATION = ENTRIES_NATION_YEAR / 366 / 6324
NATION_STATIONS = "19.29 bn entries of 2024 over 366 days and 6,324 stations, China News 2025-01-22"
CAI = "Cai Yi 2023(1), ISSN 1004-9746, p. 49: Beijing Changping line, measured: card and code mixed"
NANJING = "915 million boardings of 8,700 buses in 2019, tjj.nanjing.gov.cn"
DWELL = "about 2 s a passenger with a smart card, Shockley et al. 2016, LA Metro"

PARAMETERS = (
    Parameter(
        "metro_trips", 24 * PER_STATION, "trips/day", f"derived: 24 stations, {NATION_STATIONS}",
        "地铁全天出行人次（进站人次）", "metro trips of the day (entries)", 0, 50e6,
    ),
    Parameter(
        "bus_trips", 50_000, "trips/day", ASSUMPTION,
        "公交全天乘车人次", "bus trips of the day (boardings)", 1, 50e6,
    ),
    Parameter(
        "reserve", 1.0, "times", ASSUMPTION,
        "规划余量：客流乘以此数", "reserve of a plan: times as many trips", 0.1, 10,
    ),
    Parameter(
        "metro_lines", 1, "lines", ASSUMPTION,
        "地铁线路数", "metro lines", 1, 100, whole=True,
    ),
    Parameter(
        "metro_stations", 24, "stations", ASSUMPTION,
        "地铁车站数（每站一组进站、一组出站闸机）",
        "metro stations (each with an entry and an exit gate line)", 0, 1000, whole=True,
    ),
    Parameter(
        "bus_depots", 4, "depots", ASSUMPTION,
        "公交场站（线路组）数", "bus depots (groups of lines)", 1, 1000, whole=True,
    ),
    Parameter(
        "unevenness", 0.7, "exponent", ASSUMPTION,
        "车站客流不均匀程度（0 为各站相同）", "how unevenly stations are used (0: alike)", 0, 2,
    ),
    Parameter(
        "outbound_share", 0.5, "share of metro trips", ASSUMPTION,
        "去程（上班、上学）占地铁出行的比例", "trips that go out, to work and school", 0.05, 0.95,
    ),
    Parameter(
        "gate_rate", 21.1, "passengers/min/gate", CAI,
        "一台闸机的通过速率", "passengers through one gate", 1, 120,
    ),
    Parameter(
        "gate_time_cv", 0.4, "standard deviation / mean", ASSUMPTION,
        "过闸时间的变异系数", "variation of the time at the gate", 0, 3,
    ),
    Parameter(
        "gate_load", 0.95, "share in use", ASSUMPTION,
        "规划闸机数的规则：最忙一刻钟的平均利用率",
        "gates are planned for this use in the busiest quarter hour", 0.1, 1.5,
    ),
    Parameter(
        "gates_extra", 0, "gates", ASSUMPTION,
        "每组另加的闸机", "gates added to every gate line", 0, 50, whole=True,
    ),
    Parameter(
        "failed_tap_share", 0.015, "share of taps", ASSUMPTION,
        "刷卡失败须重新排队的比例", "taps that fail and are made again", 0, 0.5,
    ),
    Parameter(
        "train_every_s", 90, "s", f"{ASSUMPTION}: a train every 3 min in each direction",
        "高峰（06:30-09:30、16:30-19:30）一座车站多久到一列车；一列车的乘客一同出站（0：逐个到达）",
        "how often a train stands at a station in the rush (06:30-09:30, 16:30-19:30); its people "
        "reach the exit gates together (0: one by one)",
        0, 3600,
    ),
    Parameter(
        "train_every_off_peak_s", 180, "s", f"{ASSUMPTION}: a train every 6 min in each direction",
        "其余时间多久到一列车（取高峰间隔的整数倍）",
        "how often at other times (taken as a whole number of times the space of the rush)",
        0, 3600,
    ),
    Parameter(
        "ride_min", 27, "min", ASSUMPTION, "地铁乘车时间均值", "mean time in the metro", 1, 240,
    ),
    Parameter(
        "ride_cv", 0.5, "standard deviation / mean", ASSUMPTION,
        "乘车时间的变异系数", "variation of the time in the metro", 0, 3,
    ),
    Parameter(
        "boardings_per_bus", 288, "boardings/bus/day", f"derived: {NANJING}",
        "每辆公交车每天的上车人次", "boardings of one bus in a day", 10, 5000,
    ),
    Parameter(
        "boarding_share", 0.15, "share of buses", ASSUMPTION,
        "同一时刻停站上客的车辆比例", "buses that stand at a stop with people boarding", 0.01, 1,
    ),
    Parameter("board_s", 2.0, "s", DWELL, "刷卡上车时间均值", "mean time to board", 0.2, 60),
    Parameter(
        "board_cv", 0.5, "standard deviation / mean", ASSUMPTION,
        "上车时间的变异系数", "variation of the time to board", 0, 3,
    ),
    Parameter(
        "record_delay_s", 0.2, "s", ASSUMPTION,
        "刷卡记录送达平台的时间均值", "mean time of a tap record on its way to the platform",
        0.001, 86400,
    ),
    Parameter(
        "record_delay_cv", 0.8, "standard deviation / mean", ASSUMPTION,
        "送达时间的变异系数", "variation of that time", 0, 5,
    ),
    Parameter(
        "outage_min", 0, "min", ASSUMPTION,
        "通信中断时长（记录先存后传）", "outage of the network: records are stored and forwarded",
        0, 600,
    ),
    Parameter(
        "outage_from_h", 8, "hour of the day", ASSUMPTION,
        "通信中断开始时刻", "when the outage begins", 0, 23,
    ),
    Parameter(
        "platform_servers", 1, "servers", ASSUMPTION,
        "平台处理刷卡记录的并发数", "tap records the platform works on at a time", 1, 10_000,
        whole=True,
    ),
    Parameter(
        "platform_ms", 4, "ms/record", TO_BE_MEASURED,
        "平台处理一条记录的时间", "time the platform needs for one record", 0.01, 60_000,
    ),
)  # fmt: skip

_CHENGDU = "10.03 million rides in Chengdu, 2025-12-31 (a video's transcript, weak)"
_SHANGHAI = "12.86 million rides on 2023-11-17 (autoweekly.com.cn 2024-02-21)"
_METRO_CITY = "32.24 bn rides of 2024 over 366 days and 54 cities, China News 2025-01-22"

PRESETS = {
    "line": {},
    "county": {
        "metro_trips": (0.0, "no metro"),
        "metro_stations": (0.0, "no metro"),
        "bus_trips": (BUS_RIDES_PER_HOLDER_DAY * COUNTY_HOLDERS, f"{FROM_BUS}; {FROM_COUNTY}"),
        "bus_depots": (3.0, ASSUMPTION),
    },
    "city": {
        "metro_trips": (
            32.24e9 / 366 / 54 * TRIPS_PER_RIDE,
            f"derived: {_METRO_CITY}, {FROM_TRIPS}",
        ),
        "metro_stations": (117.0, "derived: 6,324 stations over 54 cities"),
        "metro_lines": (6.0, "derived: 325 lines over 54 cities"),
        "bus_trips": (915e6 / 365, f"derived: Nanjing, {NANJING}"),
        "bus_depots": (40.0, ASSUMPTION),
        "platform_servers": (1.0, ASSUMPTION),
    },
    "shanghai": {
        "metro_trips": (12.86e6 * TRIPS_PER_RIDE, f"derived: {_SHANGHAI}, {FROM_TRIPS}"),
        "metro_stations": (400.0, ASSUMPTION),
        "metro_lines": (20.0, ASSUMPTION),
        "bus_trips": (3.5e6, ASSUMPTION),
        "bus_depots": (100.0, ASSUMPTION),
        "platform_servers": (3.0, ASSUMPTION),
    },
    "sichuan": {
        "metro_trips": (10.03e6 * TRIPS_PER_RIDE, f"derived: {_CHENGDU}, {FROM_TRIPS}"),
        "metro_stations": (360.0, ASSUMPTION),
        "metro_lines": (15.0, ASSUMPTION),
        "bus_trips": (
            BUS_RIDES_PER_HOLDER_DAY * sichuan("cardholders") * BUSIEST_DAY,
            f"derived: {FROM_SICHUAN}; {FROM_BUS}; {FROM_BUSIEST_DAY}",
        ),
        "bus_depots": (120.0, ASSUMPTION),
        "reserve": (1.4, f"{ASSUMPTION}: a system is built for 40 % more than the busiest day"),
        "platform_servers": (5.0, ASSUMPTION),
    },
}
