"""The numbers of `payout_day`, with units, bounds and sources."""

from __future__ import annotations

from sim.models.model import Sourced
from sim.parameters import ASSUMPTION, Parameter
from sim.region.call_centre import TALK
from sim.region.published import (
    CARDHOLDERS_NATION,
    CITY_HOLDERS,
    COUNTY_HOLDERS,
    FROM_CITY,
    FROM_COUNTY,
    FROM_RECIPIENTS,
    FROM_SICHUAN,
    RECIPIENTS_NATION,
    sichuan,
)
from sim.region.queries import QUERIES, TO_BE_MEASURED
from sim.region.sizes import UNEVENNESS

# By hour from midnight, relative (all assumptions).
COUNTERS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 1.7, 1.7, 1.2, 0.7, 0.9, 1.1, 0.8, 0.4, 0, 0, 0, 0, 0, 0, 0)
CASH = (0, 0, 0, 0, 0, 0.1, 0.5, 1.2, 1.9, 2.0, 1.7, 1.2, 0.8, 0.7, 0.9, 1.0, 1.1, 1.0, 0.8, 0.6, 0.4, 0.2, 0.1, 0.1)  # fmt: skip # noqa: E501
BALANCES = (0.1, 0.1, 0, 0, 0.1, 0.3, 0.9, 1.6, 2.0, 1.9, 1.5, 1.1, 1.1, 0.9, 0.9, 0.9, 0.9, 0.9, 1.0, 1.1, 1.0, 0.7, 0.4, 0.2)  # fmt: skip # noqa: E501

BANKS = 5
BANK_SHARES = (0.36, 0.24, 0.18, 0.13, 0.09)
"""Which banks hold the accounts (assumption)."""

PER_HOLDER = RECIPIENTS_NATION / CARDHOLDERS_NATION

PARAMETERS = (
    Parameter(
        "recipients", PER_HOLDER * COUNTY_HOLDERS, "people",
        f"derived: {FROM_RECIPIENTS}; {FROM_COUNTY}",
        "当天发放待遇的人数", "people who are paid that day", 1, 1e9,
    ),
    Parameter(
        "batch_from_h", 1, "hour of the day", ASSUMPTION,
        "批量发放开始时刻", "when the first file comes", 0, 23,
    ),
    Parameter(
        "batch_h", 4, "h", ASSUMPTION, "批量发放时长", "time over which the files come", 0.1, 20,
    ),
    Parameter(
        "files", 240, "files", ASSUMPTION,
        "发放文件数（均匀到达）", "files of the payout, evenly spread", 1, 10_000, whole=True,
    ),
    Parameter(
        "post_ms", 4, "ms/line", TO_BE_MEASURED,
        "平台处理一笔的时间", "time the platform needs for one line", 0.01, 60_000,
    ),
    Parameter(
        "post_servers", 1, "servers", ASSUMPTION,
        "平台发放的并发数", "lines the platform works on at a time", 1, 10_000, whole=True,
    ),
    Parameter(
        "bank_delay_s", 30, "s", ASSUMPTION,
        "送达银行的时间均值", "mean time of a line on its way to the bank", 0.01, 86400,
    ),
    Parameter(
        "bank_ms", 10, "ms/line", ASSUMPTION,
        "银行记账一笔的时间", "time a bank needs to book one line", 0.01, 60_000,
    ),
    Parameter(
        "bank_servers", 5, "servers", ASSUMPTION,
        "各银行记账并发数之和", "lines all banks work on at a time", 1, 100_000, whole=True,
    ),
    Parameter(
        "places", 6, "groups", ASSUMPTION,
        "柜台与取款机的分组数", "groups of counters and of cash machines", 1, 500, whole=True,
    ),
    UNEVENNESS,
    Parameter(
        "counter_share", 0.06, "share of recipients", ASSUMPTION,
        "当天到柜台的比例", "who come to a counter that day", 0, 1,
    ),
    Parameter(
        "counter_min", 5, "min", ASSUMPTION, "柜台办理时间均值", "mean time at a counter", 0.1, 120,
    ),
    Parameter(
        "counters", 96, "counters", ASSUMPTION, "银行柜台数", "bank counters", 1, 1e6, whole=True,
    ),
    Parameter(
        "cash_share", 0.12, "share of recipients", ASSUMPTION,
        "当天到取款机的比例", "who go to a cash machine that day", 0, 1,
    ),
    Parameter(
        "cash_min", 1.5, "min", ASSUMPTION, "取款时间均值", "mean time at a cash machine", 0.1, 60,
    ),
    Parameter(
        "machines", 54, "machines", ASSUMPTION, "取款机数", "cash machines", 1, 1e6, whole=True,
    ),
    Parameter(
        "patience_min", 60, "min", ASSUMPTION,
        "排队的平均耐心", "mean patience in a queue", 1, 1440,
    ),
    Parameter(
        "call_share", 0.004, "share of recipients", ASSUMPTION,
        "当天拨打热线的比例", "who call the hotline that day", 0, 1,
    ),
    Parameter(
        "seats", 6, "seats", ASSUMPTION,
        "热线最忙时段的坐席数", "seats of the hotline in its busiest hour", 1, 1e5, whole=True,
    ),
    *TALK,
    Parameter(
        "query_share", 0.4, "queries per recipient", ASSUMPTION,
        "每人当天查询余额次数", "looks at the balance that day", 0, 20,
    ),
    *QUERIES,
)  # fmt: skip


def _sized(
    recipients: Sourced, counters: float, machines: float, seats: float
) -> dict[str, Sourced]:
    return {
        "recipients": recipients,
        "counters": (counters, ASSUMPTION),
        "machines": (machines, ASSUMPTION),
        "seats": (seats, ASSUMPTION),
    }


PRESETS: dict[str, dict[str, Sourced]] = {
    "county": {},
    "city": _sized(
        (PER_HOLDER * CITY_HOLDERS, f"derived: {FROM_RECIPIENTS}; {FROM_CITY}"), 840, 470, 38
    )
    | {
        "places": (10.0, ASSUMPTION),
        "post_servers": (1.0, ASSUMPTION),
        "bank_servers": (6.0, ASSUMPTION),
    },
    "sichuan": _sized(
        (
            PER_HOLDER * sichuan("cardholders"),
            f"derived: {FROM_RECIPIENTS}; {FROM_SICHUAN}",
        ),
        18_300, 10_300, 700,
    )
    | {
        "places": (21.0, f"{ASSUMPTION}: one group for each prefecture"),
        "post_servers": (8.0, ASSUMPTION),
        "bank_servers": (20.0, ASSUMPTION),
        "query_servers": (8.0, ASSUMPTION),
        "seats_night": (10.0, ASSUMPTION),
    },
}  # fmt: skip
