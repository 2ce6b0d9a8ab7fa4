"""What a verification of identity finds, and its events.

Rules:
- Every verification is on record, granted or refused, and the holder sees it as a read.
- A name that differs from the holder's is told nothing of the card; the holder sees the attempt.
- A card's number must be that of the chip that was authenticated, where the caller names the chip
  (CQ-24d, NM-23c).
- A remote activity by card needs the card's own answer to a challenge: a number anybody can type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from card_platform.issuance.lifecycle import CardState
from card_platform.oversight.consent import HolderRead, ReadOf
from card_platform.services.identity.model import NUMBER_IS_NOT_THE_CHIPS


class Shown(NamedTuple):
    """What a person shows: `token` is a card number, an electronic card's id or a code.

    `name` is None where what is shown carries none; `by` and `activity` bind a code to its use.
    """

    token: str
    name: str | None
    activity: str
    by: str


class FoundHolder(NamedTuple):
    """Whose card it is; `chip` is the historical bytes of its chip."""

    card_id: str
    card_number: str
    chip: str
    state: CardState
    person_id: str
    name: str


@dataclass(frozen=True, slots=True)
class CardProof:
    """What the card answered to INTERNAL AUTHENTICATE over a challenge of the platform."""

    challenge_id: str
    historical_bytes: str
    internal_auth: bytes


@dataclass(frozen=True, slots=True)
class Challenge:
    """Process factor and original data, 8 bytes each, usable once before it ends."""

    challenge_id: str
    process: bytes
    original: bytes
    ends_at: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is None where the identity is verified; `holder` is whose card was shown."""

    reason: str | None
    holder: FoundHolder | None = None

    @property
    def result(self) -> str:
        """In one word."""
        return "refused" if self.reason else "valid"


def judge_holder(found: FoundHolder | str, name: str | None, chip: str | None = None) -> Verdict:
    """The verdict on a holder, or on why none was found.

    `chip` is the historical bytes, upper-case, of the chip the caller authenticated, if any.
    """
    if isinstance(found, str):
        return Verdict(found)
    if chip is not None and chip != found.chip:
        return Verdict(NUMBER_IS_NOT_THE_CHIPS, found)
    if name is not None and name != found.name:
        return Verdict("name-differs", found)
    if found.state is not CardState.ACTIVE:
        return Verdict("card-is-not-active", found)
    return Verdict(None, found)


class IdentityVerified(HolderRead, frozen=True, kw_only=True):
    """Somebody's identity was verified, or not; `chip` as the caller named it."""

    action: ClassVar[str] = "verify-identity"
    verification_id: str
    activity: str
    place: str
    means: str
    reason: str | None
    chip: str | None = None

    @property
    def detail(self) -> str:
        """Activity, place, means, what was found; the chip where the number is not its own."""
        found = self.reason or "valid"
        told = f"{self.activity} at {self.place} by {self.means}: {found}"
        return f"{told}, chip {self.chip}" if found == NUMBER_IS_NOT_THE_CHIPS else told

    @property
    def read(self) -> ReadOf:
        """What the holder sees."""
        return ReadOf(
            self.activity,
            "name card_state",
            "holder",
            institution=self.place,
            reference=self.verification_id,
            refusal=self.reason,
        )
