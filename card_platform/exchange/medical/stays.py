"""Stays in hospitals across regions: nobody lies in two at once, whichever regions they are in.

Rules (YD-13, SC-n):
- The region that insures knows every stay of its holders where direct settlement is agreed on: its
  own, and those other regions tell of, at the admission and at its end.
- Here nobody is admitted who is known to lie elsewhere. A hospital of another region asks before it
  admits; while this region is away it admits, for the patient cannot wait.
- The message of the admission travels in any case. A stay that is then found to be a second one is
  told back, and both regions have it named for correction: the visit there bears the code, the stay
  here the region of the other. The bills of both are held here until a supervisor has decided.
- A notice may come late: until the end of a stay is told it overlaps whatever began since, and the
  bills are held. The notice of its end clears what its days do not overlap; so does a discharge
  here that is put on record after another region told of the stay that followed.
- What became of a held bill is told to the region of the hospital, once, as all messages are.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from card_platform.exchange.medical import stays_store
from card_platform.exchange.medical.known_stays import forget_double, known_stays
from card_platform.exchange.medical.model import FIELD, PURPOSE, reference_of, reference_there
from card_platform.exchange.medical.stays_model import (
    BILL_DECISION,
    STAY,
    STAY_QUESTION,
    BillDecision,
    BillDecisionHeard,
    DoubleStayFound,
    StayAnswer,
    StayElsewhere,
    StayNotice,
    StayQuestion,
)
from card_platform.exchange.model import (
    MessageAnswer,
    Participant,
    ParticipantKind,
    Sent,
    Subject,
)
from card_platform.exchange.refusals import NoAgreementCovers
from card_platform.exchange.road import send
from card_platform.issuance.store import find_card
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.regions import Agreement
from card_platform.regions.agreement import find_coverage
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.medical.care import Care
from card_platform.services.medical.held_bills.model import HeldBill, KnownStay
from card_platform.services.medical.visits import store as visit_store
from card_platform.services.medical.visits.held_bill_news import decision_on
from card_platform.services.medical.visits.model import Visit
from card_platform.services.medical.visits.stays import ADMISSIONS, bear_double_stay
from card_platform.services.verification.model import FoundHolder
from card_platform.services.verification.store import find_by_number
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.moment import Clock, moment_of

_REGIONS = frozenset({ParticipantKind.REGION})
_PURPOSES = frozenset({PURPOSE})


class StayBook:
    """What this region knows of stays elsewhere, and tells of stays here."""

    def __init__(self, own: str, clock: Clock) -> None:
        self._own = own
        self._clock = clock

    def stays_of(self, tx: Transaction, card_id: str) -> list[KnownStay]:
        """All stays of the holder of this card, here and elsewhere."""
        card = find_card(tx, card_id)
        return known_stays(tx, self._own, card.person_id) if card else []

    def forget_double(self, tx: Transaction, cleared: HeldBill) -> None:
        """A stay whose bill was cleared, of another region, is a double one no longer."""
        forget_double(tx, cleared)

    def region_of_stay(self, tx: Transaction, card_id: str) -> str | None:
        """The other region where the holder of this card lies in a hospital."""
        card = find_card(tx, card_id)
        return stays_store.open_in(tx, card.person_id) if card else None

    def tell(self, tx: Transaction, visit: Visit, ended_on: str | None = None) -> None:
        """Tell the region of the holder that a stay began here, or that it has ended."""
        assert visit.admitted_on is not None  # noqa: S101 - a stay
        notice = StayNotice(
            reference=visit.visit_id,
            card_number=visit.card_number,
            admitted_on=visit.admitted_on,
            ended_on=ended_on,
        )
        send(
            tx,
            recipient=visit.region,
            subject=STAY,
            purpose=PURPOSE,
            body=notice,
            at=moment_of(self._clock.now()),
            reference=visit.visit_id,
        )

    def tell_decision(self, tx: Transaction, held: HeldBill) -> None:
        """Tell the region of the hospital what became of a bill that was held here."""
        reference = reference_there(held.region, held.bill)
        decided = BillDecision(
            reference=reference, decision=decision_on(held), other_region=held.other_region
        )
        send(
            tx,
            recipient=held.region,
            subject=BILL_DECISION,
            purpose=PURPOSE,
            body=decided,
            at=moment_of(self._clock.now()),
            reference=held.held_id,
        )


class StaysAcrossRegions:
    """Answers about stays of this region's holders, and learns what others answer."""

    def __init__(self, own: str, agreements: Sequence[Agreement], care: Care, clock: Clock) -> None:
        self._own = own
        self._agreements = tuple(agreements)
        self._visits = care.visits
        self._held_bills = care.held_bills
        self._held_bill_news = care.held_bill_news
        self._clock = clock

    def subjects(self) -> tuple[Subject, ...]:
        """The question before an admission, the notice of it, and what became of a held bill."""
        asked, told = (STAY_QUESTION, "query"), (STAY, "message")
        decided = (BILL_DECISION, "message")
        return (
            Subject(*asked, _PURPOSES, _REGIONS, StayQuestion, self._answer),  # type: ignore[arg-type]
            Subject(*told, _PURPOSES, _REGIONS, StayNotice, self._take, self._learn),  # type: ignore[arg-type]
            Subject(*decided, _PURPOSES, _REGIONS, BillDecision, self._hear, field=FIELD),  # type: ignore[arg-type]
        )

    def _answer(
        self, tx: Transaction, sender: Participant, question: StayQuestion, _purpose: str
    ) -> StayAnswer:
        holder = self._holder(tx, sender, question.card_number)
        return StayAnswer(self._other_stay(tx, holder, sender.participant_id, question.reference))

    def _take(
        self, tx: Transaction, sender: Participant, notice: StayNotice, _purpose: str
    ) -> StayAnswer:
        region = sender.participant_id
        next_number(tx, ADMISSIONS)  # an admission here waits, and sees this stay or its end
        if notice.ended_on is not None:
            stays_store.end(tx, region, notice.reference, notice.ended_on)
            self._look_again(tx, region, notice.reference)
            return StayAnswer(None)
        holder = self._holder(tx, sender, notice.card_number)
        others = self._overlapping(tx, holder, region, notice)
        other = others[0].region if others else None
        at = moment_of(self._clock.now())
        stay = StayElsewhere(
            region=region,
            reference=notice.reference,
            person_id=holder.person_id,
            card_id=holder.card_id,
            admitted_on=notice.admitted_on,
            ended_on=None,
            double_with=other,
            at=at,
        )
        stays_store.add(tx, stay)
        if other is not None:
            told = {"region": region, "reference": notice.reference, "double_with": other}
            by = REGION_CALLER + region
            tx.emit(DoubleStayFound(at=at, by=by, card_id=holder.card_id, **told))
            bill = reference_of(region, notice.reference)
            found = KnownStay(bill, region, notice.admitted_on)
            for each in others:
                self._held_bills.hold(tx, holder.card_id, found, each, by)
        return StayAnswer(other)

    def _hear(
        self, tx: Transaction, sender: Participant, told: BillDecision, _purpose: str
    ) -> BillDecisionHeard:
        region = sender.participant_id
        visit = self._held_bill_news.find(tx, told.reference, region)
        by = REGION_CALLER + region
        heard = self._held_bill_news.hear(tx, visit, told.decision, told.other_region, by)
        return BillDecisionHeard(heard.state.value)

    def _learn(self, tx: Transaction, sent: Sent, answer: MessageAnswer) -> None:
        if answer.problem is not None:  # it does not know the card any more, or such notices yet
            return
        other = msgspec.json.decode(bytes(answer.answer), type=StayAnswer).double_with
        if other is not None and sent.reference is not None:
            found = visit_store.find(tx, sent.reference, to_change=True)
            assert found is not None  # noqa: S101 - none is ever removed
            visit, by = bear_double_stay(tx, found), REGION_CALLER + sent.recipient
            step = "find-double-stay"
            self._visits.record(tx, visit, step, before=visit.state, by=by, reason=other)

    def _other_stay(
        self, tx: Transaction, holder: FoundHolder, region: str, reference: str
    ) -> str | None:
        if visit_store.is_admitted(tx, holder.person_id, self._own):
            return self._own
        return stays_store.open_in(tx, holder.person_id, (region, reference))

    def _overlapping(
        self, tx: Transaction, holder: FoundHolder, region: str, notice: StayNotice
    ) -> list[KnownStay]:
        """The stays that had not ended on the day when this one began: here, then elsewhere."""
        bill = reference_of(region, notice.reference)
        known = known_stays(tx, self._own, holder.person_id)
        day = notice.admitted_on
        return [each for each in known if each.bill != bill and each.is_open_after(day)]

    def _look_again(self, tx: Transaction, region: str, reference: str) -> None:
        """A stay whose end was told late may have had bills held that it does not overlap."""
        ended = stays_store.find(tx, region, reference)
        if ended is None:
            return
        stays = known_stays(tx, self._own, ended.person_id)
        for each in self._held_bills.look_again(tx, stays, REGION_CALLER + region):
            forget_double(tx, each)

    def _holder(self, tx: Transaction, sender: Participant, card_number: str) -> FoundHolder:
        day = self._clock.now().date()
        region = sender.participant_id
        covered = find_coverage(
            self._agreements, card_region=self._own, place=region, field=FIELD, day=day
        )
        if not covered.served:
            raise NoAgreementCovers(region=region, field=FIELD)
        found = find_by_number(tx, card_number)
        if found is None:
            raise CARD_REFUSALS["card-unknown"]
        return found
