"""Treating holders of other regions here: registration, preview, and what their region answers.

Rules (CQ-7c, YD-13): a card that its region has stopped is refused even while that region is away;
else the region is asked before anybody is registered, and says how to file where a filing is
missing. What its answer moves here is posted in the transaction that keeps the answer, once.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from card_platform.exchange import card_stops
from card_platform.exchange.courier import Courier
from card_platform.exchange.medical import store
from card_platform.exchange.medical.claims import order_of
from card_platform.exchange.medical.insured import InsuredElsewhere
from card_platform.exchange.medical.model import (
    ELIGIBILITY,
    FIELD,
    PREVIEW,
    PURPOSE,
    REVERSAL,
    SETTLEMENT,
    ClaimState,
    Eligibility,
    PatientQuestion,
    ReversalOrder,
    SettledFigures,
    SettlementOrder,
    region_account,
    shares_of,
)
from card_platform.exchange.medical.refusals import FiguresAreImpossible
from card_platform.exchange.medical.stays_model import STAY_QUESTION, StayAnswer, StayQuestion
from card_platform.exchange.model import MessageAnswer, ParticipantKind, Sent, Subject, Told
from card_platform.exchange.refusals import NoAgreementCovers, OtherSideIsAway, OtherSideRefuses
from card_platform.oversight.complaints.refusals import RegionIsOwn
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.regions import Agreement
from card_platform.regions.agreement import find_coverage
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.medical.benefits.model import PricedLine, Shares
from card_platform.services.medical.benefits.refusals import PatientIsNotInsured
from card_platform.services.medical.care import Care
from card_platform.services.medical.filings.refusals import TreatmentElsewhereIsNotFiled
from card_platform.services.medical.visits import held_bill_news
from card_platform.services.medical.visits import store as visit_store
from card_platform.services.medical.visits.model import Visit
from card_platform.services.medical.visits.refusals import PatientIsAdmittedElsewhere
from card_platform.services.medical.visits.service import Patient, Registration
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import operator_account
from card_platform.settlement.ledger.model import Entry, Posting
from card_platform.storage import Database, Transaction
from card_platform.vocabulary.moment import Clock
from card_platform.vocabulary.money import Fen
from card_platform.web.authentication import Caller

_REGIONS = frozenset({ParticipantKind.REGION})
_PURPOSES = frozenset({PURPOSE})


class ForeignPatients:
    """Visits here of holders who are insured elsewhere."""

    def __init__(
        self,
        agreements: Sequence[Agreement],
        care: Care,
        insured: InsuredElsewhere,
        ledger: Ledger,
        clock: Clock,
    ) -> None:
        self._own = care.visits.region
        self._agreements = tuple(agreements)
        self._visits = care.visits
        self._billing = care.billing
        self._insured = insured
        self._ledger = ledger
        self._clock = clock

    async def require_eligible(
        self,
        database: Database,
        courier: Courier,
        region: str,
        question: PatientQuestion,
        caller: Caller,
    ) -> None:
        """Ask the region whether this holder may be treated here and settled directly.

        Raises:
            The refusals of `Institutions.at`, RegionIsOwn, NoAgreementCovers, CardRefusal,
            PatientIsNotInsured, TreatmentElsewhereIsNotFiled, and those of `Courier.ask`.
        """
        self._require_agreement(region)

        def look(tx: Transaction) -> str | None:
            self._visits.require_place(tx, caller)
            return card_stops.stopped_state(tx, region, question.card_number)

        if await database.read(look) is not None:
            raise CARD_REFUSALS["card-is-not-active"]
        told = await courier.ask(region, ELIGIBILITY, PURPOSE, question, Eligibility)
        assert isinstance(told, Eligibility)  # noqa: S101 - it was asked for
        if told.reason is None:
            return
        if told.reason in CARD_REFUSALS:
            raise CARD_REFUSALS[told.reason]
        if told.reason == PatientIsNotInsured.code:
            raise PatientIsNotInsured(day=told.day)
        if told.reason == TreatmentElsewhereIsNotFiled.code:
            how_zh, how_en = told.how_zh or "", told.how_en or ""
            raise TreatmentElsewhereIsNotFiled(region=self._own, how_zh=how_zh, how_en=how_en)
        raise OtherSideRefuses(participant=region, told_zh=told.reason, told_en=told.reason)

    def register(
        self,
        tx: Transaction,
        region: str,
        question: PatientQuestion,
        asked: Registration,
        caller: Caller,
    ) -> Visit:
        """Register whom the region found eligible. Raises as `Visits.register_patient`."""
        patient = Patient(region, question.card_number, question.name, None)
        return self._visits.register_patient(tx, patient, asked, caller)

    async def require_no_stay(
        self, database: Database, courier: Courier, visit_id: str, caller: Caller
    ) -> None:
        """Ask the holder's region before an admission; while it is away, or knows no such question,
        the patient is admitted, and a second stay is found by the message.

        Raises:
            VisitIsUnknown, RegionIsOwn, PatientIsAdmittedElsewhere, and those of `Courier.ask` but
            that the region is away or refuses.
        """
        visit = await database.read(lambda tx: self._visits.look(tx, visit_id, caller))
        if visit.card_id is not None:
            raise RegionIsOwn(region=visit.region)
        question = StayQuestion(reference=visit_id, card_number=visit.card_number)
        try:
            told = await courier.ask(visit.region, STAY_QUESTION, PURPOSE, question, StayAnswer)
        except (OtherSideIsAway, OtherSideRefuses):
            return
        assert isinstance(told, StayAnswer)  # noqa: S101 - it was asked for
        if told.double_with is not None:
            raise PatientIsAdmittedElsewhere

    def admit(self, tx: Transaction, visit_id: str, caller: Caller) -> Visit:
        """Admit whom the region was asked about. Raises as `Visits.admit`."""
        return self._visits.admit(tx, visit_id, caller)

    async def preview(
        self, database: Database, courier: Courier, visit_id: str, caller: Caller
    ) -> Shares:
        """What the holder's region would settle now; nothing is written there or here.

        Raises:
            VisitIsUnknown, VisitStateForbids, BillIsEmpty, BedDaysExceedStay, RegionIsOwn,
            FiguresAreImpossible, and those of `Courier.ask`.
        """

        def look(tx: Transaction) -> tuple[str, SettlementOrder]:
            visit, bill = self._billing.to_settle(tx, visit_id, caller)
            if visit.card_id is not None:
                raise RegionIsOwn(region=visit.region)
            name = self._visits.place_of(tx, visit).name_zh
            return visit.region, order_of(visit, bill, name)

        region, order = await database.read(look)
        told = await courier.ask(region, PREVIEW, PURPOSE, order, SettledFigures)
        assert isinstance(told, SettledFigures)  # noqa: S101 - it was asked for
        return shares_of(told, [each.line() for each in order.lines])

    def subjects(self) -> tuple[Subject, ...]:
        """What has an effect: settled and taken back by the insured region, learned here."""
        settlement = Subject(
            SETTLEMENT,
            "message",
            _PURPOSES,
            _REGIONS,
            SettlementOrder,
            self._insured.settle,
            self._learn_settled,
        )
        reversal = Subject(
            REVERSAL,
            "message",
            _PURPOSES,
            _REGIONS,
            ReversalOrder,
            self._insured.reverse,
            self._learn_reversed,
        )
        return settlement, reversal

    def _learn_settled(self, tx: Transaction, sent: Sent, answer: MessageAnswer) -> None:
        visit, by = self._held(tx, sent)
        claim = store.find_claim(tx, visit.visit_id)
        assert claim is not None  # noqa: S101 - it was asked with one
        shares = _read_shares(answer, visit_store.lines_of(tx, visit.visit_id))
        if isinstance(shares, Told):
            told = (shares.code, shares.detail_zh, shares.detail_en)
            problem = held_bill_news.overtaken(tx, visit, told)
            self._billing.refused_there(tx, visit, problem, by)
            store.save_claim(tx, msgspec.structs.replace(claim, state=ClaimState.REFUSED))
            return
        self._billing.settled_there(tx, visit, shares, by)
        paid_fen = shares.paid_fen
        settled = msgspec.structs.replace(claim, state=ClaimState.SETTLED, paid_fen=paid_fen)
        store.save_claim(tx, settled)
        self._post(tx, visit, "settlement", paid_fen)

    def _learn_reversed(self, tx: Transaction, sent: Sent, answer: MessageAnswer) -> None:
        visit, by = self._held(tx, sent)
        claim = store.find_claim(tx, visit.visit_id)
        assert claim is not None  # noqa: S101 - it was asked with one
        if answer.problem is not None:
            self._billing.kept_there(tx, visit, answer.problem.code, by)
            kept = msgspec.structs.replace(claim, state=ClaimState.SETTLED, reversed_day=None)
            store.save_claim(tx, kept)
            return
        self._billing.reversed_there(tx, visit, by)
        store.save_claim(tx, msgspec.structs.replace(claim, state=ClaimState.REVERSED))
        self._post(tx, visit, "reversal", -claim.paid_fen)

    def _held(self, tx: Transaction, sent: Sent) -> tuple[Visit, str]:
        assert sent.reference is not None  # noqa: S101 - it is sent with one
        visit = visit_store.find(tx, sent.reference, to_change=True)
        assert visit is not None  # noqa: S101 - none is ever removed
        return visit, REGION_CALLER + sent.recipient

    def _post(self, tx: Transaction, visit: Visit, what: str, amount_fen: int) -> None:
        """The institution is owed what the region owes; negative takes it back."""
        if not amount_fen:
            return
        entries = (
            Entry(region_account(visit.region), Fen(-amount_fen)),
            Entry(operator_account(visit.operator), Fen(amount_fen)),
        )
        client_id = f"medical-{what}-elsewhere:{visit.visit_id}"
        self._ledger.post(tx, Posting(client_id, f"medical {what} elsewhere", entries))

    def _require_agreement(self, region: str) -> None:
        if region == self._own:
            raise RegionIsOwn(region=region)
        day = self._clock.now().date()
        covered = find_coverage(
            self._agreements, card_region=region, place=self._own, field=FIELD, day=day
        )
        if not covered.served:
            raise NoAgreementCovers(region=region, field=FIELD)


def _read_shares(answer: MessageAnswer, lines: list[PricedLine]) -> Shares | Told:
    """Who pays what, as the insured region answers; or why it does not settle.

    Figures that cannot be read or do not fit are no settlement here: what that region keeps of it
    shows in the clearing of the day.
    """
    if answer.problem is not None:
        return answer.problem
    try:
        figures = msgspec.json.decode(bytes(answer.answer), type=SettledFigures)
        return shares_of(figures, lines)
    except (msgspec.MsgspecError, FiguresAreImpossible):
        refusal = FiguresAreImpossible()
        return Told(refusal.code, refusal.detail_zh, refusal.detail_en)
