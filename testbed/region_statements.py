"""The statement of a day between two regions, as both running platforms give it, laid side by side.

Rules: nothing is computed from taps or visits here. What one region claims is what its own platform
says, what the other owes is what that one says; they agree where every line is the same to the fen.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from scenarios.service_desk import PlatformRefused, ServiceDesk

WAIT_S_MAX: Final = 30.0
"""How long what travels between the regions is waited for."""
_LOOK_EVERY_S = 0.25
_AFTER_END = timedelta(minutes=11)
"""A day is cleared ten minutes after its end, so that nothing of it is still under way."""
_NOT_YET = {"clearing-day-unknown", "medical-clearing-unknown"}
_OPEN = "medical-clearing-open"
_NONE: dict[str, Any] = {"own": {"settled": 0, "net_fen": 0}, "state": "agreed"}
_BEGUN = {"clearing-day-closed", "clearing-under-way"}


class Side(msgspec.Struct, frozen=True):
    """What one region claims of another for rides or care, and what that one says it owes."""

    of: str
    creditor: str
    debtor: str
    count: int
    claimed_fen: int
    owed_fen: int
    agree: bool


class RegionStatement(msgspec.Struct, frozen=True):
    """A day between two regions; `net_fen` is what the second owes the first, all in all."""

    day: str
    regions: tuple[str, str]
    sides: list[Side]
    net_fen: int
    agree: bool


class DayHasNotEnded(Exception):
    """The day goes on, or its last ten minutes are not over."""


def today(desks: Sequence[ServiceDesk]) -> date:
    """The day it is at the first platform. Raises as `ServiceDesk.get`."""
    return _now(desks[0]).date()


def end_day(desks: Sequence[ServiceDesk], day: date) -> None:
    """Move virtual clocks on until the day can be cleared. Raises as `ServiceDesk.post`."""
    for desk in desks:
        left = _wanted(desk, day) - _now(desk)
        if left > timedelta():
            desk.advance_clock(left + timedelta(seconds=1))


def clear(desks: Sequence[ServiceDesk], day: date) -> None:
    """Clear the rides of a day in each region, unless it was done.

    Raises:
        DayHasNotEnded: and as `ServiceDesk.post`.
    """
    for desk in desks:
        if _wanted(desk, day) > _now(desk):
            raise DayHasNotEnded
        try:
            desk.post("operator", "/v1/clearing/days", {"day": day.isoformat()})
        except PlatformRefused as refused:
            if refused.code not in _BEGUN:
                raise


def statement(desks: Sequence[ServiceDesk], names: tuple[str, str], day: date) -> RegionStatement:
    """The statement, once both sides agree, or as it stands when that takes too long.

    Raises:
        PlatformRefused, httpx.HTTPError.
    """
    deadline = time.monotonic() + WAIT_S_MAX
    while True:
        told = _look(desks, names, day)
        if told.agree or time.monotonic() > deadline:
            return told
        time.sleep(_LOOK_EVERY_S)


def _look(desks: Sequence[ServiceDesk], names: tuple[str, str], day: date) -> RegionStatement:
    sides = []
    for creditor, debtor in ((0, 1), (1, 0)):
        both = names[creditor], names[debtor]
        sides.append(_rides(desks[creditor], desks[debtor], both, day))
        sides.append(_care(desks[creditor], desks[debtor], both, day))
    net_fen = sum(
        each.claimed_fen if each.creditor == names[0] else -each.claimed_fen for each in sides
    )
    agree = all(each.agree for each in sides)
    return RegionStatement(day.isoformat(), names, sides, net_fen, agree)


def _rides(creditor: ServiceDesk, debtor: ServiceDesk, names: tuple[str, str], day: date) -> Side:
    here = _ask(creditor, f"/v1/clearing/days/{day}/regions/{debtor.region}")
    there = _ask(debtor, f"/v1/clearing/days/{day}/regions/{creditor.region}")
    claimed = here["claimed"] if here else []
    owed = there["owed"] if there else []
    return Side(
        "rides",
        *names,
        count=sum(each["taps"] for each in claimed),
        claimed_fen=_sum(claimed),
        owed_fen=_sum(owed),
        agree=_lines(claimed) == _lines(owed) and (here is None or here["total"]["agreed"]),
    )


def _care(creditor: ServiceDesk, debtor: ServiceDesk, names: tuple[str, str], day: date) -> Side:
    here = _ask(creditor, f"/v1/medical/clearings/{debtor.region}/{day}")
    there = _ask(debtor, f"/v1/medical/clearings/{creditor.region}/{day}")
    claimed = here["claimed"] if here else None
    owed = there["owed"] if there else None
    ours, theirs = claimed or _NONE, owed or _NONE
    return Side(
        "care",
        *names,
        count=ours["own"]["settled"],
        claimed_fen=ours["own"]["net_fen"],
        owed_fen=theirs["own"]["net_fen"],
        agree=(claimed and claimed["own"]) == (owed and owed["own"])
        and {ours["state"], theirs["state"]} == {"agreed"},
    )


def _ask(desk: ServiceDesk, path: str) -> dict[str, Any] | None:
    """What stands there; None where nothing of the day does."""
    try:
        return desk.get("auditor", path)
    except PlatformRefused as refused:
        if refused.code in _NOT_YET:
            return None
        if refused.code == _OPEN:
            still = _NONE | {"state": "open"}
            return {"claimed": still, "owed": still}
        raise


def _lines(lines: Sequence[dict[str, Any]]) -> list[tuple[str, str, int, int]]:
    return sorted(
        (each["operator"], each["ride_day"], each["taps"], each["amount_fen"]) for each in lines
    )


def _sum(lines: Sequence[dict[str, Any]]) -> int:
    return sum(each["amount_fen"] for each in lines)


def _now(desk: ServiceDesk) -> datetime:
    return datetime.fromisoformat(desk.get("operator", "/v1/clock")["now"])


def _wanted(desk: ServiceDesk, day: date) -> datetime:
    """From when on the day can be cleared."""
    morning = datetime.combine(day + timedelta(days=1), datetime.min.time())
    return morning.replace(tzinfo=_now(desk).tzinfo) + _AFTER_END
