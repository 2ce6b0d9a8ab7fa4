"""What a ride costs, and why: rule by rule, from the dated numbers of the region's pack. Pure.

Rules: tariff first (flat on a bus, by distance on the metro, the fare of a ride without its other
end), by the operator's own fares where it has some; then the greatest of transfer, concession by
certificate and concession by age, which do not add up; then what the caps of the day and of the
month leave. A transfer is from or to a bus, whoever drives it. It is written apart from the
terminals', which charge: the purse pays what its terminal charged, and who doubts it asks here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec

from card_platform.regions import RegionPolicy
from card_platform.regions.policy import DatedNumber, Station
from card_platform.regions.transit_policy import AgeConcession
from card_platform.services.terminals.model import BusLineIsUnknown, StationIsUnknown

FareRule = Literal[
    "flat",
    "distance",
    "missing-end",
    "transfer",
    "concession",
    "age",
    "daily-cap",
    "monthly-cap",
]
Mode = Literal["bus", "metro"]
_PERCENT = 100


class FareStep(msgspec.Struct, frozen=True):
    """One rule that held: `fen` is added by a tariff and taken off by a reduction."""

    rule: FareRule
    fen: int
    source: str
    detail_zh: str
    detail_en: str


class FareAnswer(msgspec.Struct, frozen=True):
    """The fare of a ride and the rules it comes from, in their order."""

    day: date
    tariff_fen: int
    fare_fen: int
    steps: list[FareStep]


class Ridden(msgspec.Struct, frozen=True):
    """The ride before: how it was ridden, and how long before this one it ended."""

    mode: Mode
    ended_before_s: int


class RideInQuestion(msgspec.Struct, frozen=True):
    """A ride somebody asks about; on the metro an end that is None is missing.

    Attributes:
        operator: whose gate or bus ends the ride; None asks for the region's fares.
        birth_date: the rider's, where it is known.
        spent_fen, month_spent_fen: what was paid before that day, and that month.
    """

    day: date
    bus_line: str | None
    start: str | None
    end: str | None
    certificates: frozenset[str] = frozenset()
    before: Ridden | None = None
    spent_fen: int = 0
    operator: str | None = None
    birth_date: date | None = None
    month_spent_fen: int = 0

    @property
    def mode(self) -> Mode:
        """How it is ridden."""
        return "metro" if self.bus_line is None else "bus"


def price(policy: RegionPolicy, ride: RideInQuestion) -> FareAnswer:
    """The fare, rule by rule.

    Raises:
        StationIsUnknown, BusLineIsUnknown.
    """
    tariff = _tariff(policy, ride)
    steps = [tariff]
    lowered = max(_reductions(policy, ride, tariff.fen), key=lambda each: each.fen, default=None)
    if lowered is not None and lowered.fen:
        steps.append(lowered)
    due_fen = tariff.fen - (lowered.fen if lowered else 0)
    for capped in _capped(policy, ride, due_fen):
        steps.append(capped)
        due_fen -= capped.fen
    return FareAnswer(ride.day, tariff.fen, due_fen, steps)


def _capped(policy: RegionPolicy, ride: RideInQuestion, due_fen: int) -> Iterator[FareStep]:
    """What the caps take off, one after the other."""
    transit = policy.transit
    caps: tuple[tuple[FareRule, str, str, DatedNumber | None, int], ...] = (
        ("daily-cap", "当日", "that day", transit.daily_cap, ride.spent_fen),
        ("monthly-cap", "当月", "that month", transit.monthly_cap, ride.month_spent_fen),
    )
    for rule, when_zh, when_en, cap, spent_fen in caps:
        if cap is None:
            continue
        cap_fen = cap.on_or_first(ride.day)
        over_fen = due_fen - max(0, cap_fen - spent_fen)
        if over_fen > 0:
            zh = f"{when_zh}已付 {spent_fen} 分，封顶 {cap_fen} 分"
            en = f"{spent_fen} fen were paid {when_en}, its cap is {cap_fen} fen"
            yield FareStep(rule, over_fen, cap.source, zh, en)
            due_fen -= over_fen


def _tariff(policy: RegionPolicy, ride: RideInQuestion) -> FareStep:
    if ride.bus_line is not None:
        line = policy.bus_line(ride.bus_line)
        if line is None:
            raise BusLineIsUnknown(bus_line=ride.bus_line)
        fare = policy.transit.bus_fare(line, ride.operator)
        fen = fare.on_or_first(ride.day)
        zh, en = f"{line.name_zh}一票制", f"{line.name_en} has one fare"
        return FareStep("flat", fen, fare.source, zh, en)
    ends = [_station(policy, code) for code in (ride.start, ride.end) if code is not None]
    if len(ends) < 2:  # noqa: PLR2004 - both ends
        transit = policy.transit
        if ride.end is None:
            missing, zh, en = transit.missing_exit_fare, "缺少出站记录", "the exit is missing"
        else:
            missing, zh, en = transit.missing_entry_fare, "缺少进站记录", "the entry is missing"
        return FareStep("missing-end", missing.on_or_first(ride.day), missing.source, zh, en)
    start, end = ends
    metres = abs(start.from_origin_m - end.from_origin_m)
    table = policy.transit.fare_table(ride.day, ride.operator)
    fen = policy.fare(start, end, ride.day, ride.operator)
    zh = f"{start.name_zh}至{end.name_zh} {metres} 米"
    en = f"{metres} m from {start.name_en} to {end.name_en}"
    return FareStep("distance", fen, table.source, zh, en)


def _station(policy: RegionPolicy, code: str) -> Station:
    station = policy.station(code)
    if station is None:
        raise StationIsUnknown(station=code)
    return station


def _reductions(policy: RegionPolicy, ride: RideInQuestion, tariff_fen: int) -> Sequence[FareStep]:
    """What lowers the tariff; only one of them does."""
    found, transfer = [], policy.transit.transfer
    within_s = transfer.within.on_or_first(ride.day)
    if (
        ride.before is not None
        and "bus" in (ride.mode, ride.before.mode)
        and ride.before.ended_before_s <= within_s
    ):
        fen = min(tariff_fen, transfer.reduction.on_or_first(ride.day))
        waited_s = ride.before.ended_before_s
        zh = f"{waited_s} 秒前乘过车，{within_s} 秒内换乘优惠"
        en = f"{waited_s} s after the ride before; a transfer is within {within_s} s"
        found.append(FareStep("transfer", fen, transfer.reduction.source, zh, en))
    for rule in policy.transit.concessions:
        if rule.kind in ride.certificates:
            percent = rule.reduction.on_or_first(ride.day)
            zh, en = f"凭证减收 {percent}%", f"{percent} % less with the certificate {rule.kind}"
            fen = tariff_fen * percent // _PERCENT
            found.append(FareStep("concession", fen, rule.reduction.source, zh, en))
    if ride.birth_date is not None:
        aged = policy.transit.age_concession(ride.birth_date, ride.day)
        if aged is not None:
            found.append(_by_age(aged, ride, tariff_fen))
    return found


def _by_age(rule: AgeConcession, ride: RideInQuestion, tariff_fen: int) -> FareStep:
    percent, limit = rule.reduction.on_or_first(ride.day), rule.age.on_or_first(ride.day)
    zh, en = f"满 {limit} 周岁减收 {percent}%", f"{percent} % less from the age of {limit}"
    if rule.kind == "child":
        zh, en = f"未满 {limit} 周岁减收 {percent}%", f"{percent} % less below the age of {limit}"
    return FareStep("age", tariff_fen * percent // _PERCENT, rule.reduction.source, zh, en)
