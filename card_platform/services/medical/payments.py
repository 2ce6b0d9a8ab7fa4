"""Payments: receipts of hospital desks and pharmacies become postings.

Each is checked by its TAC and taken once (unique key: chip, day, offline sequence; the medical
purse counts its own). Where nobody was designated when it was made, the institution gets nothing of
it and the holder has it back as credit (NX-9b): the money is off the chip, so the receipt is taken
all the same. The receipt's own time is the terminal's: it is believed for the days of the pack, not
later and not ahead of the platform's clock; else the moment it was told counts, so that nobody
dates a receipt back into a designation that has ended. Both times are kept. No row is locked:
receipts of many cards come in one journal, and two journals that locked cards in their own orders
would wait for each other.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from card_platform.keys import SecurityModule
from card_platform.keys.medical_codes import MedicalPayment
from card_platform.regions import RegionPolicy
from card_platform.services.medical import store
from card_platform.services.medical.institutions.refusals import InstitutionIsNotDesignated
from card_platform.services.medical.institutions.service import Institutions
from card_platform.services.medical.loads import find_medical_purse
from card_platform.services.medical.model import (
    MedicalPaymentAccepted,
    Payment,
    given_back_posting,
    payment_posting,
)
from card_platform.services.medical.refusals import PaymentIsReplayed
from card_platform.services.purse_refusals import TacIsWrong
from card_platform.settlement.ledger import Ledger
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller


class Payments:
    """Takes the receipts of payments."""

    def __init__(
        self,
        policy: RegionPolicy,
        keys: SecurityModule,
        ledger: Ledger,
        institutions: Institutions,
        clock: Clock,
    ) -> None:
        self._counts = policy.medical.receipt_time_counts
        self._tolerance = policy.electronic_card.clock_tolerance
        self._keys = keys
        self._institutions = institutions
        self._ledger = ledger
        self._clock = clock

    def accept(
        self, tx: Transaction, payment: Payment, caller: Caller
    ) -> tuple[str, str, str | None]:
        """Take one receipt; the ids of the payment and of its posting, and the code of the reason
        where the institution gets nothing.

        Raises:
            MedicalPurseIsUnknown, TacIsWrong, PaymentIsReplayed: as they say.
        """
        card_id, _state, region = find_medical_purse(tx, payment.historical_bytes)
        self._require_tac(payment, region, caller.terminal_number)
        payment_id = new_identifier("medical-payment")
        not_paid = None
        if self._institutions.was_in_force(tx, caller.site, self._moment_of(payment)):
            posting = payment_posting(payment_id, payment, card_id, caller.operator)
        else:
            not_paid = InstitutionIsNotDesignated.code
            posting = given_back_posting(payment_id, payment, card_id)
        posting_id = self._ledger.post(tx, posting)
        at = moment_of(self._clock.now())
        # The posting first, because the payment names it; a replayed one is undone with it.
        if not store.add_payment(
            tx,
            payment,
            payment_id=payment_id,
            terminal_number=caller.terminal_number,
            posting_id=posting_id,
            at=at,
        ):
            raise PaymentIsReplayed(
                date=payment.date, offline_sequence=f"{payment.offline_sequence:04X}"
            )
        tx.emit(
            MedicalPaymentAccepted(
                at=at,
                by=caller.name,
                card_id=card_id,
                account=payment.account,
                amount_fen=payment.amount_fen,
                not_paid=not_paid,
            )
        )
        return payment_id, posting_id, not_paid

    def _moment_of(self, payment: Payment) -> str:
        """When the payment counts as made, as `Payment.moment` has it."""
        now = self._clock.now()
        today = now.date()
        earliest = now - timedelta(days=self._counts.on_or_first(today))
        latest = now + timedelta(seconds=self._tolerance.on_or_first(today))
        told = payment.moment
        is_believed = _to_the_second(earliest) <= told <= _to_the_second(latest)
        return told if is_believed else _to_the_second(now)

    def _require_tac(self, payment: Payment, region: str, terminal_number: str) -> None:
        figures = MedicalPayment(
            amount_fen=payment.amount_fen,
            account=payment.account,
            terminal=bytes.fromhex(terminal_number),
            terminal_sequence=payment.terminal_sequence.to_bytes(4, "big"),
            date=bytes.fromhex(payment.date),
            time=bytes.fromhex(payment.time),
        )
        chip, tac = bytes.fromhex(payment.historical_bytes), bytes.fromhex(payment.tac)
        if not self._keys.medical_payment_tac_is_right(figures, region, chip, tac):
            raise TacIsWrong


def _to_the_second(moment: datetime) -> str:
    return moment_of(moment)[:19]
