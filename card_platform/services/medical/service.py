"""The medical accounts as the routes see them: credits, loads, payments, a card's own view."""

from __future__ import annotations

from card_platform.issuance.ecards.codes import Codes
from card_platform.issuance.model import Card
from card_platform.issuance.service import Issuance
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.services.medical import store
from card_platform.services.medical.code_settlements import CodeSettlements
from card_platform.services.medical.institutions.service import Institutions
from card_platform.services.medical.loads import MedicalLoads
from card_platform.services.medical.model import ACCOUNTS, MedicalCreditGranted, credit_posting
from card_platform.services.medical.payments import Payments
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import (
    medical_credit_account,
    medical_purse_account,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


class Medical:
    """The medical accounts of one region's cards."""

    def __init__(
        self,
        policy: RegionPolicy,
        keys: SecurityModule,
        ledger: Ledger,
        issuance: Issuance,
        clock: Clock,
        *,
        codes: Codes,
        institutions: Institutions,
    ) -> None:
        self.loads = MedicalLoads(keys, ledger, clock)
        self.payments = Payments(policy, keys, ledger, institutions, clock)
        self.code_settlements = CodeSettlements(ledger, codes, institutions, clock)
        self._ledger = ledger
        self._issuance = issuance
        self._clock = clock

    def grant_credit(
        self, tx: Transaction, card_id: str, account: int, amount_fen: int, by: str
    ) -> tuple[str, str]:
        """Give money of the fund to a personal account; the ids of credit and posting.

        Raises:
            CardIsUnknown: there is no such card.
        """
        card = self._issuance.get_card(tx, card_id)
        credit_id = new_identifier("medical-credit")
        posting = credit_posting(credit_id, card.card_id, account, amount_fen)
        posting_id = self._ledger.post(tx, posting)
        at = moment_of(self._clock.now())
        store.add_credit(
            tx,
            credit_id=credit_id,
            card_id=card.card_id,
            account=account,
            amount_fen=amount_fen,
            posting_id=posting_id,
            at=at,
            by=by,
        )
        tx.emit(
            MedicalCreditGranted(
                at=at, by=by, card_id=card.card_id, account=account, amount_fen=amount_fen
            )
        )
        return credit_id, posting_id

    def card_of(self, tx: Transaction, card_id: str) -> Card:
        """A card.

        Raises:
            CardIsUnknown: there is no such card.
        """
        return self._issuance.get_card(tx, card_id)

    def credit_fen(self, tx: Transaction, card_id: str) -> dict[int, int]:
        """What may still be loaded, by account and the ledger."""
        return {
            each: self._ledger.balance(tx, medical_credit_account(card_id, each))
            for each in ACCOUNTS
        }

    def balance_fen(self, tx: Transaction, card_id: str) -> dict[int, int]:
        """What the purse holds, by account and the ledger."""
        return {
            each: self._ledger.balance(tx, medical_purse_account(card_id, each))
            for each in ACCOUNTS
        }
