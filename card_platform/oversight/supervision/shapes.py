"""Request and answer shapes of inspections, coordination bodies and the oversight report."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar.params import PathParameter

from card_platform.oversight.supervision.model import Control, Level
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.web.request_body import RequestBody

FINDINGS_MAX = 50
FindingNumber = Annotated[int, PathParameter(ge=1, le=FINDINGS_MAX)]
"""The place of a finding in its inspection, from 1."""

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Long = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class CheckRequest(RequestBody, frozen=True):
    """One control and what its check found."""

    control: Control
    result: Literal["passed", "failed"]
    note: Long


class FindingRequest(RequestBody, frozen=True):
    """What must be mended, within how many days."""

    control: Control
    text: Long
    days: Annotated[int, msgspec.Meta(ge=1, le=365)]


class InspectionRequest(RequestBody, frozen=True):
    """One inspection of an institution."""

    institution: Short
    scope: Long
    checks: Annotated[list[CheckRequest], msgspec.Meta(min_length=1, max_length=20)]
    findings: Annotated[list[FindingRequest], msgspec.Meta(max_length=FINDINGS_MAX)]


class Mending(RequestBody, frozen=True):
    """How a finding was mended."""

    text: Long


class FindingAnswer(msgspec.Struct, frozen=True):
    """A finding; `mended_at` is null while it is open."""

    number: int
    control: str
    text: str
    due_at: str
    overdue_since: str | None
    mending: str | None
    mended_at: str | None


class InspectionAnswer(msgspec.Struct, frozen=True):
    """An inspection and its findings."""

    inspection_id: str
    findings: list[FindingAnswer]


class ControlAnswer(msgspec.Struct, frozen=True):
    """A control and its last check."""

    control: str
    last_result: str | None
    last_checked_at: str | None


class InspectionLine(msgspec.Struct, frozen=True):
    """An inspection in the list; `findings_open` are not mended yet."""

    inspection_id: str
    institution: str
    scope: str
    at: str
    by: str
    findings_open: int


class InspectionsAnswer(msgspec.Struct, frozen=True):
    """Inspections, the latest first."""

    inspections: list[InspectionLine]
    next: str | None


class ControlsAnswer(msgspec.Struct, frozen=True):
    """Every control."""

    controls: list[ControlAnswer]


class BodyRequest(RequestBody, frozen=True):
    """A coordination body: departments are its members, no persons."""

    name: Short
    level: Level
    division: Annotated[str, exactly(REGION_PATTERN)]
    members: Annotated[list[Short], msgspec.Meta(min_length=1, max_length=50)]


class ProgressRequest(RequestBody, frozen=True):
    """How far a measure is."""

    period: Annotated[str, exactly(r"[0-9]{4}-(Q[1-4]|[01][0-9])")]
    measure: Short
    percent: Annotated[int, msgspec.Meta(ge=0, le=100)]
    text: Long


class Recorded(msgspec.Struct, frozen=True):
    """What was put on record."""

    id: str


class ProgressAnswer(msgspec.Struct, frozen=True):
    """One report of progress."""

    period: str
    measure: str
    percent: int
    text: str


class BodyAnswer(msgspec.Struct, frozen=True):
    """A body, its members, its progress."""

    body_id: str
    name: str
    level: str
    division: str
    members: list[str]
    progress: list[ProgressAnswer]


class ProgressReport(msgspec.Struct, frozen=True):
    """The bodies of a level."""

    level: str
    bodies: list[BodyAnswer]


class OversightReport(msgspec.Struct, frozen=True):
    """The figures an inspection asks for (YD-23)."""

    at: str
    region: str
    cards_by_state: dict[str, int]
    complaints_by_kind: dict[str, int]
    complaints_by_channel: dict[str, int]
    complaints_by_state: dict[str, int]
    complaints_overdue: int
    cases_by_kind: dict[str, int]
    cases_by_state: dict[str, int]
    inspections: int
    findings: int
    findings_open: int
    findings_overdue: int
    consents: int
    consents_withdrawn: int
    holder_queries_granted: int
    holder_queries_refused: int
    coordination_bodies_by_level: dict[str, int]
    audit_records_sealed: int
