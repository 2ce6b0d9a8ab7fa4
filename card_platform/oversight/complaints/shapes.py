"""Request and answer shapes of complaints."""

from __future__ import annotations

from typing import Annotated

import msgspec

from card_platform.oversight.complaints.model import Channel, Complaint, Kind
from card_platform.vocabulary.card_number import CARD_NUMBER_PATTERN
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.web.request_body import RequestBody

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Long = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class Filing(RequestBody, frozen=True):
    """What is filed; `conduct` is a kind of case, for reports."""

    kind: Kind
    channel: Channel
    subject: Short
    content: Long
    card_number: Annotated[str, exactly(CARD_NUMBER_PATTERN)] | None = None
    contact: Short | None = None
    conduct: Short | None = None


class Nothing(RequestBody, frozen=True):
    """A step that needs no words."""


class Answering(RequestBody, frozen=True):
    """The answer."""

    text: Long


class PassingOn(RequestBody, frozen=True):
    """The region it concerns."""

    region: Annotated[str, exactly(REGION_PATTERN)]


class StatusRequest(RequestBody, frozen=True):
    """The secret given at filing; in the body, so that it stands in no log of addresses."""

    secret: Short


class Feedback(RequestBody, frozen=True):
    """Whether the answer will do."""

    secret: Short
    satisfied: bool


class FilingReference(msgspec.Struct, frozen=True):
    """What is kept of a filing's answer."""

    number: str


class FilingAnswer(msgspec.Struct, frozen=True):
    """Number and secret: the filer sees the status with both."""

    number: str
    secret: str
    state: str
    due_at: str
    pass_on_by: str


class ComplaintAnswer(msgspec.Struct, frozen=True):
    """What is told of a complaint, to staff and filer alike."""

    number: str
    kind: str
    channel: str
    subject: str
    state: str
    state_since: str
    filed_at: str
    due_at: str
    overdue_since: str | None
    answer: str | None
    satisfied: bool | None
    passed_to: str | None
    passed_at: str | None
    notice: str | None
    passed_late: bool | None
    conduct: str | None


class ComplaintsAnswer(msgspec.Struct, frozen=True):
    """A page of complaints, in the order of their numbers."""

    complaints: list[ComplaintAnswer]
    next: str | None


class StatisticsAnswer(msgspec.Struct, frozen=True):
    """How many, by kind, channel and state; overdue ever, and still waiting; passed on, and of
    those too late.
    """

    by_kind: dict[str, int]
    by_channel: dict[str, int]
    by_state: dict[str, int]
    overdue: int
    overdue_waiting: int
    passed_on: int
    passed_late: int


def complaint_answer(complaint: Complaint) -> ComplaintAnswer:
    """A complaint as it is told."""
    told = {name: getattr(complaint, name) for name in ComplaintAnswer.__struct_fields__}
    for name in ("satisfied", "passed_late"):
        told[name] = None if told[name] is None else bool(told[name])
    return ComplaintAnswer(**told)
