"""Filing for treatment elsewhere, taking it back, and what holds on a day."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.model import Card
from card_platform.issuance.refusals import IdentityDocumentIsMissing
from card_platform.issuance.steps import CardSteps
from card_platform.oversight.complaints.refusals import RegionIsOwn
from card_platform.regions import RegionPolicy
from card_platform.regions.medical_policy import ElsewhereKind
from card_platform.services.medical.benefits.refusals import (
    DaysAreReversed,
    PatientCardIsNotActive,
)
from card_platform.services.medical.filings import store
from card_platform.services.medical.filings.model import (
    FilingAction,
    FilingState,
    MedicalFiling,
    MedicalFilingChanged,
    next_state,
)
from card_platform.services.medical.filings.refusals import (
    FilingIsBackdated,
    FilingIsTooLong,
    FilingIsUnknown,
    ReferralIsMissing,
    TreatmentElsewhereIsNotFiled,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.region import covers
from card_platform.web.authentication import Caller


class Filings:
    """The filings of one region's holders."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._region = policy.region.code
        self._rules = policy.medical
        self._clock = clock
        self._steps = CardSteps(policy, clock)

    def file(
        self,
        tx: Transaction,
        card_id: str,
        *,
        kind: ElsewhereKind,
        region: str,
        from_day: date,
        until: date | None,
        referral: str | None,
        document: IdentityDocument | None,
        caller: Caller,
    ) -> MedicalFiling:
        """File, in the holder's own session or with the holder's document at a site.

        Raises:
            CardIsUnknown, IdentityDocumentIsMissing, IdentityDocumentIsInvalid,
            DocumentIsNotTheHolders, PatientCardIsNotActive, RegionIsOwn, DaysAreReversed,
            FilingIsBackdated, FilingIsTooLong, ReferralIsMissing.
        """
        card = self._holders_card(tx, card_id, document, caller)
        if card.state is not CardState.ACTIVE:
            raise PatientCardIsNotActive(state=card.state.value)
        if covers(self._region, region):
            raise RegionIsOwn(region=region)
        if kind is ElsewhereKind.REFERRAL and referral is None:
            raise ReferralIsMissing
        last = self._last_day(kind, from_day, until)
        filing = MedicalFiling(
            filing_id=new_identifier("medical-filing"),
            card_id=card.card_id,
            person_id=card.person_id,
            kind=kind,
            region=region,
            from_day=from_day.isoformat(),
            until=last.isoformat() if last else None,
            referral=referral,
            state=FilingState.FILED,
            at=moment_of(self._clock.now()),
            by=caller.name,
        )
        store.add(tx, filing)
        self._record(tx, filing, "file", None, caller.name)
        return filing

    def withdraw(
        self,
        tx: Transaction,
        card_id: str,
        filing_id: str,
        document: IdentityDocument | None,
        caller: Caller,
    ) -> MedicalFiling:
        """Take a filing back: it holds no longer from now on.

        Raises:
            FilingIsUnknown, FilingStateForbids, and those of `file` for card and document.
        """
        self._holders_card(tx, card_id, document, caller)
        found = store.find_to_change(tx, card_id, filing_id)
        if found is None:
            raise FilingIsUnknown
        after = next_state(found.state, FilingAction.WITHDRAW)
        withdrawn = msgspec.structs.replace(found, state=after)
        store.save_state(tx, withdrawn)
        self._record(tx, withdrawn, FilingAction.WITHDRAW.value, found.state, caller.name)
        return withdrawn

    def require(self, tx: Transaction, person_id: str, region: str, day: str) -> MedicalFiling:
        """The filing that holds for treatment in a region on a day, the best for the insured.

        Raises:
            TreatmentElsewhereIsNotFiled: there is none; it says how to file.
        """
        found = [each for each in store.in_force(tx, person_id, day) if covers(each.region, region)]
        if not found:
            raise TreatmentElsewhereIsNotFiled(
                region=region, how_zh=self._rules.how_to_file_zh, how_en=self._rules.how_to_file_en
            )
        return min(found, key=lambda each: self.reduction(each.kind, day))

    def reduction(self, kind: ElsewhereKind, day: str) -> int:
        """Percentage points the fund pays less under a filing of that kind."""
        rule = self._rules.elsewhere_rule(kind)
        return rule.reduction.on_or_first(date.fromisoformat(day))

    def _last_day(self, kind: ElsewhereKind, from_day: date, until: date | None) -> date | None:
        if from_day < self._clock.now().date():
            raise FilingIsBackdated(since=from_day.isoformat())
        if until is not None and until < from_day:
            raise DaysAreReversed(until=until.isoformat(), since=from_day.isoformat())
        rule = self._rules.elsewhere_rule(kind)
        if rule.days_max is None:
            return until
        days = rule.days_max.on_or_first(from_day)
        try:
            latest = from_day + timedelta(days=days - 1)
        except OverflowError:
            latest = date.max
        if until is not None and until > latest:
            raise FilingIsTooLong(kind=kind.value, days=days)
        return until or latest

    def _holders_card(
        self, tx: Transaction, card_id: str, document: IdentityDocument | None, caller: Caller
    ) -> Card:
        """The card, held; from the holder's own session, or with the holder's document."""
        card = self._steps.card_to_change(tx, card_id)
        if caller.card_id != card_id:
            if document is None:
                raise IdentityDocumentIsMissing
            self._steps.require_holder(tx, card, document)
        return card

    def _record(
        self,
        tx: Transaction,
        filing: MedicalFiling,
        step: str,
        before: FilingState | None,
        by: str,
    ) -> None:
        at = moment_of(self._clock.now())
        store.CHANGES.add(
            tx,
            filing.filing_id,
            action=step,
            before=before.value if before else None,
            after=filing.state.value,
            at=at,
            by=by,
        )
        tx.emit(
            MedicalFilingChanged(
                at=at,
                by=by,
                card_id=filing.card_id,
                filing_id=filing.filing_id,
                kind=filing.kind.value,
                region=filing.region,
                step=step,
            )
        )
