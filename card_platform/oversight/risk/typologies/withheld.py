"""Cards of many people in one hand: cards-withheld.

Rules: at counters, agents and village devices many are served, so only machines that a card's own
holder stands at are looked at, and phones. On payday people queue, and neighbours meet at the same
machine next month: a group tells something when its cards come in the same order again, as a bundle
does and a queue does not, or when a few of a machine's many customers come together again. One day
tells nothing: a queue is as quick as a hand. A day is judged when it has ended. The subject is the
machine, for the hand is unknown and the holders are wronged.
"""

from __future__ import annotations

from collections import defaultdict
from math import hypot
from sys import intern
from typing import NamedTuple

from card_platform.oversight.risk.bounded import BoundedMap
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import (
    EVIDENCE_MAX,
    NONE,
    Signal,
    Signals,
    Subject,
    signal,
)

DAY_S = 86_400
CHINA_S = 8 * 3600
PEOPLE_MAX = 64
"""People of one phone remembered."""
DRAWS_MAX = 100_000
"""Draws of one day remembered, of all machines."""
BEFORE_MAX = 4
"""Earlier days of one card remembered."""
SAME_MAX = 300
"""Cards compared that drew in one region on the same two days."""


class _Draw(NamedTuple):
    """A card at a cash machine."""

    at: int
    holder: str
    event: str
    device: str
    region: str
    person: str | None
    card: str | None
    x_m: float | None
    y_m: float | None


