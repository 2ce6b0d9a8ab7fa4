"""The life of a signing as a table: a phone that may ask for codes.

Rules: it follows the card in the same transaction (CQ-2, CQ-13b): a card that is not active
suspends it, one that has ended ends it. A new signing of the card ends the one before it; who gets
a new card signs anew (assumption: one valid signing a person, as the national electronic card).
"""

from __future__ import annotations

from enum import StrEnum

from card_platform.issuance.lifecycle import ENDED_STATES, CardState


class SigningState(StrEnum):
    """Where a signing stands."""

    VALID = "valid"
    SUSPENDED = "suspended"
    ENDED = "ended"


class SigningAction(StrEnum):
    """What happens to it."""

    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


S, A = SigningState, SigningAction
SIGNING_LIFE: dict[SigningState, dict[SigningAction, SigningState]] = {
    S.VALID: {A.SUSPEND: S.SUSPENDED, A.END: S.ENDED},
    S.SUSPENDED: {A.RESUME: S.VALID, A.END: S.ENDED},
    S.ENDED: {},
}

SIGNING_ASKED: dict[CardState, SigningAction] = {
    state: A.RESUME if state is CardState.ACTIVE else A.END if state in ENDED_STATES else A.SUSPEND
    for state in CardState
}
"""What a card's new state asks of the signing; where the table has no such row, nothing."""


def signing_after(state: SigningState, card: CardState) -> SigningState:
    """Where a signing stands after its card came into a state."""
    return SIGNING_LIFE[state].get(SIGNING_ASKED[card], state)
