"""The designation of a site as a medical institution or pharmacy: its life as a table.

Rules (NX-9b):
- Insurance is settled at designated sites only, by terminals that stand there.
- A designation is of one site, from a day on, perhaps to a day; a hospital has a level (一级 1,
  二级 2, 三级 3), a pharmacy has none. The department of medical insurance designates, suspends,
  resumes and ends.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from card_platform.services.medical.institutions.refusals import DesignationStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class InstitutionKind(StrEnum):
    """What is designated."""

    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"


class DesignationState(StrEnum):
    """Where a designation is."""

    DESIGNATED = "designated"
    SUSPENDED = "suspended"
    ENDED = "ended"


class DesignationAction(StrEnum):
    """What may be done with a designation."""

    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


_S, _A = DesignationState, DesignationAction
DESIGNATION_LIFE: dict[DesignationState, dict[DesignationAction, DesignationState]] = {
    _S.DESIGNATED: {_A.SUSPEND: _S.SUSPENDED, _A.END: _S.ENDED},
    _S.SUSPENDED: {_A.RESUME: _S.DESIGNATED, _A.END: _S.ENDED},
    _S.ENDED: {},
}


def next_state(state: DesignationState, action: DesignationAction) -> DesignationState:
    """The state after the action. Raises DesignationStateForbids: the table has no such row."""
    return state_after(DESIGNATION_LIFE, state, action, DesignationStateForbids)


class Designation(msgspec.Struct, frozen=True):
    """A designated site; `until` is the last day, None while it has no end."""

    designation_id: str
    site_id: str
    name_zh: str
    kind: InstitutionKind
    level: int | None
    state: DesignationState
    from_day: str
    until: str | None
    at: str
    by: str


class DesignationChanged(Event, frozen=True, kw_only=True):
    """A site was designated, or its designation suspended, resumed or ended."""

    action: ClassVar[str] = "change-designation"
    card_id: None = None
    designation_id: str
    site_id: str
    step: str

    @property
    def detail(self) -> str:
        """The step and the site."""
        return f"{self.step} {self.site_id}"
