"""The numbers of `card_replacement`, with units, bounds and sources."""

from __future__ import annotations

from dataclasses import replace

from sim.models.model import Sourced
from sim.parameters import ASSUMPTION, Parameter
from sim.region.printing import PRINT_TIME
from sim.region.published import (
    CITY_HOLDERS,
    COUNTY_HOLDERS,
    FROM_CITY,
    FROM_COUNTY,
    FROM_SICHUAN,
    OPERATOR,
    PRINTER,
    sichuan,
)
from sim.region.queries import TO_BE_MEASURED
from sim.region.sizes import UNEVENNESS

# By hour from midnight, relative (assumptions): bookings round the clock, walking in till four.
BOOKED = (1.0,) * 24
WALKED_IN = (0, 0, 0, 0, 0, 0, 0, 0, 0, 1.5, 1.5, 1.1, 0.6, 0.9, 1.2, 1.0, 0, 0, 0, 0, 0, 0, 0, 0)

REPLACED_SHARE = 0.7
FROM_REPLACED = f"{ASSUMPTION}: 70 % of the holders replace the card"
CENTRALLY = (
    "15 working days, Beijing Daxing; 25 in Zhongshan before instant issuance: of this mostly "
    "delivery (assumption)"
)

PARAMETERS = (
    Parameter(
        "cards", COUNTY_HOLDERS * REPLACED_SHARE, "cards", f"{FROM_REPLACED}; {FROM_COUNTY}",
        "换发的卡数", "cards to replace", 1, 2e9,
    ),
    Parameter(
        "years", 3, "years of 52 weeks", ASSUMPTION, "换发年数", "years of the campaign", 1, 10,
        whole=True,
    ),
    Parameter(
        "ramp_days", 120, "days", ASSUMPTION,
        "开始后多少天达到全速", "days until the campaign is at full speed", 0, 1000,
    ),
    Parameter(
        "sites", 12, "sites", ASSUMPTION, "服务网点数", "service points", 1, 1e6, whole=True,
    ),
    Parameter(
        "places", 12, "groups", f"{ASSUMPTION}: each site by itself",
        "网点的分组数", "groups of sites, each one queue", 1, 500, whole=True,
    ),
    replace(UNEVENNESS, value=0.5),
    Parameter(
        "counters_per_site", 2, "counters", ASSUMPTION,
        "每个网点的窗口数", "counters of a site", 0.1, 500,
    ),
    Parameter(
        "cards_share", 0.6, "share of counters", ASSUMPTION,
        "窗口用于换卡的比例（其余办理其他业务）",
        "counters that serve cards at a time; the others do other business", 0.01, 1,
    ),
    Parameter(
        "booked_share", 0.6, "share of cards", ASSUMPTION,
        "预约办理的比例", "who book before they come", 0, 1,
    ),
    Parameter(
        "no_show_share", 0.08, "share of bookings", ASSUMPTION,
        "预约未到的比例", "who book and do not come", 0, 0.9,
    ),
    Parameter(
        "instant_share", 0.5, "share of cards", ASSUMPTION,
        "当场制卡的比例", "cards printed while the holder waits", 0, 1,
    ),
    Parameter(
        "instant_min", 7.5, "min", OPERATOR,
        "即时制卡的窗口时间均值", "mean time at the counter, card printed at once", 0.2, 240,
    ),
    Parameter(
        "apply_min", 5, "min", OPERATOR,
        "集中制卡申请的窗口时间均值", "mean time at the counter to apply", 0.2, 240,
    ),
    Parameter(
        "printers", 4, "printers", ASSUMPTION, "制卡机数", "card printers at sites",
        1, 1e5, whole=True,
    ),
    PRINT_TIME,
    Parameter(
        "printer_works_days", 60, "days", ASSUMPTION,
        "制卡机两次故障之间的时间均值", "mean time a printer works between breakdowns", 0.1, 10_000,
    ),
    Parameter(
        "printer_repair_h", 24, "h", ASSUMPTION, "制卡机修复时间均值",
        "mean time of its repair", 0.1, 2000,
    ),
    Parameter(
        "spoilt_share", 0.02, "share of cards", ASSUMPTION,
        "制卡机报废率", "cards spoilt by a printer and made again", 0, 0.5,
    ),
    Parameter(
        "lines", 1, "lines", ASSUMPTION,
        "集中制卡线数", "production lines", 1, 1000, whole=True,
    ),
    Parameter(
        "cards_per_hour", 40, "cards/h",
        f"{PRINTER}: a county's share of a line; lines of a city and a province: {ASSUMPTION}",
        "一条制卡线的速度", "cards a line makes in an hour", 1, 100_000,
    ),
    Parameter(
        "batch_size", 20, "cards", ASSUMPTION,
        "每批卡数", "cards of a batch", 1, 10_000, whole=True,
    ),
    Parameter(
        "batch_wait_h", 4, "h", ASSUMPTION,
        "未满一批最久等候", "a batch that is not full waits so long", 0.01, 1000,
    ),
    Parameter(
        "line_works_h", 120, "h", ASSUMPTION,
        "制卡线两次故障之间的时间均值", "mean time a line works between breakdowns", 0.1, 100_000,
    ),
    Parameter(
        "line_repair_h", 5, "h", ASSUMPTION, "制卡线修复时间均值",
        "mean time of its repair", 0.01, 2000,
    ),
    Parameter(
        "line_spoilt_share", 0.005, "share of cards", ASSUMPTION,
        "制卡线报废率", "cards spoilt by a line and made again", 0, 0.5,
    ),
    Parameter(
        "delivery_weeks", 2, "weeks", CENTRALLY,
        "寄送并通知领取的时间", "delivery until the holder comes for the card", 0, 52, whole=True,
    ),
    Parameter(
        "desks", 12, "desks", ASSUMPTION,
        "领卡窗口数", "desks that give out cards", 1, 1e6, whole=True,
    ),
    Parameter(
        "collect_min", 2, "min", ASSUMPTION, "领卡时间均值",
        "mean time to hand out a card", 0.1, 120,
    ),
    Parameter(
        "activation_ms", 120, "ms", TO_BE_MEASURED,
        "平台激活一张卡的时间", "time the platform needs to activate a card", 0.01, 60_000,
    ),
    Parameter(
        "activation_servers", 1, "servers", ASSUMPTION,
        "激活的并发数", "activations at a time", 1, 10_000, whole=True,
    ),
)  # fmt: skip

