"""A hotline as several models have it: seats by the hour, patience, and calling again."""

from __future__ import annotations

from sim.network import Exponential, Lognormal, Retry, Station
from sim.parameters import ASSUMPTION, Parameter
from sim.region.days import capacity_by_hour, servers_by_hour

HOTLINE = "hotline"

# Calls by hour from midnight, relative (assumption): a morning and an afternoon peak.
CALLS = (0.4, 0.3, 0.2, 0.2, 0.2, 0.4, 0.8, 2.0, 7.5, 12.5, 12.8, 9.5, 5.5, 6.5, 10.5, 10.8, 9.0, 5.0, 2.6, 2.0, 1.6, 1.3, 0.9, 0.6)  # fmt: skip # noqa: E501

TALK = (
    Parameter(
        "talk_s", 240, "s", ASSUMPTION,
        "每通电话的通话与整理时间均值", "mean time of a call with its notes", 10, 3600,
    ),
    Parameter(
        "talk_cv", 0.8, "standard deviation / mean", ASSUMPTION,
        "通话时间的变异系数", "variation of that time", 0, 3,
    ),
    Parameter(
        "patience_s", 120, "s", ASSUMPTION,
        "来电者的平均耐心（其后挂断）", "mean patience of a caller, who then hangs up", 1, 7200,
    ),
    Parameter(
        "redial_min", 10, "min", ASSUMPTION,
        "未接通者再次拨打的平均间隔", "mean time after which a caller tries again", 0.1, 1440,
    ),
    Parameter(
        "attempts", 3, "calls", ASSUMPTION,
        "每人最多拨打次数", "most calls of one person", 1, 50, whole=True,
    ),
    Parameter(
        "seats_night", 1, "seats", ASSUMPTION,
        "每小时最少坐席数", "fewest seats in any hour", 1, 10_000, whole=True,
    ),
)  # fmt: skip


def seats_by_hour(most: int, least: int) -> tuple[int, ...]:
    """Seats on duty in each hour, in proportion to the usual calls."""
    return servers_by_hour(CALLS, most, min(least, most))


def call_centre(
    seats: tuple[int, ...], talk_s: float, talk_cv: float, patience_s: float, days: int = 1
) -> Station:
    """The hotline; who loses patience hangs up."""
    talk, patience = Lognormal(talk_s, talk_cv), Exponential(patience_s)
    return Station(HOTLINE, capacity_by_hour(seats, days), talk, patience=patience)


def redial(customer_class: str, after_min: float, attempts: float) -> Retry:
    """Who was not answered calls again."""
    return Retry(customer_class, Exponential(60 * after_min), int(attempts), HOTLINE)
