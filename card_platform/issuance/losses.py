"""Loss reports (CQ-11a): oral, formal, taken back, and the oral one that ends by itself.

Rules: an oral report needs no document and holds for the days of the region; then the card is
active again, if the holder neither confirmed it formally nor took it back. A formal one stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from card_platform.issuance import registers
from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.lifecycle import CardAction, CardState
from card_platform.issuance.model import Card
from card_platform.issuance.steps import CardSteps
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of

LossKind = Literal["oral", "formal"]
BY_THE_CLOCK = "clock"
"""Who did what fell due by itself."""
ENDED_AT_ONCE_MAX = 100
"""Oral reports that end in one transaction."""


class Losses:
    """Loss reports of one region's cards."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock
        self._steps = CardSteps(policy, clock)

    def report(self, tx: Transaction, card_id: str, kind: LossKind, by: str) -> Card:
        """Stop a card the holder has lost, everywhere at once.

        Raises:
            CardIsUnknown, CardStateForbids: as the table says.
        """
        action = CardAction.REPORT_LOSS if kind == "formal" else CardAction.REPORT_LOSS_ORALLY
        card = self._steps.take(tx, card_id, action, by)
        now = self._clock.now()
        days = self._policy.issuance.oral_loss_report.on(now.date())
        registers.end_loss_reports(tx, card_id, card.state_since)
        registers.add_row(
            tx,
            registers.LOSS_REPORTS,
            report_id=new_identifier("loss"),
            card_id=card_id,
            kind=kind,
            at=card.state_since,
            by=by,
            ends_at=moment_of(now + timedelta(days=days)) if kind == "oral" else None,
        )
        return card

    def restore(
        self, tx: Transaction, card_id: str, document: IdentityDocument, reason: str, by: str
    ) -> Card:
        """Take a loss report back for the holder who found the card.

        Raises:
            IdentityDocumentIsInvalid, DocumentIsNotTheHolders: of the document shown.
        """
        card = self._steps.take(tx, card_id, CardAction.RESTORE, by, reason)
        self._steps.require_holder(tx, card, document)
        registers.end_loss_reports(tx, card_id, card.state_since)
        return card

    def end_oral_reports(self, tx: Transaction, now: datetime) -> bool:
        """Due work: oral reports that are over end; a card that went on to be frozen, renewed or
        cancelled stays what it is. Whether there are more.
        """
        over = registers.cards_with_ended_oral_reports(tx, moment_of(now), ENDED_AT_ONCE_MAX)
        for card_id in over:
            card = self._steps.card_to_change(tx, card_id)
            if card.state is CardState.ORALLY_LOST:
                self._steps.take(tx, card_id, CardAction.END_ORAL_REPORT, BY_THE_CLOCK)
            registers.end_loss_reports(tx, card_id, moment_of(now))
        return len(over) == ENDED_AT_ONCE_MAX
