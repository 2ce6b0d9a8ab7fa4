"""Answering as the region that insures: who may be treated elsewhere, previews, settlements.

Rules: the regions agreed on medicine (NM-11, CQ-7c); the card is active and the holder's; the
holder is insured and has filed for the region of treatment (YD-13), or the answer says how to file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from card_platform.errors import Refusal
from card_platform.exchange.medical import store
from card_platform.exchange.medical.model import (
    ELIGIBILITY,
    FIELD,
    PREVIEW,
    PURPOSE,
    Eligibility,
    PatientQuestion,
    ReversalDone,
    ReversalOrder,
    SettledFigures,
    SettlementOrder,
    figures_of,
    reference_of,
)
from card_platform.exchange.medical.refusals import (
    DayIsCleared,
    SettlementDayIsOut,
    SettlementIsUnknown,
)
from card_platform.exchange.model import Participant, ParticipantKind, Subject
from card_platform.exchange.refusals import NoAgreementCovers
from card_platform.issuance.store import find_holder
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.regions import Agreement, RegionPolicy
from card_platform.regions.agreement import find_coverage
from card_platform.services.identity.model import judge
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.medical.benefits.model import Bill
from card_platform.services.medical.benefits.service import Benefits
from card_platform.services.medical.filings.refusals import TreatmentElsewhereIsNotFiled
from card_platform.services.medical.filings.service import Filings
from card_platform.services.verification.model import FoundHolder
from card_platform.services.verification.store import find_by_number
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock

DAYS_APART_MAX = 31
"""How far the day of a settlement may lie from this platform's: messages may wait."""
_REGIONS = frozenset({ParticipantKind.REGION})
_PURPOSES = frozenset({PURPOSE})


class InsuredElsewhere:
    """This region's holders, treated in another."""

    def __init__(
        self,
        policy: RegionPolicy,
        agreements: Sequence[Agreement],
        benefits: Benefits,
        filings: Filings,
        clock: Clock,
    ) -> None:
        self._own = policy.region.code
        self._rules = policy.medical
        self._agreements = tuple(agreements)
        self._benefits = benefits
        self._filings = filings
        self._clock = clock

    def queries(self) -> tuple[Subject, ...]:
        """What is asked and changes nothing."""
        return (
            Subject(
                ELIGIBILITY, "query", _PURPOSES, _REGIONS, PatientQuestion, self._may_be_treated
            ),
            Subject(PREVIEW, "query", _PURPOSES, _REGIONS, SettlementOrder, self._preview),
        )

    def settle(
        self, tx: Transaction, sender: Participant, order: SettlementOrder, _purpose: str
    ) -> SettledFigures:
        """Settle for a region that treated: the message `medical-settlement`.

        Raises:
            NoAgreementCovers, SettlementDayIsOut, DayIsCleared, CardRefusal,
            TreatmentElsewhereIsNotFiled, and as `Benefits.settle`.
        """
        self._require_open(tx, sender, order.day)
        card_id, bill = self._bill(tx, sender, order)
        by = REGION_CALLER + sender.participant_id
        return figures_of(self._benefits.settle(tx, card_id, bill, by).shares)

    def reverse(
        self, tx: Transaction, sender: Participant, order: ReversalOrder, _purpose: str
    ) -> ReversalDone:
        """Take a settlement back: the message `medical-reversal`; nobody asks who is insured now.

        Raises:
            SettlementIsUnknown, SettlementStateForbids, SettlementDayIsOut, DayIsCleared.
        """
        self._require_near(order.day)
        self._require_open(tx, sender, order.day)
        region = sender.participant_id
        try:
            reference = reference_of(region, order.reference)
            self._benefits.reverse(tx, reference, order.day, REGION_CALLER + region)
        except LookupError:
            raise SettlementIsUnknown(reference=order.reference) from None
        return ReversalDone(order.day)

    def _may_be_treated(
        self, tx: Transaction, sender: Participant, question: PatientQuestion, _purpose: str
    ) -> Eligibility:
        self._require_agreement(sender.participant_id)
        today = self._clock.now().date().isoformat()
        chip = question.historical_bytes.upper() if question.historical_bytes else None
        try:
            found = self._holder(tx, question.card_number, question.name, chip)
            self._benefits.insurance_of(tx, found.person_id, today)
            self._filings.require(tx, found.person_id, sender.participant_id, today)
        except Refusal as refusal:
            is_unfiled = isinstance(refusal, TreatmentElsewhereIsNotFiled)
            how = (self._rules.how_to_file_zh, self._rules.how_to_file_en) if is_unfiled else ()
            return Eligibility(refusal.code, today, *how)
        return Eligibility(None, today)

    def _preview(
        self, tx: Transaction, sender: Participant, order: SettlementOrder, _purpose: str
    ) -> SettledFigures:
        card_id, bill = self._bill(tx, sender, order)
        return figures_of(self._benefits.preview(tx, card_id, bill))

    def _bill(
        self, tx: Transaction, sender: Participant, order: SettlementOrder
    ) -> tuple[str, Bill]:
        region = sender.participant_id
        self._require_agreement(region)
        self._require_near(order.day)
        found = self._holder(tx, order.card_number, order.name, None)
        filing = self._filings.require(tx, found.person_id, region, order.day)
        reduction = self._filings.reduction(filing.kind, order.day)
        return found.card_id, order.bill(region, reduction)

    def _holder(
        self, tx: Transaction, card_number: str, name: str, chip: str | None
    ) -> FoundHolder:
        reason = judge(find_holder(tx, card_number), name, chip).reason
        found = find_by_number(tx, card_number)
        if reason is not None or found is None:
            raise CARD_REFUSALS[reason or "card-unknown"]
        return found

    def _require_agreement(self, region: str) -> None:
        today = self._clock.now().date()
        covered = find_coverage(
            self._agreements, card_region=self._own, place=region, field=FIELD, day=today
        )
        if not covered.served:
            raise NoAgreementCovers(region=region, field=FIELD)

    def _require_near(self, day: str) -> None:
        today = self._clock.now().date()
        try:
            apart = abs(date.fromisoformat(day) - today)
        except ValueError:
            apart = timedelta.max
        if apart > timedelta(days=DAYS_APART_MAX):
            raise SettlementDayIsOut(day=day, today=today.isoformat())

    def _require_open(self, tx: Transaction, sender: Participant, day: str) -> None:
        if store.find_statement(tx, sender.participant_id, day, "insured") is not None:
            raise DayIsCleared(day=day)
