"""Care that was not given, or given once and billed many times: split-receipts, phantom-visits.

Rules: a patient seen elsewhere while a clinic bills them counts against the clinic, but carers come
for others and busy clinics have some of them: doubts count by institution, of several persons, and
as a share of all its visits. Where nearly everybody registers, who did not tells something.
"""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

from card_platform.oversight.risk.bounded import BoundedMap, Mark, Window
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, Subject, holder_of, signal

DAY_S = 86_400
CHINA_S = 8 * 3600
SEEN_MAX = 8
SETTLED_LEAST = 300
REGISTERED_SHARE = 0.9
NIGHT_FROM, NIGHT_TO = 0, 5
"""Hours of the day in which no outpatient clinic is open."""
STAY_MARGIN_S = 6 * 3600
AWAY_M = 3_000
"""Further than a patient walks from the ward."""


class SplitReceipts:
    """Sees settlements of one person at one institution."""

    kinds = ("medical.settled",)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bills: BoundedMap[tuple[str, str], Window] = BoundedMap(Window)

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:  # noqa: ARG002
        """One treatment in many receipts."""
        name, place = event.person or event.card, event.institution
        if name is None or place is None:
            return NONE
        detail, limits = event.detail, self._limits
        amount = event.amount_fen
        if amount is None:
            parts = (detail.pooled_fen, detail.account_fen, detail.cash_fen)
            amount = sum(each or 0 for each in parts)
        window = self._bills.of((name, place))
        window.add(Mark(at, event.id, amount, detail.visit or ""), 7 * DAY_S)
        since = at - limits["split-receipts.window_s"]
        day = [each for each in window if since <= each.at <= at]
        is_alike = len({each.word for each in day}) < len(day)
        if day and not is_alike:
            mean = sum(each.weight for each in day) / len(day)
            room = mean * limits["split-receipts.alike_percent"] / 100
            is_alike = all(abs(each.weight - mean) <= room for each in day)
        name_of_limit = "alike_receipts" if is_alike else "receipts"
        many = len(day) >= limits[f"split-receipts.{name_of_limit}"]
        if not many and len(window) < limits["split-receipts.week_receipts"]:
            return NONE
        marks = day if many else list(window)
        percent = limits["split-receipts.raise_percent"] + 4 * min(len(marks) - 3, 5)
        seen = [each.event for each in marks]
        return [signal(Typology.SPLIT_RECEIPTS, percent, holder_of(event), event, seen)]


class _Seen(NamedTuple):
    at: int
    x_m: float
    y_m: float
    event: str
    is_visit: bool
    institution: str | None


class _Patient:
    __slots__ = ("admitted", "died", "seen", "visits")

    def __init__(self) -> None:
        self.seen: list[_Seen] = []
        self.visits: dict[str, int] = {}
        self.admitted: tuple[int, HistoryEvent] | None = None
        self.died = 0


class _Clinic:
    __slots__ = ("doubts", "visits")

    def __init__(self) -> None:
        self.doubts = Window()
        self.visits = 0


_PRESENCES = (
    "transit.tap",
    "identity.check",
    "purchase",
    "code.scanned",
    "employment.clocked",
    "bank.pin",
)


