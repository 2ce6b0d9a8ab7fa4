"""The lives of a card as tables: state -> action -> state, a small machine each.

Rules (CQ-11a: apply, activate, report loss, restore, renew, cancel; CQ-12b; CQ-20b: freeze):
- What is not in a table is refused, and changes nothing.
- The electronic card has no life of its own here: its state follows from the card's (CQ-2). So do
  the social-security function and the end of the financial one: `STANDING` says how.
- A card the purse of which must not be used is on the transit revocation list.
- Personalising again while in production is a reprint: the chip or the printer failed.
- An oral loss report ends by itself; a formal one stays until the card is restored or replaced.
- A freeze that is lifted gives the card back as it was, a lost one as lost: a frozen state each.
- A card is good to the end of its last day, on the chip and here alike: gates and hospitals read
  that day from the chip, so neither card nor codes may be called good after it (CQ-2). It is
  exchanged as any other (assumption: for one of the new generation, CQ-12b has no other reason).
- Only a card in the holder's hand is exchanged (it is handed in), only a lost one is replaced; the
  old card is superseded in the transaction that opens the new one, so nobody ever has two.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from card_platform.issuance.refusals import CardStateForbids
from card_platform.vocabulary.life_table import Action, State, state_after


class CardState(StrEnum):
    """Where a card is in its life."""

    APPLIED = "applied"
    IN_PRODUCTION = "in_production"
    READY = "ready"
    ACTIVE = "active"
    ORALLY_LOST = "orally_lost"
    LOST = "lost"
    FROZEN = "frozen"
    FROZEN_READY = "frozen_ready"
    FROZEN_LOST = "frozen_lost"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class CardAction(StrEnum):
    """What may happen to a card."""

    PERSONALISE = "personalise"
    REPORT_PRODUCTION = "report_production"
    ACTIVATE = "activate"
    REPORT_LOSS_ORALLY = "report_loss_orally"
    END_ORAL_REPORT = "end_oral_report"
    REPORT_LOSS = "report_loss"
    RESTORE = "restore"
    EXCHANGE = "exchange"
    REPLACE = "replace"
    FREEZE = "freeze"
    LIFT_FREEZE = "lift_freeze"
    EXPIRE = "expire"
    CANCEL = "cancel"


class PinState(StrEnum):
    """What is known of the card's PIN; the PIN itself is on the chip only."""

    INITIAL = "initial"
    SET = "set"
    LOCKED = "locked"


class PinAction(StrEnum):
    """What a counter or kiosk reports of the PIN."""

    CHANGE = "change"
    LOCK = "lock"
    RESET = "reset"


class FunctionState(StrEnum):
    """A function of the card: the social-security or the financial one."""

    CLOSED = "closed"
    OPEN = "open"
    SUSPENDED = "suspended"


class FunctionAction(StrEnum):
    """What happens to a function."""

    OPEN = "open"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"


S, A = CardState, CardAction
LIFECYCLE: dict[CardState, dict[CardAction, CardState]] = {
    S.APPLIED: {A.PERSONALISE: S.IN_PRODUCTION, A.CANCEL: S.CANCELLED},
    S.IN_PRODUCTION: {
        A.PERSONALISE: S.IN_PRODUCTION,
        A.REPORT_PRODUCTION: S.READY,
        A.CANCEL: S.CANCELLED,
    },
    S.READY: {A.ACTIVATE: S.ACTIVE, A.FREEZE: S.FROZEN_READY, A.CANCEL: S.CANCELLED},
    S.ACTIVE: {
        A.REPORT_LOSS_ORALLY: S.ORALLY_LOST,
        A.REPORT_LOSS: S.LOST,
        A.EXCHANGE: S.SUPERSEDED,
        A.FREEZE: S.FROZEN,
        A.EXPIRE: S.EXPIRED,
        A.CANCEL: S.CANCELLED,
    },
    S.ORALLY_LOST: {
        A.END_ORAL_REPORT: S.ACTIVE,
        A.REPORT_LOSS: S.LOST,
        A.RESTORE: S.ACTIVE,
        A.FREEZE: S.FROZEN_LOST,
        A.CANCEL: S.CANCELLED,
    },
    S.LOST: {
        A.RESTORE: S.ACTIVE,
        A.REPLACE: S.SUPERSEDED,
        A.FREEZE: S.FROZEN_LOST,
        A.CANCEL: S.CANCELLED,
    },
    S.FROZEN: {
        A.LIFT_FREEZE: S.ACTIVE,
        A.REPORT_LOSS: S.FROZEN_LOST,
        A.CANCEL: S.CANCELLED,
    },
    S.FROZEN_READY: {A.LIFT_FREEZE: S.READY, A.CANCEL: S.CANCELLED},
    S.FROZEN_LOST: {A.LIFT_FREEZE: S.LOST, A.CANCEL: S.CANCELLED},
    S.EXPIRED: {
        A.EXCHANGE: S.SUPERSEDED,
        A.REPORT_LOSS: S.LOST,
        A.FREEZE: S.FROZEN,
        A.CANCEL: S.CANCELLED,
    },
    S.SUPERSEDED: {},
    S.CANCELLED: {},
}

