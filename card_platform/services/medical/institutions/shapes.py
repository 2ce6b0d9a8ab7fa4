"""Request and answer shapes of designations."""

from __future__ import annotations

from datetime import date

import msgspec

from card_platform.regions.catalogue.shapes import Short
from card_platform.regions.medical_policy import Level
from card_platform.services.medical.institutions.model import (
    Designation,
    DesignationAction,
    InstitutionKind,
)
from card_platform.web.request_body import RequestBody


class DesignationBody(RequestBody, frozen=True):
    """A site to designate; a hospital has a level."""

    site_id: Short
    kind: InstitutionKind
    from_day: date
    level: Level | None = None
    until: date | None = None


class DesignationStep(RequestBody, frozen=True):
    """What becomes of it, and why."""

    action: DesignationAction
    reason: Short


class DesignationAnswer(msgspec.Struct, frozen=True):
    """A designation."""

    designation_id: str
    site_id: str
    name_zh: str
    kind: str
    level: int | None
    state: str
    from_day: str
    until: str | None


class DesignationsAnswer(msgspec.Struct, frozen=True):
    """A page of designations that have not ended."""

    designations: list[DesignationAnswer]
    next: str | None


def designation_answer(designation: Designation) -> DesignationAnswer:
    """A designation as it is told."""
    return DesignationAnswer(
        designation.designation_id,
        designation.site_id,
        designation.name_zh,
        designation.kind.value,
        designation.level,
        designation.state.value,
        designation.from_day,
        designation.until,
    )
