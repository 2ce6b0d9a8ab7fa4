"""Signings, codes, what a check found, and their events.

Rules: a code is made by the platform for one signing, one purpose and a short life. What a check
finds is a value with a reason, never an exception: the same reasons a card has, and those only a
code can have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from card_platform.issuance.ecards.code_text import CodeKind
from card_platform.issuance.ecards.signing_life import SigningState
from card_platform.issuance.lifecycle import CardState
from card_platform.regions.electronic_card_policy import CodePurpose, SigningLevel
from card_platform.storage import Event

LEVELS = (SigningLevel.REAL_NAME, SigningLevel.REAL_PERSON)
"""From the lowest to the highest."""


@dataclass(frozen=True, slots=True)
class Signing:
    """A phone that may ask for codes of one card.

    Attributes:
        public_key: of the phone, SM2, X || Y, 64 bytes in hex.
        device: what the holder calls it.
    """

    signing_id: str
    card_id: str
    level: SigningLevel
    state: SigningState
    state_since: str
    public_key: str
    device: str
    at: str
    by: str

    def reaches(self, level: SigningLevel) -> bool:
        """Whether it is of that level or a higher one."""
        return LEVELS.index(self.level) >= LEVELS.index(level)


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """What a phone asks for, as it signed it; `at` is the phone's own time."""

    signing_id: str
    kind: CodeKind
    purpose: CodePurpose
    at: str
    nonce: str

    def signed(self) -> bytes:
        """What the phone signs: lines joined by LF (docs/interfaces.md, section 7)."""
        lines = ("onecard-code-request/1", self.signing_id, self.kind, self.purpose, self.at)
        return "\n".join((*lines, self.nonce)).encode("utf-8")


def signing_proof(card_number: str, level: SigningLevel, public_key: str) -> bytes:
    """What a phone signs to prove its key when it enrols."""
    return "\n".join(("onecard-signing/1", card_number, level, public_key.upper())).encode("ascii")


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code on record; moments as stored, the text only as its SHA-256."""

    code_number: str
    signing_id: str
    card_id: str
    kind: CodeKind
    purpose: CodePurpose
    nonce: str
    digest: str
    issued_at: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class CodeHolder:
    """Whose code it is: what a terminal would read from the card."""

    card_id: str
    card_number: str
    card_state: CardState
    region: str
    valid_until: str
    name: str
    document_number: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of a code found; `reason` is None for a good one.

    `code` and `holder` are there where the platform knows the code, good or not.
    """

    reason: str | None
    code: IssuedCode | None = None
    holder: CodeHolder | None = None


class ElectronicCardSigned(Event, frozen=True, kw_only=True):
    """A phone was signed for an electronic card."""

    action: ClassVar[str] = "sign-electronic-card"
    card_id: str
    level: str

    @property
    def detail(self) -> str:
        """How sure."""
        return self.level


class SigningChanged(Event, frozen=True, kw_only=True):
    """A signing was suspended, resumed or ended."""

    action: ClassVar[str] = "change-signing"
    card_id: str
    after: SigningState

    @property
    def detail(self) -> str:
        """Where it stands now."""
        return self.after.value


class CodeIssued(Event, frozen=True, kw_only=True):
    """A phone got a code."""

    action: ClassVar[str] = "issue-code"
    card_id: str
    kind: CodeKind
    purpose: CodePurpose

    @property
    def detail(self) -> str:
        """Which kind, what for; never the code."""
        return f"{self.kind.value}, {self.purpose.value}"


class CodeUseReported(Event, frozen=True, kw_only=True):
    """A terminal told of a code it took without a line."""

    action: ClassVar[str] = "report-code-use"
    finding: str
    code_number: str | None = None

    @property
    def detail(self) -> str:
        """What the platform found."""
        return self.finding