ELECTRONIC_STATE: dict[CardState, str] = {
    S.APPLIED: "issued",
    S.IN_PRODUCTION: "issued",
    S.READY: "issued",
    S.ACTIVE: "active",
    S.ORALLY_LOST: "suspended",
    S.LOST: "suspended",
    S.FROZEN: "frozen",
    S.FROZEN_READY: "frozen",
    S.FROZEN_LOST: "frozen",
    S.EXPIRED: "suspended",
    S.SUPERSEDED: "cancelled",
    S.CANCELLED: "cancelled",
}

FROZEN_STATES = frozenset({S.FROZEN, S.FROZEN_READY, S.FROZEN_LOST})
ENDED_STATES = frozenset({S.SUPERSEDED, S.CANCELLED})
"""States no card leaves; who has no card but such may apply again (CQ-5a)."""

REVOKED_STATES = frozenset({S.ORALLY_LOST, S.LOST, S.EXPIRED}) | FROZEN_STATES | ENDED_STATES
"""States in which gates must refuse the card."""

P, PA = PinState, PinAction
PIN_LIFE: dict[PinState, dict[PinAction, PinState]] = {
    P.INITIAL: {PA.CHANGE: P.SET, PA.LOCK: P.LOCKED, PA.RESET: P.SET},
    P.SET: {PA.CHANGE: P.SET, PA.LOCK: P.LOCKED, PA.RESET: P.SET},
    P.LOCKED: {PA.RESET: P.SET},
}

F, FA = FunctionState, FunctionAction
SOCIAL_SECURITY_LIFE: dict[FunctionState, dict[FunctionAction, FunctionState]] = {
    F.CLOSED: {FA.OPEN: F.OPEN},
    F.OPEN: {FA.SUSPEND: F.SUSPENDED, FA.CLOSE: F.CLOSED},
    F.SUSPENDED: {FA.RESUME: F.OPEN, FA.CLOSE: F.CLOSED},
}
"""Opened with the card (activation), suspended and closed with it."""
FINANCIAL_LIFE: dict[FunctionState, dict[FunctionAction, FunctionState]] = {
    F.CLOSED: {FA.OPEN: F.OPEN},
    F.OPEN: {FA.SUSPEND: F.SUSPENDED, FA.CLOSE: F.CLOSED},
    F.SUSPENDED: {FA.RESUME: F.OPEN, FA.CLOSE: F.CLOSED},
}
"""Opened and closed by the holder in person only; suspended and closed with the card."""

STANDING: dict[CardState, FunctionState] = {
    state: FunctionState.OPEN
    if state is S.ACTIVE
    else FunctionState.CLOSED
    if state in ENDED_STATES
    else FunctionState.SUSPENDED
    for state in CardState
}
"""What a card's state means for its functions; a function not yet open is not suspended."""


def next_state(state: CardState, action: CardAction) -> CardState:
    """The state after the action.

    Raises:
        CardStateForbids: the table has no such row.
    """
    return next_in(LIFECYCLE, state, action)


def next_in(table: Mapping[State, Mapping[Action, State]], state: State, action: Action) -> State:
    """The state after the action in one of the tables.

    Raises:
        CardStateForbids: the table has no such row.
    """
    return state_after(table, state, action, CardStateForbids)
