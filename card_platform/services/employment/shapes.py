"""Request and answer shapes of employment and insurance matters."""

from __future__ import annotations

from typing import Annotated

import msgspec

from card_platform.services.employment.kinds import TEXT_MAX, Kind
from card_platform.services.employment.model import Matter, MatterAction
from card_platform.services.employment.store import Enrolment
from card_platform.services.identity.shown import Shown
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.web.request_body import RequestBody

FACTS_MAX = 16
FactName = Annotated[str, exactly(r"[a-z][a-z_]{1,31}")]
FactValue = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class MatterBody(Shown, frozen=True, kw_only=True):
    """A matter: its kind, card or code, and the facts the kind asks for.

    `region` is the region of the card, where that is another one.
    """

    kind: Annotated[str, exactly(r"[a-z][a-z-]{2,47}")]
    facts: Annotated[dict[FactName, FactValue], msgspec.Meta(max_length=FACTS_MAX)] = msgspec.field(
        default_factory=dict
    )
    region: Annotated[str, exactly(REGION_PATTERN)] | None = None


class StepBody(RequestBody, frozen=True):
    """A step, with what the holder is told or has brought."""

    action: MatterAction
    text: Words


class InsuranceEnrolmentAnswer(msgspec.Struct, frozen=True):
    """One enrolment in one of the five insurances."""

    insurance: str
    employer: str
    wage_fen: int
    from_day: str
    until_day: str | None


class MatterAnswer(msgspec.Struct, frozen=True):
    """How a matter stands."""

    number: str
    kind: str
    means: str
    card_region: str
    state: str
    state_since: str
    filed_at: str
    due_at: str | None
    overdue_since: str | None
    text: str | None
    enrolments: list[InsuranceEnrolmentAnswer]
    number_there: str | None


class MattersAnswer(msgspec.Struct, frozen=True):
    """A page of matters, in the order of their numbers."""

    matters: list[MatterAnswer]
    next: str | None


class KindAnswer(msgspec.Struct, frozen=True):
    """A kind of business; `days` until it must be decided, 0 at once."""

    code: str
    name_zh: str
    name_en: str
    field: str
    days: int
    is_joint: bool
    facts: list[str]


class KindsAnswer(msgspec.Struct, frozen=True):
    """All kinds, and how many of them are joint."""

    kinds: list[KindAnswer]
    joint: int


class EnrolmentsAnswer(msgspec.Struct, frozen=True):
    """A holder's enrolments, the oldest first."""

    enrolments: list[InsuranceEnrolmentAnswer]


def matter_answer(matter: Matter) -> MatterAnswer:
    """A matter as it is told."""
    told = {
        name: getattr(matter, name)
        for name in MatterAnswer.__struct_fields__
        if name != "enrolments"
    }
    found = (
        msgspec.json.decode(matter.told, type=list[InsuranceEnrolmentAnswer]) if matter.told else []
    )
    return MatterAnswer(**told, enrolments=found)


def enrolment_answer(enrolment: Enrolment) -> InsuranceEnrolmentAnswer:
    """An enrolment as it is told."""
    names = InsuranceEnrolmentAnswer.__struct_fields__
    return InsuranceEnrolmentAnswer(**{name: getattr(enrolment, name) for name in names})


def kind_answer(kind: Kind) -> KindAnswer:
    """A kind as it is told."""
    named = kind.code, kind.name_zh, kind.name_en, kind.field.value, kind.days
    return KindAnswer(*named, kind.is_joint, list(kind.facts))
