"""The last day of a card: after it the card is expired, by the clock (due work).

Rules: only an active card expires; one that is lost or frozen does when it is active again. Gates
and hospital desks refuse the chip after that day by themselves; from the same day on so do identity
checks, codes and the functions of the card, since the step is one of the life-cycle table.
"""

from __future__ import annotations

from datetime import datetime

from card_platform.issuance import store
from card_platform.issuance.lifecycle import CardAction
from card_platform.issuance.losses import BY_THE_CLOCK
from card_platform.issuance.steps import CardSteps
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock

EXPIRED_AT_ONCE_MAX = 100
"""Cards of one transaction."""


class Validity:
    """The last days of one region's cards."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._steps = CardSteps(policy, clock)

    def expire(self, tx: Transaction, now: datetime) -> bool:
        """Due work: cards whose last day is over; whether there are more."""
        over = store.active_cards_past(tx, now.date(), EXPIRED_AT_ONCE_MAX)
        for card_id in over:
            self._steps.take(tx, card_id, CardAction.EXPIRE, BY_THE_CLOCK)
        return len(over) == EXPIRED_AT_ONCE_MAX
