"""A filing for treatment elsewhere: its kind, its region, its days, its life as a table.

Rules (YD-13):
- The holder files: on line, or at a site with a document. Three kinds, as the region's pack has
  them: long-term residence (no end needed), referral (with the referral's number), temporary.
- It holds from its first to its last day, in the region it names. It is not dated back.
- Of several that hold at once, the one by which the fund pays most counts.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from card_platform.regions.medical_policy import ElsewhereKind
from card_platform.services.medical.filings.refusals import FilingStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class FilingState(StrEnum):
    """Where a filing is."""

    FILED = "filed"
    WITHDRAWN = "withdrawn"


class FilingAction(StrEnum):
    """What may be done with a filing."""

    WITHDRAW = "withdraw"


_S, _A = FilingState, FilingAction
FILING_LIFE: dict[FilingState, dict[FilingAction, FilingState]] = {
    _S.FILED: {_A.WITHDRAW: _S.WITHDRAWN},
    _S.WITHDRAWN: {},
}


def next_state(state: FilingState, action: FilingAction) -> FilingState:
    """The state after the action. Raises FilingStateForbids: the table has no such row."""
    return state_after(FILING_LIFE, state, action, FilingStateForbids)


class MedicalFiling(msgspec.Struct, frozen=True):
    """A filing; `until` is its last day, None while it has no end."""

    filing_id: str
    card_id: str
    person_id: str
    kind: ElsewhereKind
    region: str
    from_day: str
    until: str | None
    referral: str | None
    state: FilingState
    at: str
    by: str


class MedicalFilingChanged(Event, frozen=True, kw_only=True):
    """A holder filed for treatment elsewhere, or took that back."""

    action: ClassVar[str] = "change-medical-filing"
    filing_id: str
    kind: str
    region: str
    step: str

    @property
    def detail(self) -> str:
        """Step, kind, region."""
        return f"{self.step} {self.kind} in {self.region}: {self.filing_id}"
