"""The numbers of `holiday`, with units, bounds and sources."""

from __future__ import annotations

from sim.models.model import Sourced
from sim.parameters import ASSUMPTION, Parameter
from sim.region.published import (
    CITY_HOLDERS,
    COUNTY_HOLDERS,
    FILED_ELSEWHERE_PER_HOLDER_DAY,
    FROM_CITY,
    FROM_COUNTY,
    FROM_FILED_ELSEWHERE,
    FROM_SETTLED_ELSEWHERE,
    FROM_SICHUAN,
    SETTLED_ELSEWHERE_PER_HOLDER_DAY,
    sichuan,
)
from sim.region.sizes import UNEVENNESS

# By hour from midnight, relative (all assumptions).
PATIENTS = (0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.6, 1.6, 3.4, 4.0, 3.8, 2.6, 1.2, 1.3, 2.4, 2.4, 2.0, 1.2, 0.9, 0.8, 0.6, 0.4, 0.3, 0.2)  # fmt: skip # noqa: E501
RIDES = (0.2, 0.1, 0, 0, 0, 0.3, 1.0, 2.0, 3.0, 3.9, 4.2, 3.8, 3.4, 3.5, 3.6, 3.8, 4.1, 4.3, 3.9, 3.4, 3.1, 2.6, 1.6, 0.7)  # fmt: skip # noqa: E501
FILINGS = (0.3, 0.2, 0.1, 0.1, 0.1, 0.2, 0.6, 1.3, 2.4, 3.0, 2.8, 2.2, 1.8, 1.7, 2.0, 2.0, 1.8, 1.5, 1.6, 1.9, 2.0, 1.6, 1.0, 0.6)  # fmt: skip # noqa: E501

VISITORS_SHARE = 0.033
FROM_VISITORS = f"{ASSUMPTION}: 3.3 % of the holders travel at a time"

PARAMETERS = (
    Parameter("days", 8, "days", ASSUMPTION, "假期天数", "days of the holiday", 1, 31, whole=True),
    Parameter(
        "visitors", CITY_HOLDERS * VISITORS_SHARE / 5, "people",
        f"{FROM_VISITORS}; a fifth of a city of 4.2 million, all in one region",
        "在外地的持卡人", "holders who are in the other region", 1, 1e9,
    ),
    Parameter(
        "rides", 1.2, "rides/person/day", ASSUMPTION,
        "每人每天刷卡乘车次数", "rides of a traveller in a day", 0, 20,
    ),
    Parameter(
        "settlements", CITY_HOLDERS * SETTLED_ELSEWHERE_PER_HOLDER_DAY, "settlements/day",
        f"derived: {FROM_SETTLED_ELSEWHERE}; {FROM_CITY}",
        "每天异地就医直接结算人次", "direct settlements away from home in a day", 0, 1e8,
    ),
    Parameter(
        "filings", CITY_HOLDERS * FILED_ELSEWHERE_PER_HOLDER_DAY, "filings/day",
        f"derived: {FROM_FILED_ELSEWHERE}; {FROM_CITY}",
        "每天异地就医备案数", "filings of treatment elsewhere in a day", 0, 1e8,
    ),
    Parameter(
        "hospital_groups", 3, "groups", ASSUMPTION,
        "医院收费窗口的分组数", "groups of hospital cashiers", 1, 500, whole=True,
    ),
    UNEVENNESS,
    Parameter(
        "cashiers", 24, "cashiers", f"{ASSUMPTION}: those at work for people from elsewhere",
        "办理异地结算的收费窗口数", "hospital cashiers for people from elsewhere", 1, 1e6,
        whole=True,
    ),
    Parameter(
        "cashier_min", 3, "min", ASSUMPTION,
        "收费窗口办理时间均值", "mean time at the cashier", 0.1, 120,
    ),
    Parameter(
        "patience_min", 20, "min", ASSUMPTION,
        "中断时等候多久后先行垫付", "a patient waits so long for the exchange, then pays up front",
        0.1, 1440,
    ),
    Parameter(
        "message_s", 0.15, "s", ASSUMPTION,
        "一条交换消息的传送时间均值", "mean time of a message over the exchange", 0.001, 3600,
    ),
    Parameter(
        "settle_s", 0.8, "s",
        "in-patient response of the national platform about 0.8 s (2022, a page without address, "
        "weak)",
        "参保地结算一次的时间均值", "mean time the region at home needs to settle", 0.001, 600,
    ),
    Parameter(
        "home_servers", 1, "servers", ASSUMPTION,
        "参保地结算的并发数", "settlements at home at a time", 1, 1e5, whole=True,
    ),
    Parameter(
        "clearing_ms", 120, "ms/record", f"{ASSUMPTION}: with matching and both books",
        "清分一条乘车记录的时间", "time to clear one ride", 0.01, 60_000,
    ),
    Parameter(
        "clearing_servers", 1, "servers", ASSUMPTION,
        "清分的并发数", "rides cleared at a time", 1, 1e5, whole=True,
    ),
    Parameter(
        "filing_ms", 400, "ms", ASSUMPTION,
        "平台处理一次备案的时间", "time the platform needs for one filing", 0.01, 600_000,
    ),
    Parameter(
        "filing_servers", 1, "servers", ASSUMPTION,
        "备案的并发数", "filings at a time", 1, 1e5, whole=True,
    ),
    Parameter(
        "outage_day", 2, "day, from 1", ASSUMPTION,
        "交换中断的日期（假期第几天）", "day on which the exchange is away", 1, 31, whole=True,
    ),
    Parameter(
        "outage_from_h", 9, "hour of the day", ASSUMPTION,
        "交换中断的时刻", "when the outage begins", 0.1, 23,
    ),
    Parameter(
        "outage_h", 3, "h", f"{ASSUMPTION} (a hotline's cut-over once took 11 h, 26 Jul 2024)",
        "交换中断的时长（0 为不中断）", "how long it lasts (0: none)", 0, 96,
    ),
)  # fmt: skip


def _region(holders: float, source: str) -> dict[str, Sourced]:
    return {
        "visitors": (holders * VISITORS_SHARE, f"{FROM_VISITORS}; {source}"),
        "settlements": (
            holders * SETTLED_ELSEWHERE_PER_HOLDER_DAY,
            f"derived: {FROM_SETTLED_ELSEWHERE}; {source}",
        ),
        "filings": (
            holders * FILED_ELSEWHERE_PER_HOLDER_DAY,
            f"derived: {FROM_FILED_ELSEWHERE}; {source}",
        ),
    }


PRESETS: dict[str, dict[str, Sourced]] = {
    "city": {},
    "county": _region(COUNTY_HOLDERS, FROM_COUNTY)
    | {"hospital_groups": (1.0, ASSUMPTION), "cashiers": (4.0, ASSUMPTION)},
    "sichuan": _region(sichuan("cardholders"), FROM_SICHUAN)
    | {
        "hospital_groups": (21.0, f"{ASSUMPTION}: one group for each prefecture"),
        "cashiers": (440.0, ASSUMPTION),
        "home_servers": (3.0, ASSUMPTION),
        "clearing_servers": (12.0, ASSUMPTION),
    },
}
