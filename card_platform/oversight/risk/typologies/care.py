"""Care that was not given, or given once and billed many times: split-receipts, phantom-visits.

Rules: a patient seen elsewhere while a clinic bills them counts against the clinic, and a visit
registered and paid in one breath, with no doctor between; but carers come for others and busy
clinics have some of them: doubts count by institution, of several persons, and as a share of its
visits, or of its beds where the patient was away from one again and again. Courses of treatment
are settled day after day without registering: that tells nothing.
"""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

from card_platform.oversight.risk.bounded import BoundedMap, FadingMap, Mark, Window
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, Subject, holder_of, signal

DAY_S = 86_400
CHINA_S = 8 * 3600
SEEN_MAX = 8
KEPT_S = 48 * 3600
"""What is older than that before the newest is forgotten: nobody is that far away."""
WEEK_S = 7 * DAY_S
BEDS = "beds"
VISITS = "visits"
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
        self._bills: FadingMap[tuple[str, str], Window] = FadingMap(Window)

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:
        """One treatment in many receipts."""
        self._bills.fade(now, WEEK_S)
        name, place = event.person or event.card, event.institution
        if name is None or place is None:
            return NONE
        detail, limits = event.detail, self._limits
        amount = event.amount_fen
        if amount is None:
            parts = (detail.pooled_fen, detail.account_fen, detail.cash_fen)
            amount = sum(each or 0 for each in parts)
        window = self._bills.of((name, place))
        if detail.refund:
            if detail.visit is not None:
                window.drop(detail.visit)
            return NONE
        window.add(Mark(at, event.id, amount, detail.visit or ""), WEEK_S)
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


class _Doubt(NamedTuple):
    """Why an institution is doubted: how much, which other event shows it, of a visit or a bed."""

    institution: str | None
    weight: int
    other: str
    kind: str = VISITS


class _Patient:
    __slots__ = ("admitted", "away", "died", "registered", "seen", "visit")

    def __init__(self) -> None:
        self.seen: tuple[_Seen, ...] = ()
        self.visit: str | None = None
        self.registered: int | None = None
        """When the visit was registered, as long as no doctor was seen at it."""
        self.admitted: tuple[int, HistoryEvent] | None = None
        self.away: tuple[str, ...] = ()
        """Where who lies in hospital was seen."""
        self.died = 0


