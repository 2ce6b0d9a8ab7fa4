"""The life of a month's closing: counted piece by piece, then closed at once."""

from __future__ import annotations

from enum import StrEnum

from card_platform.settlement.ledger.refusals import PeriodIsClosed
from card_platform.vocabulary.life_table import state_after


class ClosingState(StrEnum):
    """Where a closing is."""

    COUNTING = "counting"
    COUNTED = "counted"
    CLOSED = "closed"


class ClosingAction(StrEnum):
    """What may become of it."""

    FINISH = "finish"
    CLOSE = "close"


_S, _A = ClosingState, ClosingAction
LEDGER_CLOSING_LIFE: dict[ClosingState, dict[ClosingAction, ClosingState]] = {
    _S.COUNTING: {_A.FINISH: _S.COUNTED},
    _S.COUNTED: {_A.CLOSE: _S.CLOSED},
    _S.CLOSED: {},
}


def closing_after(state: ClosingState, action: ClosingAction) -> ClosingState:
    """The state after the action. Raises PeriodIsClosed: the table has no such row."""
    return state_after(LEDGER_CLOSING_LIFE, state, action, PeriodIsClosed)
