"""Events of the audit about risk, and the life of a version of the rules.

Rules:
- A version is switched on only after a back-test on the stored history, by a supervisor.
- One version is in force; the file as delivered is version 1 and is in force until another is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from card_platform.oversight.consent.reads import HolderRead, ReadOf
from card_platform.oversight.risk.stream.refusals import RuleVersionStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class VersionState(StrEnum):
    """Where a version of the rules is."""

    PROPOSED = "proposed"
    TESTED = "tested"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class VersionAction(StrEnum):
    """What may be done with it."""

    TEST = "test"
    SWITCH_ON = "switch_on"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


S, A = VersionState, VersionAction
RULE_VERSION_LIFE: dict[VersionState, dict[VersionAction, VersionState]] = {
    S.PROPOSED: {A.TEST: S.TESTED, A.WITHDRAW: S.WITHDRAWN},
    S.TESTED: {A.TEST: S.TESTED, A.SWITCH_ON: S.IN_FORCE, A.WITHDRAW: S.WITHDRAWN},
    S.IN_FORCE: {A.REPLACE: S.REPLACED},
    S.REPLACED: {A.TEST: S.TESTED},
    S.WITHDRAWN: {},
}


def next_version_state(state: VersionState, action: VersionAction) -> VersionState:
    """The state after the action. Raises RuleVersionStateForbids."""
    return state_after(RULE_VERSION_LIFE, state, action, RuleVersionStateForbids)


class BackTest(msgspec.Struct, frozen=True):
    """What a version finds in the stored history, beside the version in force."""

    events: int
    alerts: dict[str, int]
    alerts_in_force: dict[str, int]
    only_new: list[str]
    """`typology subject` found by this version alone, the first of them."""
    only_in_force: list[str]
    version_in_force: int


class RuleVersion(msgspec.Struct, frozen=True):
    """One version: the numbers it changes of the file, who proposed it and why, its back-test."""

    version: int
    numbers: dict[str, int]
    reason: str
    state: VersionState
    state_since: str
    proposed_by: str
    back_test: BackTest | None = None


class RuleVersionChanged(Event, frozen=True, kw_only=True):
    """A version of the rules took a step."""

    action: ClassVar[str] = "change-risk-rules"
    card_id: None = None
    version: int
    step: str
    after: str

    @property
    def detail(self) -> str:
        """Version, step, state."""
        return f"version {self.version}: {self.step} -> {self.after}"


class RiskEventsTaken(Event, frozen=True, kw_only=True):
    """A batch of events was taken."""

    action: ClassVar[str] = "take-risk-events"
    card_id: None = None
    taken: int
    known: int
    refused: int

    @property
    def detail(self) -> str:
        """The counts."""
        return f"{self.taken} taken, {self.known} known, {self.refused} refused"


class AlertRaised(Event, frozen=True, kw_only=True):
    """Detection raised an alert; the subject is told by the alert, not here."""

    action: ClassVar[str] = "raise-risk-alert"
    alert_id: str
    typology: str
    version: int

    @property
    def detail(self) -> str:
        """Which, of what, by which version of the rules."""
        return f"{self.alert_id}: {self.typology}, rules version {self.version}"


class AlertRead(HolderRead, frozen=True, kw_only=True):
    """Somebody who works on risk read an alert with its events; one of a card it tells of."""

    action: ClassVar[str] = "read-risk-alert"
    alert_id: str

    @property
    def detail(self) -> str:
        """Which alert."""
        return self.alert_id

    @property
    def read(self) -> ReadOf:
        """What the holder sees in the access log; of what form of misuse is told by the case."""
        return ReadOf(
            "查看风险告警 read-risk-alert", "card_use", "oversight", reference=self.alert_id
        )