class WithheldCards:
    """Sees cash machines and phones."""

    kinds = ("bank.pin", "transfer", "phone.bound", "code.shown")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._phones: BoundedMap[str, tuple[tuple[str, str], ...]] = BoundedMap(tuple)
        self._draws: dict[tuple[str, str], _Draw] = {}
        self._before: BoundedMap[str, list[_Draw]] = BoundedMap(list)
        self._day = 0

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:
        """One hand that uses the cards of many, told when its day has ended."""
        day = (now + CHINA_S) // DAY_S
        found = NONE
        if day != self._day:
            self._day = day
            found = self._end_day()
        told = self._note(event, at)
        return [*found, *told] if found else told

    def _note(self, event: HistoryEvent, at: int) -> Signals:
        if event.device is None:
            return NONE
        if event.kind in {"phone.bound", "code.shown"}:
            return self._phone(event, event.device)
        if event.kind == "transfer" and event.detail.channel != "cash-machine":
            is_online = event.detail.channel == "online"
            return self._phone(event, event.device) if is_online else NONE
        holder = event.card or event.account
        if holder is not None and len(self._draws) < DRAWS_MAX:
            self._draws.setdefault((event.device, holder), _draw(event, event.device, holder, at))
        return NONE

    def _end_day(self) -> Signals:
        """Bundles, groups and quick hands of the day that ended; then it is a day before."""
        draws = sorted(self._draws.values(), key=lambda each: (each.at, each.event))
        self._draws = {}
        machines: dict[str, list[_Draw]] = defaultdict(list)
        pairs: dict[tuple[str, int], list[tuple[_Draw, _Draw]]] = defaultdict(list)
        apart_s = self._limits["cards-withheld.again_days"] * DAY_S
        for draw in draws:
            machines[draw.device].append(draw)
            for before in self._before.of(draw.holder):
                if draw.at - before.at >= apart_s:
                    pairs[draw.region, (before.at + CHINA_S) // DAY_S].append((draw, before))
        found: Signals = []
        for same in pairs.values():
            for reach in ("near", "ride"):
                found += self._of_bundle(same[-SAME_MAX:], reach)
            found += self._of_group(same[-SAME_MAX:], machines)
        for draw in draws:
            kept = self._before.of(draw.holder)
            kept.append(draw)
            del kept[:-BEFORE_MAX]
        return found

    def _of_bundle(self, same: list[tuple[_Draw, _Draw]], reach: str) -> Signals:
        """Cards that came one after another in the same order on both days, chain by chain."""
        limits = self._limits
        cards, reach_m = (
            limits[f"cards-withheld.{reach}_cards"],
            limits[f"cards-withheld.{reach}_m"],
        )
        found: Signals = []
        while True:
            chain = self._longest_chain(same, reach_m)
            if len(chain) < cards:
                return found
            first, last = chain[0], chain[-1]
            between = [
                each
                for each in same
                if first[0].at <= each[0].at <= last[0].at
                and first[1].at <= each[1].at <= last[1].at
                and _is_near(each[0], first[0], reach_m)
            ]
            if len(chain) * 100 >= len(between) * limits["cards-withheld.ordered_percent"]:
                found.append(_found(chain, limits["cards-withheld.ordered_weight"]))
            same = [each for each in same if each not in chain]

    def _longest_chain(
        self, same: list[tuple[_Draw, _Draw]], reach_m: int
    ) -> list[tuple[_Draw, _Draw]]:
        """The longest row in which each next card followed soon and near on both days."""
        next_s = self._limits["cards-withheld.next_s"]
        length, came_from = [1] * len(same), [-1] * len(same)
        for index, (draw, before) in enumerate(same):
            for earlier in range(index - 1, -1, -1):
                one, one_before = same[earlier]
                if draw.at - one.at > next_s:
                    break
                if (
                    length[earlier] >= length[index]
                    and 0 < before.at - one_before.at <= next_s
                    and _is_near(draw, one, reach_m)
                    and _is_near(before, one_before, reach_m)
                ):
                    length[index], came_from[index] = length[earlier] + 1, earlier
        chain: list[tuple[_Draw, _Draw]] = []
        index = max(range(len(same)), key=length.__getitem__, default=-1)
        while index >= 0:
            chain.append(same[index])
            index = came_from[index]
        return chain[::-1]

    def _of_group(
        self, same: list[tuple[_Draw, _Draw]], machines: dict[str, list[_Draw]]
    ) -> Signals:
        """A few of a machine's customers who were there together on an earlier day too."""
        limits = self._limits
        groups: dict[str, list[tuple[_Draw, _Draw]]] = defaultdict(list)
        for draw, before in same:
            if draw.device == before.device:
                groups[draw.device].append((draw, before))
        found: Signals = []
        span_s = limits["cards-withheld.together_s"]
        for device, group in sorted(groups.items()):
            best: list[tuple[_Draw, _Draw]] = []
            for first, _ in group:
                now = [each for each in group if 0 <= each[0].at - first.at <= span_s]
                for _, start in now:
                    both = [each for each in now if 0 <= each[1].at - start.at <= span_s]
                    best = max(best, both, key=len)
            share = len(best) * 100 // max(len(machines[device]), 1)
            if (
                len(best) >= limits["cards-withheld.together_cards"]
                and share <= limits["cards-withheld.together_percent"]
            ):
                found.append(_found(best, limits["cards-withheld.again_percent"]))
        return found

    def _phone(self, event: HistoryEvent, device: str) -> Signals:
        """One phone that carries many people's electronic cards or accounts."""
        person = event.person
        if person is None:
            return NONE
        people = self._phones.of(device)
        if len(people) >= PEOPLE_MAX or any(each == person for each, _ in people):
            return NONE
        people = (*people, (intern(person), event.id))
        self._phones.put(device, people)
        if len(people) < self._limits["cards-withheld.phone_persons"]:
            return NONE
        percent = self._limits["cards-withheld.phone_percent"]
        seen = [each for _, each in people]
        who: Subject = ("device", device)
        return [signal(Typology.CARDS_WITHHELD, percent, who, event, seen, persons=dict(people))]


def _draw(event: HistoryEvent, device: str, holder: str, at: int) -> _Draw:
    where = (event.x_m, event.y_m)
    return _Draw(at, holder, event.id, device, event.region, event.person, event.card, *where)


def _is_near(one: _Draw, other: _Draw, reach_m: int) -> bool:
    if one.device == other.device:
        return True
    if one.x_m is None or one.y_m is None or other.x_m is None or other.y_m is None:
        return False
    return hypot(one.x_m - other.x_m, one.y_m - other.y_m) <= reach_m


def _found(both: list[tuple[_Draw, _Draw]], percent: int) -> Signal:
    events = dict.fromkeys([*(each.event for _, each in both), *(each.event for each, _ in both)])
    return Signal(
        Typology.CARDS_WITHHELD,
        percent,
        "device",
        both[-1][0].device,
        tuple(sorted({each.person for each, _ in both if each.person})),
        tuple(sorted({each.card for each, _ in both if each.card})),
        None,
        tuple(events)[-EVIDENCE_MAX:],
    )
