"""A person or chip in two places: impossible-travel, card-lent.

Rules:
- 300 km/h between near places and 800 km/h between far ones are possible; clocks of devices are
  some minutes wrong; a late event is compared at its own moment.
- One chip in two places is proof; a card and its holder's phone apart once is everyday (family
  carries one of them), so it must happen again.
- Care and medicine are no presence: carers go for others. Whoever has an agent on record may
  have the card carried, and another face shown, by that agent.
- A low photo match tells of another face where the holder's own was good, or where it is very
  low, again and again.
"""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

from card_platform.oversight.risk.bounded import BoundedMap, Mark, Window
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signal, Signals, holder_of, signal

SEEN_MAX = 8
"""Presences of a person remembered."""
NEAR_S = 8 * 3600
"""Presences further apart in time say nothing of speed."""
KEPT_S = 48 * 3600
"""What is older than that before the newest is forgotten: late events are compared for so long."""
_HERE = (
    "transit.tap",
    "identity.check",
    "purchase",
    "code.scanned",
    "bank.pin",
    "transfer",
    "medical.visit",
    "employment.clocked",
    "purse.load",
    "card.authentication",
)
_CHILDREN = ("paediatr", "pediatr", "儿科")
_MOTHERS = ("obstetr", "matern", "产科")
CHILD_YEARS = 18
MOTHER_YEARS = 55


class _Presence(NamedTuple):
    at: int
    x_m: float
    y_m: float
    carrier: str
    event: str
    card: str | None


class _Person:
    """What was noticed about a person; most are never looked at."""

    __slots__ = ("apart", "apart_at", "best_match", "lent", "lent_at")

    def __init__(self) -> None:
        self.apart = Window(8)
        self.lent = Window(16)
        self.lent_at = self.apart_at = 0
        self.best_match = 0


