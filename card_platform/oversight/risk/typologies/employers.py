"""Employers that insure people who never work: false-enrolment.

Rules: a real factory hires two hundred in a week, and they come to work; who is enrolled, never
seen at work and soon claims a benefit was enrolled for it, and hardly any honest newcomer claims.
Many small employers have no clocks: there, and where it is not usual, absence alone tells nothing.
A claim is judged when it is made; absence when two weeks have passed since an enrolment, at the
next event of any employer.
"""

from __future__ import annotations

from collections import deque

from card_platform.oversight.risk.bounded import BoundedMap
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, Subject, signal

ENROLLED_MAX = 1_000
"""People of one employer remembered."""
WAITING_MAX = 100_000
EMPLOYERS_MAX = 100_000
EMPLOYERS_LEAST = 3
"""So many employers whose people clock in make a missing clock tell something."""


class _Employer:
    __slots__ = ("claims", "clocked", "enrolled", "is_waited_for")

    def __init__(self) -> None:
        self.enrolled: dict[str, tuple[int, str]] = {}
        self.clocked: set[str] = set()
        self.claims: dict[str, str] = {}
        self.is_waited_for = False


class Employers:
    """Sees enrolments, presence at work and claims."""

    kinds = ("insurance.enrolled", "employment.clocked", "benefit.claimed")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._employers: BoundedMap[str, _Employer] = BoundedMap(_Employer, 200_000)
        self._waiting: deque[tuple[int, str, HistoryEvent]] = deque(maxlen=WAITING_MAX)
        self._clocking: set[str] = set()

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:  # noqa: ARG002
        """An employer whose people were never at work."""
        found = self._due(at) if self._waiting else NONE
        name, person = event.detail.employer or event.institution, event.person
        if name is None or person is None:
            return found
        employer = self._employers.of(name)
        if event.kind == "employment.clocked":
            if len(employer.clocked) < ENROLLED_MAX:
                employer.clocked.add(person)
            if name not in self._clocking and len(self._clocking) < EMPLOYERS_MAX:
                self._clocking.add(name)
            return found
        if event.kind == "insurance.enrolled":
            if person not in employer.enrolled and len(employer.enrolled) < ENROLLED_MAX:
                employer.enrolled[person] = (at, event.id)
                self._wait(name, employer, event, at)
            return found
        enrolled = employer.enrolled.get(person)
        claim_s = self._limits["false-enrolment.claim_s"]
        if enrolled is None or at - enrolled[0] > claim_s or person in employer.clocked:
            return found
        employer.claims[person] = event.id
        return [*found, *self._of_claims(event, name, employer, at)]

    def _wait(self, name: str, employer: _Employer, event: HistoryEvent, at: int) -> None:
        if not employer.is_waited_for:
            employer.is_waited_for = True
            self._waiting.append((at, name, event))

    def _due(self, at: int) -> Signals:
        wait_s = self._limits["false-enrolment.wait_s"]
        found: Signals = []
        while self._waiting and self._waiting[0][0] + wait_s < at:
            _, name, event = self._waiting.popleft()
            employer = self._employers.of(name)
            employer.is_waited_for = False
            found += self._of_absence(event, name, employer, at)
            later = [one for one, _ in employer.enrolled.values() if one + wait_s >= at]
            if later:
                self._wait(name, employer, event, max(later))
        return found

    def _of_claims(self, event: HistoryEvent, name: str, employer: _Employer, at: int) -> Signals:
        """Newcomers who were never at work and claim, as a share of all newcomers."""
        limits = self._limits
        since = at - limits["false-enrolment.claim_s"]
        recent = {each for each, (when, _) in employer.enrolled.items() if when >= since}
        claiming = sorted(each for each in employer.claims if each in recent)
        claims = len(claiming)
        is_many = claims >= limits["false-enrolment.claims"]
        if (
            claims < limits["false-enrolment.claims_least"]
            or claims * 100 < len(recent) * limits["false-enrolment.claims_percent"]
        ):
            return NONE
        percent = limits[f"false-enrolment.{'claim' if is_many else 'claim_least'}_percent"]
        enrolled = [employer.enrolled[each][1] for each in claiming]
        seen = [*enrolled, *(employer.claims[each] for each in claiming)]
        return self._found(event, name, percent, seen, claiming)

    def _of_absence(self, event: HistoryEvent, name: str, employer: _Employer, at: int) -> Signals:
        """Newcomers who were never at work where everybody else is seen there."""
        limits = self._limits
        wait_s, recent_s = limits["false-enrolment.wait_s"], limits["false-enrolment.claim_s"]
        due = {
            each for each, (when, _) in employer.enrolled.items() if wait_s < at - when <= recent_s
        }
        if len(due) < limits["false-enrolment.persons"] or not self._do_others_clock():
            return NONE
        if len(due & employer.clocked) * 100 > len(due) * limits["false-enrolment.present_percent"]:
            return NONE
        absent = sorted(due - employer.clocked)
        seen = [employer.enrolled[each][1] for each in absent]
        return self._found(event, name, limits["false-enrolment.absent_percent"], seen, absent)

    def _do_others_clock(self) -> bool:
        """Whether clocking in is usual among employers, so that its absence tells something."""
        clocking = len(self._clocking)
        share = self._limits["false-enrolment.usual_percent"]
        return clocking >= EMPLOYERS_LEAST and clocking * 100 >= share * len(self._employers)

    def _found(
        self, event: HistoryEvent, name: str, percent: int, seen: list[str], people: list[str]
    ) -> Signals:
        who: Subject = ("institution", name)
        return [signal(Typology.FALSE_ENROLMENT, percent, who, event, seen, persons=people[:40])]
