"""An e-licence, its life as a table, and its events.

Rules:
- A licence is of a person, named by the identity document it was issued on; no card is needed.
- It is linked to a cardholder at the counter, by that document; unlinked the same way. It stays
  linked when the card is exchanged or replaced.
- It answers while it is in force, its days have come and not gone, and it is linked.
- Only the issuing region changes its state; another region follows by a newer statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from card_platform.oversight.consent import HolderRead, ReadOf
from card_platform.services.licences.refusals import LicenceStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class LicenceKind(StrEnum):
    """What is licensed or certified."""

    DISABILITY = "disability"
    VETERAN = "veteran"
    RESIDENCE = "residence"
    MARRIAGE = "marriage"
    DRIVING = "driving"
    BUSINESS = "business"


LEVELS = {LicenceKind.DISABILITY: range(1, 5), LicenceKind.VETERAN: range(11)}
"""Degree of disability (GB/T 26341), grade of a veteran disabled in service (0: none). Licences of
these kinds have a level and can be written on a card; the others have none and cannot.
"""


class LicenceState(StrEnum):
    """Where a licence is."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class LicenceAction(StrEnum):
    """What its issuer may do with it."""

    SUSPEND = "suspend"
    RESUME = "resume"
    WITHDRAW = "withdraw"


S, A = LicenceState, LicenceAction
LICENCE_LIFE: dict[LicenceState, dict[LicenceAction, LicenceState]] = {
    S.IN_FORCE: {A.SUSPEND: S.SUSPENDED, A.WITHDRAW: S.WITHDRAWN},
    S.SUSPENDED: {A.RESUME: S.IN_FORCE, A.WITHDRAW: S.WITHDRAWN},
    S.WITHDRAWN: {},
}


def next_state(state: LicenceState, action: LicenceAction) -> LicenceState:
    """The state after the action. Raises LicenceStateForbids where the table has no such row."""
    return state_after(LICENCE_LIFE, state, action, LicenceStateForbids)


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence.

    Attributes:
        region: GB/T 2260 code of the region that issued it.
        subject: what it says beside its holder: a driving class, a business's name.
        valid_from, valid_until: both days included; `valid_until` None is without end.
        person_id: the cardholder it is linked to.
        stated_at: of an imported licence, when its region stated it; None for one of this region.
    """

    licence_id: str
    kind: LicenceKind
    region: str
    number: str
    issuer: str
    holder_document: str
    holder_name: str
    level: int | None
    subject: str | None
    valid_from: date
    valid_until: date | None
    state: LicenceState
    state_since: str
    person_id: str | None = None
    stated_at: str | None = None

    def silence(self, today: date) -> str | None:
        """Why it does not answer today; None where it does."""
        if self.person_id is None:
            return "licence-not-linked"
        if self.state is not LicenceState.IN_FORCE:
            return f"licence-{self.state.value}"
        if today < self.valid_from:
            return "licence-not-yet-valid"
        if self.valid_until is not None and self.valid_until < today:
            return "licence-expired"
        return None


def best_of(licences: list[Licence], today: date) -> tuple[Licence | None, str | None]:
    """The licence that answers, or the nearest to it and why it is silent."""
    if not licences:
        return None, "licence-not-held"
    told = [(each, each.silence(today)) for each in licences]
    return next((each for each in told if each[1] is None), told[-1])


class LicenceChanged(Event, frozen=True, kw_only=True):
    """A licence was issued, changed, linked, imported or written on a card."""

    action: ClassVar[str] = "change-licence"
    licence_id: str
    kind: str
    step: str
    after: str

    @property
    def detail(self) -> str:
        """Which licence, what; neither its number nor its holder."""
        return f"{self.licence_id} ({self.kind}): {self.step} -> {self.after}"


class LicenceRead(HolderRead, frozen=True, kw_only=True):
    """Somebody asked whether a holder has a licence, or a region had one stated."""

    action: ClassVar[str] = "read-licence"
    kind: str
    told: ReadOf

    @property
    def detail(self) -> str:
        """Who asked for what, and what came of it."""
        found = self.told.refusal or "answered"
        return f"{self.told.institution or self.by}, {self.told.purpose}, {self.kind}: {found}"

    @property
    def read(self) -> ReadOf:
        """What the holder sees."""
        return self.told


class PaperAsked(Event, frozen=True, kw_only=True):
    """A clerk wanted to ask a holder for paper."""

    action: ClassVar[str] = "ask-for-paper"
    request_id: str
    kind: str
    result: str

    @property
    def detail(self) -> str:
        """Which request, for what, what came of it."""
        return f"{self.request_id} ({self.kind}): {self.result}"
