"""What only the agency decides: freeze and lift (CQ-20b), cancel (CQ-13a), destruction (CQ-13b).

Rules: a freeze stops the card everywhere at once and needs a ground of the regulation; it ends by a
written decision. A cancelled card is never used again; a card that has ended is destroyed once.
"""

from __future__ import annotations

from card_platform.issuance import registers
from card_platform.issuance.lifecycle import ENDED_STATES, CardAction
from card_platform.issuance.model import Card, CardDestroyed
from card_platform.issuance.refusals import (
    CancellationReasonIsRefused,
    CardIsDestroyedAlready,
    CardIsStillInUse,
    FreezeGroundIsRefused,
)
from card_platform.issuance.steps import CardSteps
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock


class AgencyDecisions:
    """Decisions of the card agency of one region."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._policy = policy
        self._steps = CardSteps(policy, clock)

    def freeze(self, tx: Transaction, card_id: str, ground: str, by: str) -> Card:
        """Freeze a card falsely claimed, used by another or stolen.

        Raises:
            FreezeGroundIsRefused: no ground of the regulation.
            CardIsUnknown, CardStateForbids: as the table says.
        """
        allowed = self._policy.issuance.freeze_grounds.codes
        if ground not in allowed:
            raise FreezeGroundIsRefused(ground=ground, allowed=", ".join(allowed))
        card = self._steps.take(tx, card_id, CardAction.FREEZE, by, ground)
        registers.end_loss_reports(tx, card_id, card.state_since)
        registers.add_row(
            tx,
            registers.FREEZES,
            freeze_id=new_identifier("freeze"),
            card_id=card_id,
            ground=ground,
            at=card.state_since,
            by=by,
        )
        return card

    def lift_freeze(self, tx: Transaction, card_id: str, decision: str, by: str) -> Card:
        """Give a frozen card back as it was, after a decision.

        Raises:
            CardIsUnknown, CardStateForbids: as the table says.
        """
        card = self._steps.take(tx, card_id, CardAction.LIFT_FREEZE, by, decision)
        registers.decide_freezes(tx, card_id, decision, card.state_since, by)
        return card

    def cancel(self, tx: Transaction, card_id: str, reason: str, evidence: str, by: str) -> Card:
        """End a card for good.

        Raises:
            CancellationReasonIsRefused: no reason of the regulation.
            CardIsUnknown, CardStateForbids: as the table says.
        """
        allowed = self._policy.issuance.cancellation_reasons.codes
        if reason not in allowed:
            raise CancellationReasonIsRefused(reason=reason, allowed=", ".join(allowed))
        card = self._steps.take(tx, card_id, CardAction.CANCEL, by, reason)
        at = card.state_since
        registers.end_loss_reports(tx, card_id, at)
        registers.decide_freezes(tx, card_id, reason, at, by)
        registers.add_row(
            tx,
            registers.CANCELLATIONS,
            card_id=card_id,
            reason=reason,
            evidence=evidence,
            at=at,
            by=by,
        )
        return card

    def record_destruction(
        self, tx: Transaction, card_id: str, method: str, witness: str, by: str
    ) -> Card:
        """Put the destruction of a card that has ended on record.

        Raises:
            CardIsUnknown: there is no such card.
            CardIsStillInUse: it has not ended.
            CardIsDestroyedAlready: it is on record.
        """
        card = self._steps.card_to_change(tx, card_id)
        if card.state not in ENDED_STATES:
            raise CardIsStillInUse(state=card.state.value)
        if registers.is_destroyed(tx, card_id):
            raise CardIsDestroyedAlready
        at = self._steps.now()
        registers.add_row(
            tx,
            registers.DESTRUCTIONS,
            card_id=card_id,
            method=method,
            witness=witness,
            at=at,
            by=by,
        )
        tx.emit(CardDestroyed(at=at, by=by, card_id=card_id, method=method))
        return card
