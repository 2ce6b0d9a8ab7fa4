"""Bills settled by code: straight from the personal account, as much as it holds, the rest is cash.

Rules: on line only, one code one settlement, and only where a designated institution or pharmacy
stands: it is asked before the code is burnt (NX-9b). A card pays from what was loaded into its
purse, a code from the credit that was not: the same order of accounts, the same answer. A bill of
an institution is settled once for a card.
"""

from __future__ import annotations

from dataclasses import dataclass

from card_platform.issuance.ecards.codes import Codes
from card_platform.issuance.store import find_card
from card_platform.regions.electronic_card_policy import CodePurpose
from card_platform.services.medical import store
from card_platform.services.medical.institutions.service import Institutions
from card_platform.services.medical.model import MedicalBillSettled, settlement_posting
from card_platform.services.medical.personal_account import pay_from_account
from card_platform.services.medical.refusals import BillIsSettled
from card_platform.settlement.ledger import Ledger
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller


@dataclass(frozen=True, slots=True)
class CodeSettlement:
    """What a bill was settled with, in fen by account; the rest is left for cash."""

    settlement_id: str
    posting_id: str | None
    paid_fen: dict[int, int]
    unpaid_fen: int


class CodeSettlements:
    """Settles bills by code."""

    def __init__(
        self, ledger: Ledger, codes: Codes, institutions: Institutions, clock: Clock
    ) -> None:
        self._ledger = ledger
        self._institutions = institutions
        self._codes = codes
        self._clock = clock

    def settle(
        self, tx: Transaction, *, code: str, bill: str, amount_fen: int, caller: Caller
    ) -> CodeSettlement:
        """Burn the code and pay what the accounts can.

        Raises:
            InstitutionIsNotDesignated, DesignationIsSuspended, DesignationIsOutOfTime: nothing is
                settled where the terminal stands.
            CodeRefusal: the code is not good for it.
            BillIsSettled: it was settled before.
        """
        self._institutions.at(tx, caller.site)
        finding, _use = self._codes.take(tx, code, CodePurpose.MEDICAL, caller.name)
        assert finding.holder is not None  # noqa: S101 - a good code has a holder
        card = find_card(tx, finding.holder.card_id, to_change=True)
        assert card is not None  # noqa: S101 - and the holder a card
        settlement_id, at = new_identifier("medical-settlement"), moment_of(self._clock.now())
        paid_fen = pay_from_account(tx, self._ledger, card, amount_fen)
        left_fen = amount_fen - sum(paid_fen.values())
        posting_id = None
        if paid_fen:
            posting = settlement_posting(settlement_id, card.card_id, paid_fen, caller.operator)
            posting_id = self._ledger.post(tx, posting)
        if not store.add_settlement(
            tx,
            settlement_id=settlement_id,
            card_id=card.card_id,
            operator=caller.operator,
            terminal_number=caller.terminal_number,
            bill=bill,
            amount_fen=amount_fen,
            unpaid_fen=left_fen,
            posting_id=posting_id,
            at=at,
        ):
            raise BillIsSettled(bill=bill)
        tx.emit(
            MedicalBillSettled(
                at=at, by=caller.name, card_id=card.card_id, paid_fen=amount_fen - left_fen
            )
        )
        return CodeSettlement(settlement_id, posting_id, paid_fen, left_fen)