class PhantomVisits:
    """Sees visits, settlements, and where patients were."""

    kinds = (*_PRESENCES, "medical.visit", "medical.settled", "person.died")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._patients: BoundedMap[str, _Patient] = BoundedMap(_Patient)
        self._clinics: BoundedMap[str, _Clinic] = BoundedMap(_Clinic)
        self._settled = self._registered = 0
        self._doubted: dict[str, HistoryEvent] = {}
        self._day = 0

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:
        """The clinics of yesterday whose patients were not there: a day's visits are all known."""
        found = NONE
        day = (now + CHINA_S) // DAY_S
        if day != self._day:
            self._day = day
            found = [
                each
                for institution, last in self._doubted.items()
                for each in self._judge(last, institution)
            ]
            self._doubted = {}
        name = event.person or event.card
        if name is not None:
            self._note(event, self._patients.of(name), at)
        return found

    def _note(self, event: HistoryEvent, patient: _Patient, at: int) -> None:
        if event.kind == "person.died":
            patient.died = at
        elif event.kind == "medical.visit":
            self._visited(event, patient, at)
        elif event.kind == "medical.settled":
            self._settle(event, patient, at)
        else:
            self._was_seen(event, patient, at)

    def _was_seen(self, event: HistoryEvent, patient: _Patient, at: int) -> None:
        if event.x_m is None or event.y_m is None:
            return
        here = _Seen(at, event.x_m, event.y_m, event.id, False, None)
        for there in patient.seen:
            if there.is_visit and self._is_elsewhere(here, there):
                weight = self._limits["phantom-visits.elsewhere_weight"]
                self._doubt(event, there.institution, at, weight, there.event)
        admitted = patient.admitted
        if admitted is not None and at > admitted[0] + STAY_MARGIN_S and _is_away(event, admitted):
            weight = self._limits["phantom-visits.elsewhere_weight"]
            institution = admitted[1].institution
            self._doubt(event, institution, at, weight, admitted[1].id)
        _remember(patient, here)

    def _visited(self, event: HistoryEvent, patient: _Patient, at: int) -> None:
        detail = event.detail
        if detail.visit is not None:
            patient.visits[detail.visit] = at
            if len(patient.visits) > SEEN_MAX:
                del patient.visits[next(iter(patient.visits))]
        if detail.phase == "admitted":
            patient.admitted = (at, event)
        elif detail.phase == "discharged":
            patient.admitted = None
        if detail.phase not in {"registered", "consulted"}:
            return
        if detail.phase == "registered" and event.institution is not None:
            self._clinics.of(event.institution).visits += 1
        self._at_clinic(event, patient, at)

    def _at_clinic(self, event: HistoryEvent, patient: _Patient, at: int) -> None:
        if event.x_m is None or event.y_m is None or event.institution is None:
            return
        here = _Seen(at, event.x_m, event.y_m, event.id, True, event.institution)
        elsewhere = [
            each for each in patient.seen if not each.is_visit and self._is_elsewhere(here, each)
        ]
        _remember(patient, here)
        if elsewhere:
            weight = self._limits["phantom-visits.elsewhere_weight"]
            self._doubt(event, event.institution, at, weight, elsewhere[-1].event)

    def _settle(self, event: HistoryEvent, patient: _Patient, at: int) -> None:
        detail, limits = event.detail, self._limits
        if event.institution is None or detail.class_ == "pharmacy":
            return
        weight = 0
        self._settled += 1
        if detail.visit is not None and detail.visit in patient.visits:
            self._registered += 1
        else:
            self._clinics.of(event.institution).visits += 1
            if (
                self._settled >= SETTLED_LEAST
                and self._registered >= self._settled * REGISTERED_SHARE
            ):
                weight += limits["phantom-visits.unregistered_weight"]
        hour = int(event.at[11:13])
        if detail.class_ == "outpatient" and NIGHT_FROM <= hour < NIGHT_TO:
            weight += limits["phantom-visits.night_weight"]
        if patient.died and at > patient.died + 3 * DAY_S:
            weight += limits["phantom-visits.dead_weight"]
        self._at_clinic(event, patient, at)
        if weight:
            self._doubt(event, event.institution, at, weight, event.id)

    def _is_elsewhere(self, one: _Seen, other: _Seen) -> bool:
        limits = self._limits
        way = hypot(one.x_m - other.x_m, one.y_m - other.y_m)
        return (
            way > limits["phantom-visits.elsewhere_m"]
            and way
            > (abs(one.at - other.at) + limits["phantom-visits.clock_s"])
            * limits["phantom-visits.town_mps"]
        )

    def _doubt(
        self, event: HistoryEvent, institution: str | None, at: int, weight: int, other: str
    ) -> None:
        if institution is None:
            return
        clinic = self._clinics.of(institution)
        span_s = self._limits["phantom-visits.window_s"]
        name = event.person or event.card or ""
        occasion = f"{name} {at // DAY_S}"
        if other != event.id:
            clinic.doubts.add(Mark(at, other, 0, occasion), span_s)
        clinic.doubts.add(Mark(at, event.id, weight, occasion), span_s)
        self._doubted[institution] = event

    def _judge(self, event: HistoryEvent, institution: str) -> Signals:
        limits, clinic = self._limits, self._clinics.of(institution)
        occasions = clinic.doubts.words()
        people = {each.split()[0] for each in occasions}
        if (
            len(occasions) < limits["phantom-visits.visits"]
            or len(people) < limits["phantom-visits.persons"]
            or len(occasions) * 100 < clinic.visits * limits["phantom-visits.share_percent"]
        ):
            return NONE
        total = clinic.doubts.weight()
        if total < limits["phantom-visits.raise_weight"]:
            return NONE
        who: Subject = ("institution", institution)
        seen = clinic.doubts.events()
        percent = min(total, 95)
        return [signal(Typology.PHANTOM_VISITS, percent, who, event, seen, persons=people)]


def _remember(patient: _Patient, here: _Seen) -> None:
    patient.seen.append(here)
    if len(patient.seen) > SEEN_MAX:
        del patient.seen[0]


def _is_away(event: HistoryEvent, admitted: tuple[int, HistoryEvent]) -> bool:
    """Whether somebody in hospital was seen more than a walk from it."""
    bed = admitted[1]
    if bed.x_m is None or bed.y_m is None or event.x_m is None or event.y_m is None:
        return False
    return hypot(event.x_m - bed.x_m, event.y_m - bed.y_m) > AWAY_M
