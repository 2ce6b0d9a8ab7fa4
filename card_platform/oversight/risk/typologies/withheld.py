"""Cards of many people in one hand: cards-withheld.

Rules: at counters, agents and village devices many are served, so only machines that a card's own
holder stands at are looked at, and phones. On payday people queue: a group tells something when the
same group comes again, or when nobody could have changed places so quickly; and nothing at a device
that serves many in a day, which is known when the day has ended.
"""

from __future__ import annotations

from typing import NamedTuple

from card_platform.oversight.risk.bounded import BoundedMap
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, Subject, signal

DAY_S = 86_400
CHINA_S = 8 * 3600
SERVED_MAX = 1_000
"""Cards of one device and day counted."""
PEOPLE_MAX = 64
"""People of one phone remembered."""
USES_MAX = 48
"""Uses of one machine remembered."""
GROUPS_MAX = 6
"""Earlier groups of one card remembered."""


class _Use(NamedTuple):
    at: int
    holder: str
    event: str
    card: str | None
    person: str | None


class _Burst(NamedTuple):
    at: int
    holders: frozenset[str]
    events: tuple[str, ...]


class WithheldCards:
    """Sees cash machines and phones."""

    kinds = ("bank.pin", "transfer", "phone.bound", "code.shown")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._machines: BoundedMap[str, list[_Use]] = BoundedMap(list)
        self._groups: BoundedMap[str, list[_Burst]] = BoundedMap(list)
        self._phones: BoundedMap[str, dict[str, str]] = BoundedMap(dict)
        self._served: BoundedMap[str, set[str]] = BoundedMap(set)
        self._busiest: BoundedMap[str, int] = BoundedMap(int)
        self._suspected: dict[str, Signals] = {}
        self._day = 0

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:
        """One hand that uses the cards of many, told when its day has ended."""
        day = (now + CHINA_S) // DAY_S
        found = self._end_day(day) if day != self._day else NONE
        told = self._note(event, at)
        return [*found, *told] if found else told

    def _end_day(self, day: int) -> Signals:
        self._day = day
        found: Signals = []
        for device, signals in self._suspected.items():
            served = max(len(self._served.of(device)), self._busiest.of(device))
            self._busiest.put(device, served)
            if served <= self._limits["cards-withheld.served_cards"]:
                found += signals
        self._suspected = {}
        self._served = BoundedMap(set)
        return found

    def _note(self, event: HistoryEvent, at: int) -> Signals:
        if event.device is None:
            return NONE
        if event.kind in {"phone.bound", "code.shown"}:
            return self._phone(event, event.device)
        detail = event.detail
        if event.kind == "transfer" and detail.channel != "cash-machine":
            return self._phone(event, event.device) if detail.channel == "online" else NONE
        holder = event.card or event.account
        if holder is None:
            return NONE
        served = self._served.of(event.device)
        if len(served) < SERVED_MAX:
            served.add(holder)
        uses = self._machines.of(event.device)
        uses.append(_Use(at, holder, event.id, event.card, event.person))
        horizon = at - self._limits["cards-withheld.burst_s"]
        if len(uses) > USES_MAX or uses[0].at < horizon:
            uses[:] = [each for each in uses if each.at >= horizon][-USES_MAX:]
        holders = {each.holder for each in uses}
        if len(holders) < self._limits["cards-withheld.burst_cards"]:
            return NONE
        found = self._judge(event, uses, frozenset(holders), at)
        if found:
            self._suspected[event.device] = found
        return NONE

    def _judge(
        self, event: HistoryEvent, uses: list[_Use], holders: frozenset[str], at: int
    ) -> Signals:
        limits = self._limits
        events = tuple(each.event for each in uses)
        for one in sorted(holders):
            for before in self._groups.of(one):
                if abs(at - before.at) < DAY_S:
                    continue
                both = len(before.holders & holders)
                share = both * 100 // len(before.holders | holders)
                is_group = both >= limits["cards-withheld.burst_cards"]
                if is_group and share >= limits["cards-withheld.alike_percent"]:
                    percent = limits["cards-withheld.again_percent"]
                    return self._found(event, uses, (*before.events, *events), percent)
        self._keep(holders, _Burst(at, holders, events))
        firsts: dict[str, int] = {}
        for each in uses:
            firsts.setdefault(each.holder, each.at)
        quick = limits["cards-withheld.quick_cards"]
        moments = sorted(firsts.values())[-quick:]
        if (
            len(moments) >= quick
            and moments[-1] - moments[0] <= (quick - 1) * limits["cards-withheld.quick_s"]
        ):
            return self._found(event, uses, events, limits["cards-withheld.quick_percent"])
        return NONE

    def _keep(self, holders: frozenset[str], burst: _Burst) -> None:
        for one in sorted(holders):
            groups = self._groups.of(one)
            if groups and abs(burst.at - groups[-1].at) < DAY_S:
                if len(groups[-1].holders) <= len(holders):
                    groups[-1] = burst
            else:
                groups.append(burst)
                del groups[:-GROUPS_MAX]

    def _found(
        self, event: HistoryEvent, uses: list[_Use], seen: tuple[str, ...], percent: int
    ) -> Signals:
        return [
            signal(
                Typology.CARDS_WITHHELD,
                percent,
                ("device", event.device or ""),
                event,
                seen,
                persons=[each.person for each in uses if each.person],
                cards=[each.card for each in uses if each.card],
            )
        ]

    def _phone(self, event: HistoryEvent, device: str) -> Signals:
        """One phone that carries many people's electronic cards or accounts."""
        person = event.person
        if person is None:
            return NONE
        people = self._phones.of(device)
        if person in people or len(people) >= PEOPLE_MAX:
            return NONE
        people[person] = event.id
        if len(people) < self._limits["cards-withheld.phone_persons"]:
            return NONE
        percent = self._limits["cards-withheld.phone_percent"]
        seen = list(people.values())
        who: Subject = ("device", device)
        return [signal(Typology.CARDS_WITHHELD, percent, who, event, seen, persons=people.keys())]
