"""Free or cheap travel that the certificate's holder did not make: concession-abuse.

Rules: one occasion proves nothing (tourists have long days, terminals learn late that a certificate
ended); occasions of a month are weighed together.
"""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

from card_platform.oversight.risk.bounded import BoundedMap, Mark, Window
from card_platform.oversight.risk.history import HistoryEvent, Typology, seconds_of
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, holder_of, signal

DAY_S = 86_400
LINKS_LEAST = 500
LINKED_SHARE = 0.98
"""Where nearly all concessions have a link on record, one without it tells something."""
_BOARDING = ("entry", "flat")


class _Boarding(NamedTuple):
    at: int
    device: str | None
    x_m: float | None
    y_m: float | None


class _Rider:
    """One card with a concession."""

    __slots__ = ("day", "day_taps", "day_weight", "last", "window")

    def __init__(self) -> None:
        self.window = Window()
        self.day = 0
        self.day_taps = 0
        self.day_weight = 0
        self.last: _Boarding | None = None


class Concessions:
    """Sees certificates, births, deaths and taps with a concession."""

    kinds = (
        "transit.tap",
        "certificate.linked",
        "certificate.ended",
        "card.issued",
        "person.died",
    )

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._riders: BoundedMap[str, _Rider] = BoundedMap(_Rider)
        self._ends: BoundedMap[tuple[str, str], int | None] = BoundedMap(lambda: None)
        self._born: BoundedMap[str, int] = BoundedMap(int)
        self._died: BoundedMap[str, int] = BoundedMap(int)
        self._linked = self._unlinked = 0

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:  # noqa: ARG002
        """Enough occasions within the window."""
        if event.kind == "transit.tap":
            if event.detail.concession is None or event.card is None:
                return NONE
            return self._weigh(event, event.card, event.detail.concession, at)
        if event.person is None:
            return NONE
        if event.kind == "card.issued":
            if event.detail.holder_born is not None:
                self._born.put(event.person, event.detail.holder_born)
        elif event.kind == "person.died":
            self._died.put(event.person, at)
        else:
            self._note_certificate(event, event.person, at)
        return NONE

    def _note_certificate(self, event: HistoryEvent, person: str, at: int) -> None:
        key = (person, event.detail.certificate or "")
        if event.kind == "certificate.ended":
            self._ends.put(key, at)
        else:
            until = event.detail.until
            self._ends.put(key, seconds_of(f"{until[:10]}T00:00:00") + DAY_S if until else 1 << 62)

    def _weigh(self, event: HistoryEvent, card: str, concession: str, at: int) -> Signals:
        rider = self._riders.of(card)
        weight, words = self._of_right(event, concession, at)
        ridden = self._of_ride(event, rider, at) if event.detail.phase in _BOARDING else 0
        if event.detail.phase in _BOARDING:
            rider.last = _Boarding(at, event.device, event.x_m, event.y_m)
        elif rider.last is not None:
            rider.last = rider.last._replace(at=rider.last.at - DAY_S)
        if not weight + ridden:
            return NONE
        limits = self._limits
        rider.window.add(
            Mark(at, event.id, weight + ridden, words or "ride"),
            limits["concession-abuse.window_s"],
        )
        total = rider.window.weight()
        if total < limits["concession-abuse.raise_percent"]:
            return NONE
        who, seen = holder_of(event), rider.window.events()
        return [signal(Typology.CONCESSION_ABUSE, min(total, 95), who, event, seen)]

    def _of_right(self, event: HistoryEvent, concession: str, at: int) -> tuple[int, str]:
        """Whether the holder has the right at all."""
        limits, person = self._limits, event.person or ""
        died = self._died.get(person)
        if died is not None and at > died + DAY_S:
            return limits["concession-abuse.dead_weight"], "dead"
        ends = self._ends.get((person, concession))
        if ends is None:
            self._unlinked += 1
            known = self._linked + self._unlinked
            if known >= LINKS_LEAST and self._linked >= known * LINKED_SHARE:
                return limits["concession-abuse.unlinked_weight"], "unlinked"
        else:
            self._linked += 1
            if at > ends + limits["concession-abuse.grace_s"]:
                return limits["concession-abuse.ended_weight"], "ended"
        born = self._born.get(person)
        if born is not None:
            years = int(event.at[:4]) - born
            is_young_senior = (
                concession == "senior" and years < limits["concession-abuse.senior_years"]
            )
            is_old_student = (
                concession == "student" and years > limits["concession-abuse.student_years"]
            )
            if is_young_senior or is_old_student:
                return limits["concession-abuse.age_weight"], "age"
        return 0, ""

    def _of_ride(self, event: HistoryEvent, rider: _Rider, at: int) -> int:
        """Whether one person can have boarded so."""
        limits, weight = self._limits, 0
        day = (at + 8 * 3600) // DAY_S
        if day != rider.day:
            rider.day, rider.day_taps, rider.day_weight = day, 0, 0
        rider.day_taps += 1
        if rider.day_taps > limits["concession-abuse.day_taps"]:
            room = limits["concession-abuse.day_weight_max"] - rider.day_weight
            more = min(limits["concession-abuse.day_weight"], room)
            rider.day_weight += more
            weight += more
        if rider.last is None:
            return weight
        before = rider.last
        apart_s = abs(at - before.at)
        if before.device == event.device and apart_s <= limits["concession-abuse.passback_s"]:
            return weight + limits["concession-abuse.passback_weight"]
        if event.x_m is None or event.y_m is None or before.x_m is None or before.y_m is None:
            return weight
        way = hypot(event.x_m - before.x_m, event.y_m - before.y_m)
        room_s = apart_s + limits["concession-abuse.apart_clock_s"]
        if (
            way > limits["concession-abuse.apart_m"]
            and way > room_s * limits["concession-abuse.apart_mps"]
        ):
            weight += limits["concession-abuse.apart_weight"]
        return weight
