"""PIN, social-security function and financial function of a card: three machines beside its own.

`follow_cards` is an event handler: in the transaction that changes a card's state, it opens,
suspends, resumes or closes the functions as the tables say. A new card has them all closed and the
PIN of the card maker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from card_platform.issuance import registers
from card_platform.issuance.lifecycle import (
    FINANCIAL_LIFE,
    SOCIAL_SECURITY_LIFE,
    STANDING,
    CardState,
    FunctionAction,
    FunctionState,
)
from card_platform.issuance.model import CardApplied, CardStateChanged
from card_platform.issuance.registers import CardFunctions
from card_platform.storage import Event, Transaction


@dataclass(frozen=True, slots=True)
class _Move:
    """What a function does when the card's state asks it to stand so."""

    from_state: FunctionState
    action: FunctionAction


_F, _A = FunctionState, FunctionAction
_FOLLOWING: dict[FunctionState, tuple[_Move, ...]] = {
    _F.OPEN: (_Move(_F.SUSPENDED, _A.RESUME),),
    _F.SUSPENDED: (_Move(_F.OPEN, _A.SUSPEND),),
    _F.CLOSED: (_Move(_F.OPEN, _A.CLOSE), _Move(_F.SUSPENDED, _A.CLOSE)),
}


def follow_cards(transaction: Transaction, event: Event) -> None:
    """Event handler: the functions follow the card's state."""
    if isinstance(event, CardApplied):
        registers.add_functions(transaction, event.card_id, event.at)
    elif isinstance(event, CardStateChanged):
        held = registers.functions_of(transaction, event.card_id)
        moved = functions_after(held, event.after)
        if moved != held:
            registers.save_functions(transaction, event.card_id, moved, event.at)


def functions_after(held: CardFunctions, state: CardState) -> CardFunctions:
    """The functions of a card that came into a state. Pure."""
    wanted = STANDING[state]
    social_security = held.social_security
    if state is CardState.ACTIVE and social_security is FunctionState.CLOSED:
        social_security = SOCIAL_SECURITY_LIFE[social_security][FunctionAction.OPEN]
    financial = held.financial
    for move in _FOLLOWING[wanted]:
        if social_security is move.from_state:
            social_security = SOCIAL_SECURITY_LIFE[social_security][move.action]
        if financial is move.from_state:
            financial = FINANCIAL_LIFE[financial][move.action]
    return replace(held, social_security=social_security, financial=financial)
