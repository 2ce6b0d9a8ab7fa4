"""Where the function of one holder is, from the platform's book to the chip, as a table.

- Moving a holder binds the function to a card; from then on it works on line (`service`).
- A counter asks for the command that writes it on the chip. Until the card's answer is reported
  nobody knows whether it is there: an answer other than success leaves the function where it was.
- A function that ends goes off the chip the same way; one that was never given to a chip ends at
  once. After that, or when the card never comes back, the holder may move to another card.
- A function that stands follows its holder to the card that comes in the place of the old one: it
  is bound to it, and waits to be loaded (`renewed_cards`).
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Literal

from card_platform.regions.schemes.refusals import FunctionStateForbids
from card_platform.vocabulary.life_table import state_after

_NUMBER_ON_CARD_DIGITS = 16


class FunctionState(StrEnum):
    """Where a function is."""

    BOUND = "bound"
    WRITING = "writing"
    ON_CHIP = "on_chip"
    ENDING = "ending"
    ENDED = "ended"


class FunctionAction(StrEnum):
    """What may be done with it."""

    ASK = "ask"
    """A counter asks for the command to the chip."""
    WRITTEN = "written"
    END = "end"
    ERASED = "erased"
    MOVE = "move"
    FOLLOW = "follow"
    """The card that took the place of the old one is handed over."""


S, A = FunctionState, FunctionAction
FUNCTION_LIFE: dict[FunctionState, dict[FunctionAction, FunctionState]] = {
    S.BOUND: {A.ASK: S.WRITING, A.END: S.ENDED, A.FOLLOW: S.BOUND},
    S.WRITING: {
        A.ASK: S.WRITING,
        A.WRITTEN: S.ON_CHIP,
        A.END: S.ENDING,
        A.FOLLOW: S.BOUND,
    },
    S.ON_CHIP: {
        A.ASK: S.ON_CHIP,
        A.WRITTEN: S.ON_CHIP,
        A.END: S.ENDING,
        A.FOLLOW: S.BOUND,
    },
    S.ENDING: {A.ASK: S.ENDING, A.ERASED: S.ENDED, A.MOVE: S.BOUND},
    S.ENDED: {A.MOVE: S.BOUND},
}
STANDING = frozenset({S.BOUND, S.WRITING, S.ON_CHIP})
"""States in which the function works."""
WAITING: dict[FunctionState, Literal["load", "end"]] = {
    S.BOUND: "load",
    S.WRITING: "load",
    S.ENDING: "end",
}
"""What a counter has still to do at the chip, by state."""


def next_function_state(state: FunctionState, action: FunctionAction) -> FunctionState:
    """The state after the action. Raises FunctionStateForbids where the table has no such row."""
    return state_after(FUNCTION_LIFE, state, action, FunctionStateForbids)


def may_move(state: FunctionState | None) -> bool:
    """Whether a holder may move to a card: for the first time, or since the function ended."""
    return state is None or A.MOVE in FUNCTION_LIFE[state]


def number_on_card(scheme_id: str) -> str:
    """The number by which cards and terminals know a scheme: 16 hexadecimal digits, the first of
    SHA-256 over its id (assumption: ours).
    """
    return hashlib.sha256(scheme_id.encode()).hexdigest()[:_NUMBER_ON_CARD_DIGITS].upper()
