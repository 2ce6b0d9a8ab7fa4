"""Settling bills for the holders of this region's cards: preview, settle, reverse; who is insured.

A settlement holds the card, then the person's year, so that of two that race the second counts on
what the first took: no deductible is paid twice, no cap is passed, no fen of the account spent
twice. A preview takes the same steps and keeps nothing.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.model import Card
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.issuance.store import find_card
from card_platform.regions import RegionPolicy
from card_platform.regions.medical_policy import Benefit, Insured
from card_platform.services.medical.benefits import store
from card_platform.services.medical.benefits.model import (
    Bill,
    Insurance,
    MedicalBillShared,
    MedicalInsuranceChanged,
    MedicalSettlement,
    MedicalSettlementReversed,
    SettlementAction,
    SettlementState,
    Shares,
    YearToDate,
    next_state,
    pooled_fund,
)
from card_platform.services.medical.benefits.refusals import (
    BillIsSettledBefore,
    BillIsTooLarge,
    DaysAreReversed,
    InsuranceOverlaps,
    PatientCardIsNotActive,
    PatientIsNotInsured,
)
from card_platform.services.medical.benefits.split import split_bill
from card_platform.services.medical.held_bills.standing import why_not_settled
from card_platform.services.medical.personal_account import pay_from_account
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import AccountName, medical_credit_account
from card_platform.settlement.ledger.model import Entry, Posting
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.money import AMOUNT_MAX_FEN, Fen


class Benefits:
    """The benefits of one region's insured."""

    def __init__(self, policy: RegionPolicy, ledger: Ledger, clock: Clock) -> None:
        self._rules = policy.medical
        self._ledger = ledger
        self._clock = clock

    def insure(
        self,
        tx: Transaction,
        card_id: str,
        insured: Insured,
        *,
        from_day: date,
        until: date | None,
        by: str,
    ) -> Insurance:
        """Put on record how a holder is insured; what went on before ends the day before.

        Raises:
            CardIsUnknown, DaysAreReversed, InsuranceOverlaps.
        """
        card = _held(tx, card_id)
        if until is not None and until < from_day:
            raise DaysAreReversed(until=until.isoformat(), since=from_day.isoformat())
        last = store.last_insurance(tx, card.person_id)
        if last is not None:
            after = last.until or last.from_day
            if from_day.isoformat() <= after:
                raise InsuranceOverlaps(after=after)
            if last.until is None:
                eve = from_day - timedelta(days=1)
                store.end_insurance(tx, last.insurance_id, eve.isoformat())
        insurance = Insurance(
            new_identifier("medical-insurance"),
            card.person_id,
            insured,
            from_day.isoformat(),
            until.isoformat() if until else None,
            moment_of(self._clock.now()),
            by,
        )
        store.add_insurance(tx, insurance)
        tx.emit(
            MedicalInsuranceChanged(
                at=insurance.at,
                by=by,
                card_id=card_id,
                insured=insured.value,
                from_day=insurance.from_day,
            )
        )
        return insurance

    def insurance_of(self, tx: Transaction, person_id: str, day: str) -> Insurance:
        """How somebody is insured on a day. Raises PatientIsNotInsured."""
        found = store.insurance_on(tx, person_id, day)
        if found is None:
            raise PatientIsNotInsured(day=day)
        return found

    def years(self, tx: Transaction, card_id: str) -> tuple[Card, int, dict[Benefit, YearToDate]]:
        """The card, this year, and what the holder's visits came to in it. Raises CardIsUnknown."""
        card = find_card(tx, card_id)
        if card is None:
            raise CardIsUnknown
        year = self._clock.now().year
        return (
            card,
            year,
            {each: store.year_to_date(tx, card.person_id, year, each) for each in Benefit},
        )

    def preview(self, tx: Transaction, card_id: str, bill: Bill) -> Shares:
        """What `settle` would answer now; nothing is written.

        Raises:
            As `settle`.
        """
        card = find_card(tx, card_id)
        if card is None:
            raise CardIsUnknown
        _require_no_hold(tx, bill)
        return self._shares(tx, card, bill)

    def settle(self, tx: Transaction, card_id: str, bill: Bill, by: str) -> MedicalSettlement:
        """Settle a bill: once for its reference, in the books and in the year.

        Raises:
            CardIsUnknown, PatientCardIsNotActive, PatientIsNotInsured, BillIsSettledBefore,
            BillIsTooLarge, BillIsHeld, BillOfDoubleStayIsRefused: as they say.
        """
        card = _held(tx, card_id)
        _require_no_hold(tx, bill)
        if store.is_settled(tx, bill.reference):
            raise BillIsSettledBefore(reference=bill.reference)
        shares = self._shares(tx, card, bill, to_change=True)
        settlement = MedicalSettlement(
            settlement_id=new_identifier("medical-settlement"),
            reference=bill.reference,
            card_id=card.card_id,
            person_id=card.person_id,
            benefit=bill.benefit,
            year=int(bill.day[:4]),
            day=bill.day,
            shares=shares,
            payee=bill.payee,
            treated_in=bill.treated_in,
            state=SettlementState.SETTLED,
            at=moment_of(self._clock.now()),
            by=by,
        )
        store.add_settlement(tx, settlement)
        _count(tx, settlement, 1)
        self._post(tx, settlement, "settlement", 1)
        _tell(tx, settlement, MedicalBillShared, settlement.at, by)
        return settlement

    def reverse(self, tx: Transaction, reference: str, day: str, by: str) -> MedicalSettlement:
        """Take a settlement back, whole: the money, and what it added to its year.

        Raises:
            SettlementStateForbids: it was reversed before.
            LookupError: there is none of that reference.
        """
        found = store.find_by_reference(tx, reference)
        if found is None:
            raise LookupError(reference)
        _held(tx, found.card_id)
        found = store.find_by_reference(tx, reference, to_change=True)
        assert found is not None  # noqa: S101 - none is ever removed
        after = next_state(found.state, SettlementAction.REVERSE)
        at = moment_of(self._clock.now())
        reversed_ = msgspec.structs.replace(found, state=after, reversed_day=day, reversed_at=at)
        store.year_to_date(tx, found.person_id, found.year, found.benefit, to_change=True)
        store.save_reversal(tx, reversed_)
        _count(tx, found, -1)
        self._post(tx, found, "reversal", -1)
        _tell(tx, found, MedicalSettlementReversed, at, by)
        return reversed_

    def _shares(
        self, tx: Transaction, card: Card, bill: Bill, *, to_change: bool = False
    ) -> Shares:
        if card.state is not CardState.ACTIVE:
            raise PatientCardIsNotActive(state=card.state.value)
        total_fen = sum(each.amount_fen for each in bill.lines)
        if total_fen > AMOUNT_MAX_FEN:
            raise BillIsTooLarge(total_fen=total_fen, limit_fen=AMOUNT_MAX_FEN)
        insured = self.insurance_of(tx, card.person_id, bill.day).insured
        day = date.fromisoformat(bill.day)
        so_far = store.year_to_date(tx, card.person_id, day.year, bill.benefit, to_change=to_change)
        table = self._rules.table(bill.benefit, insured, day)
        split = split_bill(bill.lines, table, bill.level, so_far, bill.reduction)
        paid = pay_from_account(tx, self._ledger, card, split.insured_fen)
        return Shares(
            insured=insured,
            split=split,
            fund_fen=split.fund_fen,
            personal_fen={str(account): fen for account, fen in paid.items()},
            cash_fen=split.insured_fen - sum(paid.values()),
        )

    def _post(self, tx: Transaction, settlement: MedicalSettlement, what: str, sign: int) -> None:
        """Fund and account to the payee, or with sign -1 back; cash goes from hand to hand."""
        shares = settlement.shares
        taken: list[tuple[AccountName, int]] = [(pooled_fund(shares.insured), shares.fund_fen)]
        for account, fen in shares.personal_fen.items():
            taken.append((medical_credit_account(settlement.card_id, int(account)), fen))
        entries = [Entry(account, Fen(-sign * fen)) for account, fen in taken if fen]
        if not entries:
            return
        entries.append(Entry(settlement.payee, Fen(sign * shares.paid_fen)))
        client_id = f"medical-{what}:{settlement.settlement_id}"
        self._ledger.post(tx, Posting(client_id, f"medical {what}", tuple(entries)))


