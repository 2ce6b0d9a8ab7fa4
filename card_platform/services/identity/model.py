"""Identity checks and card authentications, and their events.

A check is made by card (number and holder's name, as read from it) or by code: the same verdict.

Rules: a check says valid or refused and why; it tells nothing of a card whose holder's name the
caller does not know. Every check and every authentication is on record (CQ-19).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from card_platform.issuance.ecards.model import Finding
from card_platform.issuance.lifecycle import CardState
from card_platform.storage import Event
from card_platform.vocabulary.masking import masked


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `reason` is None for a valid card."""

    result: str
    reason: str | None
    card_state: str | None


def judge(holder: tuple[str, CardState, str] | None, name: str) -> Verdict:
    """The verdict on a card (id, state, holder's name) shown by somebody of that name."""
    if holder is None:
        return Verdict("refused", "card-unknown", None)
    _card_id, state, holder_name = holder
    if holder_name != name:
        return Verdict("refused", "name-differs", None)
    if state is not CardState.ACTIVE:
        return Verdict("refused", "card-is-not-active", state.value)
    return Verdict("valid", None, state.value)


def judge_code(finding: Finding) -> Verdict:
    """The verdict on a code: that on its card, where the code itself is good."""
    state = finding.holder.card_state.value if finding.holder is not None else None
    if finding.reason is not None:
        return Verdict("refused", finding.reason, state)
    return Verdict("valid", None, state)


class IdentityChecked(Event, frozen=True, kw_only=True):
    """Somebody's identity was checked by card, electronic card or code."""

    action: ClassVar[str] = "check-identity"
    purpose: str
    name: str
    verdict: Verdict

    @property
    def detail(self) -> str:
        """Purpose, masked name, verdict."""
        found = self.verdict.reason or self.verdict.result
        return f"{self.purpose}, {masked(self.name)}: {found}"


class CardAuthenticated(Event, frozen=True, kw_only=True):
    """The values that open a card for reading were given out."""

    action: ClassVar[str] = "authenticate-card"
    historical_bytes: str

    @property
    def detail(self) -> str:
        """The chip."""
        return f"chip {self.historical_bytes}"
