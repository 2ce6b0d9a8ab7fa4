"""What a ride costs, and why: rule by rule, from the dated numbers of the region's pack. Pure.

Rules: tariff first (flat on a bus, by distance on the metro, the fare of a ride without its other
end); then the greater of transfer and concession, which do not add up; then what the day's cap
leaves. A transfer is from or to a bus. It is written apart from the terminals', which charge: the
purse pays what its terminal charged, and who doubts it asks here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from card_platform.regions import RegionPolicy
from card_platform.regions.policy import Station
from card_platform.services.terminals.model import BusLineIsUnknown, StationIsUnknown

FareRule = Literal["flat", "distance", "missing-end", "transfer", "concession", "daily-cap"]
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
    """A ride somebody asks about; on the metro an end that is None is missing."""

    day: date
    bus_line: str | None
    start: str | None
    end: str | None
    certificates: frozenset[str] = frozenset()
    before: Ridden | None = None
    spent_fen: int = 0

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
    cap = policy.transit.daily_cap
    if cap is not None:
        cap_fen = cap.on_or_first(ride.day)
        over_fen = due_fen - max(0, cap_fen - ride.spent_fen)
        if over_fen > 0:
            zh = f"当日已付 {ride.spent_fen} 分，封顶 {cap_fen} 分"
            en = f"{ride.spent_fen} fen were paid that day, its cap is {cap_fen} fen"
            steps.append(FareStep("daily-cap", over_fen, cap.source, zh, en))
            due_fen -= over_fen
    return FareAnswer(ride.day, tariff.fen, due_fen, steps)


def _tariff(policy: RegionPolicy, ride: RideInQuestion) -> FareStep:
    if ride.bus_line is not None:
        line = policy.bus_line(ride.bus_line)
        if line is None:
            raise BusLineIsUnknown(bus_line=ride.bus_line)
        fen = line.fare.on_or_first(ride.day)
        zh, en = f"{line.name_zh}一票制", f"{line.name_en} has one fare"
        return FareStep("flat", fen, line.fare.source, zh, en)
    ends = [_station(policy, code) for code in (ride.start, ride.end) if code is not None]
    if len(ends) < 2:  # noqa: PLR2004 - both ends
        missing = policy.transit.missing_exit_fare
        zh, en = "缺少进站或出站记录", "the entry or the exit is missing"
        return FareStep("missing-end", missing.on_or_first(ride.day), missing.source, zh, en)
    start, end = ends
    metres = abs(start.from_origin_m - end.from_origin_m)
    table = policy.fare_table(ride.day)
    zh = f"{start.name_zh}至{end.name_zh} {metres} 米"
    en = f"{metres} m from {start.name_en} to {end.name_en}"
    return FareStep("distance", policy.fare(start, end, ride.day), table.source, zh, en)


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
    return found
