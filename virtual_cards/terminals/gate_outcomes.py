"""What a gate decides: a value, never an exception.

Rules: the reasons are those of docs/interfaces.md, section 4; each outcome carries what the
platform is told, so that it can be sent later and again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from virtual_cards.terminals.messages import Refusal, Tap, TapReceipt

RefusalReason = Literal[
    "card-on-revocation-list",
    "insufficient-balance",
    "card-expired",
    "missing-exit",
    "missing-entry",
    "card-not-genuine",
]


class Direction(Enum):
    """Which way through the gate."""

    ENTRY = "entry"
    EXIT = "exit"


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
class TurnedAway:
    """The card did not pass; `refusal` is what the platform is told."""

    direction: Direction
    reason: RefusalReason
    refusal: Refusal
    refusal_id: str | None = None