class _Clinic:
    """One institution: its doubts of a window, and how many came, older ones counting half."""

    __slots__ = ("came", "doubts", "since")

    def __init__(self) -> None:
        self.doubts = {VISITS: Window(), BEDS: Window()}
        self.came = {VISITS: 0, BEDS: 0}
        self.since = 0

    def count(self, kind: str, at: int, window_s: int) -> None:
        """One more came."""
        if at - self.since > window_s:
            self.since = at
            self.came = {each: count // 2 for each, count in self.came.items()}
        self.came[kind] += 1


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
            if not event.detail.refund:
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
                self._doubt(event, at, _Doubt(there.institution, weight, there.event))
        admitted = patient.admitted
        if (
            admitted is not None
            and at > admitted[0] + STAY_MARGIN_S
            and len(patient.away) < SEEN_MAX
            and _is_away(event, admitted)
        ):
            self._was_away(event, patient, admitted[1], at)
        _remember(patient, here)

    def _was_away(self, event: HistoryEvent, patient: _Patient, bed: HistoryEvent, at: int) -> None:
        """Once a relative may have carried the card; a stay is doubted when it is more often."""
        patient.away = (*patient.away, event.id)
        if len(patient.away) == self._limits["phantom-visits.away_times"]:
            weight = self._limits["phantom-visits.away_weight"]
            self._doubt(event, at, _Doubt(bed.institution, weight, bed.id, BEDS))

    def _visited(self, event: HistoryEvent, patient: _Patient, at: int) -> None:
        detail, window_s = event.detail, self._limits["phantom-visits.window_s"]
        clinic = None if event.institution is None else self._clinics.of(event.institution)
        if detail.visit is not None:
            patient.visit = detail.visit
        if detail.phase == "admitted":
            patient.admitted, patient.away = (at, event), ()
            if clinic is not None:
                clinic.count(BEDS, at, window_s)
        elif detail.phase == "discharged":
            patient.admitted = None
        elif detail.phase == "consulted":
            patient.registered = None
            self._at_clinic(event, patient, at)
        elif detail.phase == "registered":
            patient.registered = at
            if clinic is not None:
                clinic.count(VISITS, at, window_s)
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
            self._doubt(event, at, _Doubt(event.institution, weight, elsewhere[-1].event))

    def _settle(self, event: HistoryEvent, patient: _Patient, at: int) -> None:
        detail, limits = event.detail, self._limits
        if event.institution is None or detail.class_ == "pharmacy":
            return
        weight = 0
        if detail.visit is not None and detail.visit == patient.visit:
            registered = patient.registered
            is_instant = (
                registered is not None and at - registered <= limits["phantom-visits.instant_s"]
            )
            weight += limits["phantom-visits.instant_weight"] if is_instant else 0
            patient.registered = None
        elif detail.class_ == "outpatient":
            window_s = limits["phantom-visits.window_s"]
            self._clinics.of(event.institution).count(VISITS, at, window_s)
        hour = int(event.at[11:13])
        if detail.class_ == "outpatient" and NIGHT_FROM <= hour < NIGHT_TO:
            weight += limits["phantom-visits.night_weight"]
        if patient.died and at > patient.died + 3 * DAY_S:
            weight += limits["phantom-visits.dead_weight"]
        self._at_clinic(event, patient, at)
        if weight:
            self._doubt(event, at, _Doubt(event.institution, weight, event.id))

    def _is_elsewhere(self, one: _Seen, other: _Seen) -> bool:
        limits = self._limits
        way = hypot(one.x_m - other.x_m, one.y_m - other.y_m)
        return (
            way > limits["phantom-visits.elsewhere_m"]
            and way
            > (abs(one.at - other.at) + limits["phantom-visits.clock_s"])
            * limits["phantom-visits.town_mps"]
        )

    def _doubt(self, event: HistoryEvent, at: int, doubt: _Doubt) -> None:
        institution, weight, other, kind = doubt
        if institution is None:
            return
        doubts = self._clinics.of(institution).doubts[kind]
        span_s = self._limits["phantom-visits.window_s"]
        name = event.person or event.card or ""
        occasion = f"{name} {other if kind == BEDS else at // DAY_S}"
        if any(each.word == occasion and each.weight >= weight for each in doubts):
            return
        if other != event.id:
            doubts.add(Mark(at, other, 0, occasion), span_s)
        doubts.add(Mark(at, event.id, weight, occasion), span_s)
        self._doubted[institution] = event

    def _judge(self, event: HistoryEvent, institution: str) -> Signals:
        limits, clinic = self._limits, self._clinics.of(institution)
        for kind, doubts in clinic.doubts.items():
            occasions = doubts.words()
            people = {each.split()[0] for each in occasions}
            total = doubts.weight()
            if (
                len(occasions) >= limits["phantom-visits.visits"]
                and len(people) >= limits["phantom-visits.persons"]
                and len(occasions) * 100
                >= clinic.came[kind] * limits["phantom-visits.share_percent"]
                and total >= limits["phantom-visits.raise_weight"]
            ):
                who: Subject = ("institution", institution)
                seen, percent = doubts.events(), min(total, 95)
                return [signal(Typology.PHANTOM_VISITS, percent, who, event, seen, persons=people)]
        return NONE


def _remember(patient: _Patient, here: _Seen) -> None:
    recent = [each for each in patient.seen[1 - SEEN_MAX :] if here.at - each.at < KEPT_S]
    patient.seen = (*recent, here)


def _is_away(event: HistoryEvent, admitted: tuple[int, HistoryEvent]) -> bool:
    """Whether somebody in hospital was seen more than a walk from it."""
    bed = admitted[1]
    if bed.x_m is None or bed.y_m is None or event.x_m is None or event.y_m is None:
        return False
    return hypot(event.x_m - bed.x_m, event.y_m - bed.y_m) > AWAY_M