class Presences:
    """Sees whatever happened at a place, and who may act for whom."""

    kinds = (*_HERE, "agent.authorised", "agent.ended", "card.issued")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._seen: BoundedMap[str, tuple[_Presence, ...]] = BoundedMap(tuple)
        self._people: BoundedMap[str, _Person] = BoundedMap(_Person)
        self._assisted: BoundedMap[str, int] = BoundedMap(int)
        self._born: BoundedMap[str, int] = BoundedMap(int)

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:  # noqa: ARG002
        """Two places at once, or another face."""
        name = event.person or event.card
        if name is None:
            return NONE
        if event.kind == "agent.authorised":
            self._assisted.put(name, self._assisted.of(name) + 1)
            return NONE
        if event.kind == "agent.ended":
            self._assisted.put(name, max(0, self._assisted.of(name) - 1))
            return NONE
        if event.kind == "card.issued":
            self._born.put(name, event.detail.holder_born or 0)
            return NONE
        found = list[Signal]()
        is_assisted = bool(self._assisted.get(name))
        if event.x_m is not None and event.y_m is not None and _is_presence(event):
            here = _Presence(at, event.x_m, event.y_m, _carrier_of(event), event.id, event.card)
            x_m, y_m = event.x_m, event.y_m
            seen = self._seen.of(name)
            for there in seen:
                if (there.x_m != x_m or there.y_m != y_m) and abs(there.at - at) < NEAR_S:
                    found += self._compare(event, name, here, there, is_assisted)
            recent = [each for each in seen[1 - SEEN_MAX :] if at - each.at < KEPT_S]
            self._seen.put(name, (*recent, here))
        if event.kind in {"identity.check", "medical.visit"} and not is_assisted:
            found += self._look_at_face(event, at, name)
        return found

    def _compare(
        self,
        event: HistoryEvent,
        name: str,
        here: _Presence,
        there: _Presence,
        is_assisted: bool,
    ) -> Signals:
        limits = self._limits
        way = hypot(here.x_m - there.x_m, here.y_m - there.y_m)
        apart_s = abs(here.at - there.at)
        if way > limits["impossible-travel.near_m"]:
            is_far = way >= limits["impossible-travel.air_from_m"]
            mps = limits[f"impossible-travel.{'air' if is_far else 'rail'}_mps"]
            if way > mps * (apart_s + limits["impossible-travel.clock_s"]):
                return self._travelled(event, self._people.of(name), here, there)
        if here.carrier == there.carrier or is_assisted:
            return NONE
        room_s = apart_s + limits["card-lent.conflict_clock_s"]
        gap_s = limits["card-lent.conflict_gap_s"]
        if way <= room_s * limits["card-lent.conflict_mps"]:
            return NONE
        person = self._people.of(name)
        if here.at > person.lent_at + gap_s:
            person.lent_at = here.at
            weight = limits["card-lent.conflict_weight"]
            person.lent.add(Mark(here.at, there.event, 0, "there"), limits["card-lent.window_s"])
            return self._lent(event, person, here.at, weight, "apart")
        return NONE

    def _travelled(
        self, event: HistoryEvent, person: _Person, here: _Presence, there: _Presence
    ) -> Signals:
        limits = self._limits
        if here.carrier == there.carrier:
            percent = limits["impossible-travel.same_carrier_percent"]
            seen = (there.event,)
            return [signal(Typology.IMPOSSIBLE_TRAVEL, percent, holder_of(event), event, seen)]
        if abs(here.at - person.apart_at) < limits["card-lent.conflict_gap_s"]:
            return NONE
        person.apart_at = here.at
        again = len(person.apart) > 0
        window_s = limits["card-lent.window_s"]
        person.apart.add(Mark(there.at, there.event, 0, ""), window_s)
        person.apart.add(Mark(here.at, here.event, 0, ""), window_s)
        percent = limits[f"impossible-travel.{'again' if again else 'other_carrier'}_percent"]
        cards = {each for each in (here.card, there.card) if each}
        return [
            signal(
                Typology.IMPOSSIBLE_TRAVEL,
                percent,
                ("person", event.person or event.card or ""),
                event,
                person.apart.events(),
                cards=cards,
            )
        ]

    def _look_at_face(self, event: HistoryEvent, at: int, name: str) -> Signals:
        limits, match = self._limits, event.detail.photo_match
        if event.kind == "medical.visit":
            if event.detail.phase != "registered" or not self._is_anothers(event, name):
                return NONE
            weight = limits["card-lent.department_weight"]
            return self._lent(event, self._people.of(name), at, weight, "department")
        if match is None:
            return NONE
        person = self._people.of(name)
        if match >= limits["card-lent.photo_low"]:
            person.best_match = max(person.best_match, match)
            return NONE
        kind = "none" if match < limits["card-lent.photo_none"] else "low"
        weight = limits[f"card-lent.{kind}_weight"]
        if person.best_match >= limits["card-lent.holder_match"]:
            weight += limits["card-lent.own_photo_weight"]
        return self._lent(event, person, at, weight, "face")

    def _is_anothers(self, event: HistoryEvent, name: str) -> bool:
        born = self._born.get(name)
        department = (event.detail.department or "").lower()
        if not born or not department:
            return False
        years = int(event.at[:4]) - born
        is_childs = years >= CHILD_YEARS and any(each in department for each in _CHILDREN)
        return is_childs or (years >= MOTHER_YEARS and any(each in department for each in _MOTHERS))

    def _lent(
        self, event: HistoryEvent, person: _Person, at: int, weight: int, word: str
    ) -> Signals:
        limits = self._limits
        person.lent.add(Mark(at, event.id, weight, word), limits["card-lent.window_s"])
        total = person.lent.weight()
        if total < limits["card-lent.raise_percent"]:
            return NONE
        seen = person.lent.events()
        return [signal(Typology.CARD_LENT, min(total + 10, 95), holder_of(event), event, seen)]


def _is_presence(event: HistoryEvent) -> bool:
    if event.kind == "transfer":
        return event.detail.channel == "cash-machine"
    if event.kind == "purchase":  # without a face it may be made from home
        return event.face is not None
    return event.kind in _HERE and event.kind != "medical.visit"


def _carrier_of(event: HistoryEvent) -> str:
    """What was in that place: the chip, a phone, or the holder's body."""
    if event.kind == "employment.clocked":
        return "body"
    if event.face in {"electronic", "code"} or event.kind == "code.scanned":
        return "phone"
    return event.card or "body"
