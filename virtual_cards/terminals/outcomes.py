"""What a terminal decides about a purse: a value, never an exception.

Rules: the reasons are those of docs/interfaces.md, section 4; each outcome carries what the
platform is told, so that it can be sent later and again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from virtual_cards.terminals.reports import Purchase, PurchaseReceipt, Refusal, Tap, TapReceipt

RefusalReason = Literal[
    "card-on-revocation-list",
    "insufficient-balance",
    "card-expired",
    "missing-exit",
    "missing-entry",
    "card-not-genuine",
    "revocation-list-too-old",
]


class Direction(Enum):
    """What a tap is: through a gate one way or the other, aboard a bus, or the end of a ride whose
    exit or entry is missing.
    """

    ENTRY = "entry"
    EXIT = "exit"
    SINGLE = "single"
    ADJUSTMENT = "adjustment"
    MISSING_ENTRY = "missing-entry"


@dataclass(frozen=True, slots=True)
class Admitted:
    """The card passed; `tap` is what the platform is told, `receipt` what it answered.

    `card_duration_s` is the time from the first command to the last answer of card and PSAM.
    `recovered` says that the card had left before its answer came, and gave it when it was back.
    """

    direction: Direction
    tap: Tap
    card_duration_s: float
    recovered: bool = False
    receipt: TapReceipt | None = None


@dataclass(frozen=True, slots=True)
class Sold:
    """The card paid for a purchase; as `Admitted`."""

    purchase: Purchase
    card_duration_s: float
    recovered: bool = False
    receipt: PurchaseReceipt | None = None


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """The card was not served; `refusal` is what the platform is told."""

    reason: RefusalReason
    refusal: Refusal
    refusal_id: str | None = None
