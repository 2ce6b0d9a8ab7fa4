"""The life of a complaint as a table, its channels, and its events.

Rules (CQ-22, NM-21, NX-16, SC-p, YD-20a, YD-20b):
- Each has a number, a state and a deadline that follows from its kind; the answer is for its filer,
  who sees it with the number and the secret given at filing, and may say whether it was satisfied.
- Not satisfied, it goes back into work, once more within the deadline of its kind.
- Each channel has its own takers: the public files online, staff what comes to a site or hotline, a
  partner bank what is brought to it (NX-16: departments and partner financial institutions alike
  take complaints), and only the exchange what another region passes on.
- What concerns another region is passed on within the deadline of passing on, with a notice.
- Overdue is no state: a complaint that is late must still be answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from card_platform.oversight.complaints.refusals import ComplaintStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class Kind(StrEnum):
    """What the filer wants."""

    CONSULTATION = "consultation"
    COMPLAINT = "complaint"
    REPORT = "report"


class Channel(StrEnum):
    """How it came."""

    SITE = "site"
    ONLINE = "online"
    HOTLINE_12333 = "12333"
    HOTLINE_12345 = "12345"
    BANK = "bank"
    REGION = "region"
    """Passed on by another region; nobody files by it."""


STAFF_CHANNELS = frozenset({Channel.SITE, Channel.HOTLINE_12333, Channel.HOTLINE_12345})
"""What staff of the departments take in."""


class ComplaintState(StrEnum):
    """Where it is."""

    FILED = "filed"
    IN_HAND = "in_hand"
    ANSWERED = "answered"
    CLOSED = "closed"
    PASSED_ON = "passed_on"


class ComplaintAction(StrEnum):
    """What may be done with it."""

    TAKE = "take"
    ANSWER = "answer"
    PASS_ON = "pass_on"  # noqa: S105 - no password
    SATISFY = "satisfy"
    OBJECT = "object"
    HEAR = "hear"
    """The answer of the region it was passed on to."""


S, A = ComplaintState, ComplaintAction
COMPLAINT_LIFE: dict[ComplaintState, dict[ComplaintAction, ComplaintState]] = {
    S.FILED: {A.TAKE: S.IN_HAND, A.ANSWER: S.ANSWERED, A.PASS_ON: S.PASSED_ON},
    S.IN_HAND: {A.ANSWER: S.ANSWERED, A.PASS_ON: S.PASSED_ON},
    S.ANSWERED: {A.SATISFY: S.CLOSED, A.OBJECT: S.IN_HAND},
    S.CLOSED: {},
    S.PASSED_ON: {A.HEAR: S.ANSWERED},
}
WAITING = frozenset({S.FILED, S.IN_HAND})
"""States in which the deadline runs."""


def next_state(state: ComplaintState, action: ComplaintAction) -> ComplaintState:
    """The state after the action. Raises ComplaintStateForbids where the table has no such row."""
    return state_after(COMPLAINT_LIFE, state, action, ComplaintStateForbids)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One of them. `conduct` is the kind of case a report is about; moments are RFC 3339.
    `passed_late` says of one that was passed on whether its time for that was over (YD-20b).
    """

    number: str
    kind: Kind
    channel: Channel
    subject: str
    content: str
    card_id: str | None
    contact: str | None
    conduct: str | None
    state: ComplaintState
    state_since: str
    filed_at: str
    due_at: str
    overdue_since: str | None = None
    answer: str | None = None
    satisfied: int | None = None
    passed_to: str | None = None
    passed_at: str | None = None
    notice: str | None = None
    passed_late: int | None = None


class ComplaintChanged(Event, frozen=True, kw_only=True):
    """A complaint took a step, or fell overdue; the content stays out of the audit."""

    action: ClassVar[str] = "change-complaint"
    number: str
    step: str
    after: str

    @property
    def detail(self) -> str:
        """Number, step, state."""
        return f"{self.number}: {self.step} -> {self.after}"
