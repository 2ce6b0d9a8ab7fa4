"""Identity checks and card authentications, and their events.

A check is made by card (number and holder's name, as read from it, and the chip that was
authenticated) or by code: the same verdict.

Rules: a check says valid or refused and why; it tells nothing of a card whose holder's name the
caller does not know. The keys prove a chip, not what its files say: where the caller names the
chip, the number must be the one the register has for it (CQ-24d, NM-23c). Every check and every
authentication is on record (CQ-19).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from card_platform.issuance.ecards.model import Finding
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.model import CardOfNumber
from card_platform.storage import Event
from card_platform.vocabulary.masking import masked

BY_CARD: Final = "card"
NUMBER_IS_NOT_THE_CHIPS: Final = "card-number-is-not-the-chips"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `reason` is None for a valid card."""

    result: str
    reason: str | None
    card_state: str | None


def judge(card: CardOfNumber | None, name: str, chip: str | None = None) -> Verdict:
    """The verdict on a card shown by somebody of that name.

    Args:
        card: what the register has for the number that was read; None where there is no such.
        name: the holder's, as read from the card.
        chip: the historical bytes of the authenticated chip, upper-case; None where the caller
            authenticated none.
    """
    if card is None:
        return Verdict("refused", "card-unknown", None)
    if chip is not None and card.historical_bytes != chip:
        return Verdict("refused", NUMBER_IS_NOT_THE_CHIPS, None)
    if card.holder_name != name:
        return Verdict("refused", "name-differs", None)
    if card.state is not CardState.ACTIVE:
        return Verdict("refused", "card-is-not-active", card.state.value)
    return Verdict("valid", None, card.state.value)


def judge_code(finding: Finding) -> Verdict:
    """The verdict on a code: that on its card, where the code itself is good."""
    state = finding.holder.card_state.value if finding.holder is not None else None
    if finding.reason is not None:
        return Verdict("refused", finding.reason, state)
    return Verdict("valid", None, state)


class IdentityChecked(Event, frozen=True, kw_only=True):
    """Somebody's identity was checked.

    Attributes:
        name: the holder's; a dash where a code is nobody's.
        carrier: what was shown: a card, a kind of code, or `code` for one that is unknown.
        chip: the historical bytes of the chip that was authenticated, where the caller named it.
    """

    action: ClassVar[str] = "check-identity"
    purpose: str
    name: str
    verdict: Verdict
    carrier: str = BY_CARD
    chip: str | None = None

    @property
    def detail(self) -> str:
        """Purpose, masked name, verdict; the chip where the number shown is not its own, and the
        code whose holder was told.
        """
        found = self.verdict.reason or self.verdict.result
        told = f"{self.purpose}, {masked(self.name)}: {found}"
        if found == NUMBER_IS_NOT_THE_CHIPS:
            return f"{told}, chip {self.chip}"
        if self.carrier != BY_CARD and self.verdict.reason is None:
            return f"{told}, told whose {self.carrier}"
        return told


class CardAuthenticated(Event, frozen=True, kw_only=True):
    """The values that open a card for reading were given out."""

    action: ClassVar[str] = "authenticate-card"
    historical_bytes: str

    @property
    def detail(self) -> str:
        """The chip."""
        return f"chip {self.historical_bytes}"
