"""The numbers of `emergency`, with units, bounds and sources."""

from __future__ import annotations

from sim.models.model import Sourced
from sim.parameters import ASSUMPTION, Parameter
from sim.region.call_centre import TALK
from sim.region.printing import PRINT_TIME
from sim.region.published import (
    CITY_HOLDERS,
    COUNTY_HOLDERS,
    ECARD_SHARE,
    FROM_CITY,
    FROM_COUNTY,
    FROM_ECARDS,
    FROM_SICHUAN,
    OPERATOR,
    sichuan,
)
from sim.region.queries import QUERIES, TO_BE_MEASURED
from sim.region.sizes import UNEVENNESS

# Calls of the worried by hour from midnight, relative (assumption): until late in the evening.
WORRIED_BY_HOUR = (0.3, 0.2, 0.1, 0.1, 0.2, 0.4, 1.2, 3.0, 6.5, 9.5, 10.0, 9.0, 7.5, 7.0, 8.0, 8.0, 7.5, 6.5, 5.5, 5.0, 4.5, 3.0, 1.5, 0.7)  # fmt: skip # noqa: E501

SUSPECTED_SHARE = 0.005

PARAMETERS = (
    Parameter(
        "holders", CITY_HOLDERS, "people", FROM_CITY, "持卡人数", "cardholders", 100, 2e9,
    ),
    Parameter(
        "suspected", CITY_HOLDERS * SUSPECTED_SHARE, "cards",
        f"{ASSUMPTION}: half a percent of the cards",
        "须冻结的可疑卡数", "suspected cards, to be frozen", 1, 2e9,
    ),
    Parameter(
        "begins_h", 10, "hour of the day", ASSUMPTION,
        "开始冻结的时刻（星期一）", "when freezing begins, on a Monday", 0, 20, whole=True,
    ),
    Parameter(
        "freeze_h", 2, "h", ASSUMPTION, "冻结名单到达的时长",
        "time over which the list comes", 0.05, 24,
    ),
    Parameter(
        "freeze_ms", 25, "ms/card", TO_BE_MEASURED,
        "平台冻结一张卡的时间", "time the platform needs to freeze one card", 0.01, 60_000,
    ),
    Parameter(
        "freeze_servers", 1, "servers", ASSUMPTION,
        "冻结的并发数", "cards frozen at a time", 1, 10_000, whole=True,
    ),
    Parameter(
        "notice_min", 30, "min", ASSUMPTION,
        "持卡人看到通知的时间均值", "mean time until a holder reads the message", 0.1, 10_080,
    ),
    Parameter(
        "victims_call_share", 0.4, "share of holders told", ASSUMPTION,
        "收到通知后来电的比例", "who call when told", 0, 1,
    ),
    Parameter(
        "victims_come_share", 0.7, "share of holders told", ASSUMPTION,
        "到窗口换卡的比例", "who come for a new card in these days", 0, 1,
    ),
    Parameter(
        "later_share", 0.5, "share of those who come", ASSUMPTION,
        "每个工作日推迟到下一工作日的比例",
        "who put it off to the next working day, each day", 0, 0.95,
    ),
    Parameter(
        "worried_share", 0.01, "share of holders", ASSUMPTION,
        "未涉及但来电询问的人数比例", "who are not concerned and call all the same", 0, 1,
    ),
    Parameter(
        "ecard_share", ECARD_SHARE, "share of holders", FROM_ECARDS,
        "有电子社保卡、可自助查询的持卡人比例",
        "holders with an electronic card, who can look for themselves", 0, 1,
    ),
    Parameter(
        "looks", 4, "looks per worried caller", ASSUMPTION,
        "每名有电子社保卡的询问者对应的自助查询数",
        "looks at accounts for each worried caller with an electronic card", 0, 100,
    ),
    Parameter(
        "fading", 0.55, "of the day before", ASSUMPTION,
        "询问逐日减退的比例", "how the worried fade from day to day", 0.01, 1,
    ),
    Parameter(
        "seats", 14, "seats", ASSUMPTION,
        "热线平日最忙时段的坐席数", "seats of the hotline in its usual busiest hour", 1, 1e5,
        whole=True,
    ),
    Parameter(
        "seats_more", 130, "seats", ASSUMPTION,
        "应急增加的坐席数", "seats added for the emergency", 0, 1e5, whole=True,
    ),
    *TALK,
    Parameter(
        "places", 5, "groups", ASSUMPTION, "窗口的分组数", "groups of counters", 1, 500, whole=True,
    ),
    UNEVENNESS,
    Parameter(
        "counters", 115, "counters", ASSUMPTION,
        "为换卡开放的窗口数", "counters freed for this", 1, 1e6, whole=True,
    ),
    Parameter(
        "counter_min", 7.5, "min",
        OPERATOR,
        "窗口办理时间均值", "mean time at a counter", 0.2, 240,
    ),
    Parameter(
        "printers", 60, "printers", ASSUMPTION, "制卡机数", "card printers", 1, 1e6, whole=True,
    ),
    PRINT_TIME,
    Parameter(
        "spoilt_share", 0.02, "share of cards", ASSUMPTION,
        "制卡报废须重制的比例", "cards spoilt and made again", 0, 0.5,
    ),
    *QUERIES,
)  # fmt: skip


def _region(holders: float, source: str) -> dict[str, Sourced]:
    """Everything in proportion to the city."""
    times = holders / CITY_HOLDERS
    return {
        "holders": (holders, source),
        "suspected": (holders * SUSPECTED_SHARE, f"{ASSUMPTION}: half a percent of the cards"),
        "seats": (float(max(2, round(14 * times))), ASSUMPTION),
        "seats_more": (float(round(130 * times)), ASSUMPTION),
        "counters": (float(round(115 * times)), ASSUMPTION),
        "printers": (float(round(60 * times)), ASSUMPTION),
    }


PRESETS: dict[str, dict[str, Sourced]] = {
    "city": {},
    "county": _region(COUNTY_HOLDERS, FROM_COUNTY) | {"places": (1.0, ASSUMPTION)},
    "sichuan": _region(sichuan("cardholders"), FROM_SICHUAN)
    | {
        "places": (21.0, f"{ASSUMPTION}: one group for each prefecture"),
        "seats_night": (20.0, ASSUMPTION),
        "ecard_share": (
            sichuan("electronic-cards") / sichuan("cardholders"),
            f"derived: 62.36 million electronic cards over 91.62 million holders, {FROM_SICHUAN}",
        ),
        "freeze_servers": (4.0, ASSUMPTION),
        "query_servers": (4.0, ASSUMPTION),
    },
}
