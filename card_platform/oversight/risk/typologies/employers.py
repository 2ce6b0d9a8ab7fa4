"""Employers that insure people who never work: false-enrolment.

Rules: a real factory hires two hundred in a week, and they come to work; who is enrolled, never
seen at work and soon claims a benefit was enrolled for it. An employer is judged when two weeks
have passed since an enrolment, at its next event or another's.
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
        self._silent: set[str] = set()

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
        if enrolled is None or at - enrolled[0] > claim_s:
            return found
        employer.claims[person] = event.id
        return [*found, *self._judge(event, name, employer, at)]

    def _do_others_clock(self, name: str) -> bool:
        """Whether clocking in is usual among employers, so that its absence tells something."""
        if len(self._silent) < EMPLOYERS_MAX:
            self._silent.add(name)
        clocking = len(self._clocking)
        share = self._limits["false-enrolment.usual_percent"]
        return clocking >= EMPLOYERS_LEAST and clocking * 100 >= share * (
            clocking + len(self._silent - self._clocking)
        )

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
            found += self._judge(event, name, employer, at)
            later = [one for one, _ in employer.enrolled.values() if one + wait_s >= at]
            if later:
                self._wait(name, employer, event, max(later))
        return found

    def _judge(self, event: HistoryEvent, name: str, employer: _Employer, at: int) -> Signals:
        limits = self._limits
        wait_s = limits["false-enrolment.wait_s"]
        due = {
            person for person, (since, _) in employer.enrolled.items() if since + wait_s < at
        } | employer.claims.keys()
        if not due:
            return NONE
        present = len(due & employer.clocked) * 100 // len(due)
        if present > limits["false-enrolment.present_percent"]:
            return NONE
        claims = len(employer.claims)
        if (
            claims >= limits["false-enrolment.claims"]
            and claims * 100 >= len(employer.enrolled) * limits["false-enrolment.claims_percent"]
        ):
            percent = limits["false-enrolment.claim_percent"]
        elif (
            len(due) >= limits["false-enrolment.persons"] and len(self._clocking) >= EMPLOYERS_LEAST
        ):
            percent = limits["false-enrolment.absent_percent"]
        else:
            return NONE
        enrolled = [employer.enrolled[person][1] for person in sorted(due - employer.clocked)]
        seen = [*enrolled, *employer.claims.values()]
        who: Subject = ("institution", name)
        return [
            signal(Typology.FALSE_ENROLMENT, percent, who, event, seen, persons=sorted(due)[:40])
        ]
