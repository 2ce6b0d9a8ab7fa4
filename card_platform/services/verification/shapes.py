"""Request and answer shapes of verifications."""

from __future__ import annotations

from typing import Annotated

import msgspec

from card_platform.services.verification.means import CARD
from card_platform.services.verification.model import CardProof
from card_platform.vocabulary.card_text import HistoricalBytesText
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.web.request_body import RequestBody, RequestIsMalformed

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]


class ProofBody(RequestBody, frozen=True):
    """The card's answer to INTERNAL AUTHENTICATE over process and original of the challenge."""

    challenge_id: Short
    historical_bytes: HistoricalBytesText
    internal_auth: Annotated[str, exactly(r"[0-9A-Fa-f]{16}")]

    def read(self) -> CardProof:
        """The same as bytes."""
        return CardProof(
            self.challenge_id, self.historical_bytes.upper(), bytes.fromhex(self.internal_auth)
        )


class VerificationBody(RequestBody, frozen=True):
    """Who is to be verified for what, where.

    `means` is `card`, `electronic-card` or another the platform knows; `token` is the card number,
    the electronic card's id or the code; `name` is that of the person, where what is shown has it.
    With a card, `historical_bytes` says which chip was authenticated: a number that is not that
    chip's is refused.
    """

    activity: Short
    place: Short
    means: Short
    token: Token
    name: Short | None = None
    proof: ProofBody | None = None
    historical_bytes: HistoricalBytesText | None = None

    def require_chip_of_card(self) -> None:
        """Only a card has a chip. Raises `RequestIsMalformed`."""
        if self.historical_bytes is not None and self.means != CARD:
            raise RequestIsMalformed([Fault("historical_bytes", self.means, "means card")])


class NeededDocument(msgspec.Struct, frozen=True):
    """The document law asks for, and the law."""

    document_zh: str
    document_en: str
    law: str


class VerificationAnswer(msgspec.Struct, frozen=True):
    """What was found.

    `needed` is told where law reserves the activity to another document; `card_number` and
    `subject` (whom a platform signs in) only where the identity is verified.
    """

    verification_id: str
    result: str
    reason: str | None
    needed: NeededDocument | None
    card_number: str | None
    subject: str | None


class ChallengeRequest(RequestBody, frozen=True):
    """Nothing to say."""


class ChallengeAnswer(msgspec.Struct, frozen=True):
    """What the card must answer, once, before the moment."""

    challenge_id: str
    process: str
    original: str
    ends_at: str


class ActivityAnswer(msgspec.Struct, frozen=True):
    """An activity: where `needed` is told, the card does not serve for it."""

    code: str
    name_zh: str
    name_en: str
    source: str
    needed: NeededDocument | None


class ActivitiesAnswer(msgspec.Struct, frozen=True):
    """The activities of a region."""

    activities: list[ActivityAnswer]