def _require_no_hold(tx: Transaction, bill: Bill) -> None:
    """Raises BillIsHeld, BillOfDoubleStayIsRefused."""
    refusal = why_not_settled(tx, bill.reference)
    if refusal is not None:
        raise refusal


def _held(tx: Transaction, card_id: str) -> Card:
    card = find_card(tx, card_id, to_change=True)
    if card is None:
        raise CardIsUnknown
    return card


def _count(tx: Transaction, settlement: MedicalSettlement, sign: int) -> None:
    """Add a settlement to its year, or with sign -1 take it out; the year is held."""
    split = settlement.shares.split
    more = YearToDate(
        sign * split.deductible_fen, sign * split.counted_fen, sign * split.fund_fen, sign
    )
    store.add_to_year(tx, settlement.person_id, settlement.year, settlement.benefit, more)


def _tell(
    tx: Transaction,
    settlement: MedicalSettlement,
    event: type[MedicalBillShared] | type[MedicalSettlementReversed],
    at: str,
    by: str,
) -> None:
    tx.emit(
        event(
            at=at,
            by=by,
            card_id=settlement.card_id,
            settlement_id=settlement.settlement_id,
            fund_fen=settlement.shares.fund_fen,
            personal_fen=sum(settlement.shares.personal_fen.values()),
        )
    )
