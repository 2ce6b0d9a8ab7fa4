"""What a counter asks of a holder beside the plain identity check: who they are for an activity,
and whether another region's card is good (docs/interfaces.md, section 4).

Rules: `historical_bytes` is the chip the counter authenticated; whoever knows the chips compares
the card's number with it, as the keys prove a chip and not what its files say.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class VerificationRequest(msgspec.Struct, frozen=True):
    """Is the holder of this card who they say, for an activity at a place?"""

    activity: str
    place: str
    token: str
    name: str
    historical_bytes: str
    means: Literal["card"] = "card"


class NeededDocument(msgspec.Struct, frozen=True):
    """The document law asks for instead of the card, and the law."""

    document_zh: str
    document_en: str
    law: str


class Verification(msgspec.Struct, frozen=True):
    """What the platform found; `card_number` and `subject` only where the identity is verified."""

    verification_id: str
    result: Literal["valid", "refused"]
    reason: str | None = None
    needed: NeededDocument | None = None
    card_number: str | None = None
    subject: str | None = None


class ForeignCardRequest(msgspec.Struct, frozen=True):
    """Is this card of another region valid in a field of use?"""

    region: str
    field: str
    card_number: str
    name: str
    purpose: str
    historical_bytes: str


class ForeignCardCheck(msgspec.Struct, frozen=True):
    """What that region says of its card, and the agreement it is served under."""

    result: Literal["valid", "refused"]
    reason: str | None = None
    card_state: str | None = None
    agreement: str | None = None
