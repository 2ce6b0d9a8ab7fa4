"""What a rule says of an event: a signal, which the budget turns into an alert or keeps as lesser.

Scores are whole percent: 50 is where a supervisor should look, 100 is proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from card_platform.oversight.risk.history import HistoryEvent, SubjectKind, Typology

EVIDENCE_MAX = 40
"""Events an alert names; the newest."""


class Signal(NamedTuple):
    """One suspicion.

    Attributes:
        score_percent: how strong.
        evidence: ids of events, the oldest first.
    """

    typology: Typology
    score_percent: int
    subject_kind: SubjectKind
    subject: str
    persons: tuple[str, ...]
    cards: tuple[str, ...]
    institution: str | None
    evidence: tuple[str, ...]


Signals = list[Signal]
Subject = tuple[SubjectKind, str]
NONE: Signals = []


class Group(Protocol):
    """A group of typologies: sees the events of its kinds, in the order they were received."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of events it sees."""
        ...

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:
        """What the event shows; `at` and `now` are its moments in seconds."""
        ...


def signal(
    typology: Typology,
    score_percent: int,
    subject: Subject,
    event: HistoryEvent,
    evidence: Iterable[str],
    *,
    persons: Iterable[str] = (),
    cards: Iterable[str] = (),
) -> Signal:
    """A signal at this event; its card and person are named, others too where given."""
    seen = tuple(dict.fromkeys((*evidence, event.id)))[-EVIDENCE_MAX:]
    own_person = (event.person,) if event.person else ()
    own_card = (event.card,) if event.card else ()
    return Signal(
        typology,
        min(score_percent, 100),
        *subject,
        tuple(sorted({*own_person, *persons})),
        tuple(sorted({*own_card, *cards})),
        event.institution,
        seen,
    )


def holder_of(event: HistoryEvent) -> Subject:
    """The subject of what a card does: the card, or the person where no card is named."""
    return ("card", event.card) if event.card else ("person", event.person or "")
