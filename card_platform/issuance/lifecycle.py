"""The life of a card as a table: state -> action -> state.

Rules (CQ-11a: apply, activate, report loss, restore, cancel; CQ-20b: freeze):
- What is not in the table is refused, and changes nothing.
- The electronic card has no life of its own here: its state follows from the card's (CQ-2).
- A card the purse of which must not be used is on the transit revocation list.
- Personalising again while in production is a reprint: the chip or the printer failed.
"""

from __future__ import annotations

from enum import StrEnum

from card_platform.issuance.refusals import CardStateForbids


class CardState(StrEnum):
    """Where a card is in its life."""

    APPLIED = "applied"
    IN_PRODUCTION = "in_production"
    READY = "ready"
    ACTIVE = "active"
    LOST = "lost"
    FROZEN = "frozen"
    CANCELLED = "cancelled"


class CardAction(StrEnum):
    """What may happen to a card."""

    PERSONALISE = "personalise"
    REPORT_PRODUCTION = "report_production"
    ACTIVATE = "activate"
    REPORT_LOSS = "report_loss"
    RESTORE = "restore"
    FREEZE = "freeze"
    LIFT_FREEZE = "lift_freeze"
    CANCEL = "cancel"


S, A = CardState, CardAction
LIFECYCLE: dict[CardState, dict[CardAction, CardState]] = {
    S.APPLIED: {A.PERSONALISE: S.IN_PRODUCTION, A.CANCEL: S.CANCELLED},
    S.IN_PRODUCTION: {
        A.PERSONALISE: S.IN_PRODUCTION,
        A.REPORT_PRODUCTION: S.READY,
        A.CANCEL: S.CANCELLED,
    },
    S.READY: {A.ACTIVATE: S.ACTIVE, A.CANCEL: S.CANCELLED},
    S.ACTIVE: {A.REPORT_LOSS: S.LOST, A.FREEZE: S.FROZEN, A.CANCEL: S.CANCELLED},
    S.LOST: {A.RESTORE: S.ACTIVE, A.CANCEL: S.CANCELLED},
    S.FROZEN: {A.LIFT_FREEZE: S.ACTIVE, A.CANCEL: S.CANCELLED},
    S.CANCELLED: {},
}

ELECTRONIC_STATE: dict[CardState, str] = {
    S.APPLIED: "issued",
    S.IN_PRODUCTION: "issued",
    S.READY: "issued",
    S.ACTIVE: "active",
    S.LOST: "suspended",
    S.FROZEN: "frozen",
    S.CANCELLED: "cancelled",
}

REVOKED_STATES = frozenset({S.LOST, S.FROZEN, S.CANCELLED})
"""States in which gates must refuse the card."""


def next_state(state: CardState, action: CardAction) -> CardState:
    """The state after the action.

    Raises:
        CardStateForbids: the table has no such row.
    """
    allowed = LIFECYCLE[state]
    if action not in allowed:
        raise CardStateForbids(
            state=state.value,
            action=action.value,
            allowed=", ".join(sorted(each.value for each in allowed)) or "-",
        )
    return allowed[action]