PRESETS: dict[str, dict[str, Sourced]] = {
    "county": {},
    "city": {
        "cards": (CITY_HOLDERS * REPLACED_SHARE, f"{FROM_REPLACED}; {FROM_CITY}"),
        "sites": (80.0, ASSUMPTION),
        "places": (10.0, f"{ASSUMPTION}: one group for each district"),
        "printers": (14.0, ASSUMPTION),
        "cards_per_hour": (200.0, ASSUMPTION),
        "batch_size": (100.0, ASSUMPTION),
        "desks": (18.0, ASSUMPTION),
    },
    "sichuan": {
        "cards": (
            sichuan("cardholders") * REPLACED_SHARE,
            f"{FROM_REPLACED}; 91.62 million holders, {FROM_SICHUAN}",
        ),
        "sites": (
            sichuan("joint-service-points"),
            f"joint service points of Sichuan and Chongqing, {FROM_SICHUAN}",
        ),
        "places": (21.0, f"{ASSUMPTION}: one group for each prefecture"),
        "counters_per_site": (1.0, ASSUMPTION),
        "cards_share": (0.33, f"{ASSUMPTION}: a third of the counters' time"),
        "printers": (300.0, ASSUMPTION),
        "lines": (7.0, ASSUMPTION),
        "cards_per_hour": (500.0, ASSUMPTION),
        "batch_size": (250.0, ASSUMPTION),
        "desks": (260.0, ASSUMPTION),
    },
}
