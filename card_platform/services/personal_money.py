"""A holder's personal money: filled from a partner bank, spent in every room alike, given back.

Rules:
- It is an account of the ledger by the person, so that it goes on when the card is replaced, and
  never goes below zero.
- Whoever is paid is an operator: whoever runs a place, a utility.
- Orders to banks only bring money to a holder's account; there is none that takes it from there.
  So a holder pays out of this money, and a bank is asked when it is filled.
"""

from __future__ import annotations

from card_platform.issuance.refusals import CardIsUnknown
from card_platform.issuance.store import find_card
from card_platform.regions import RegionPolicy
from card_platform.regions.bank_policy import BankService
from card_platform.settlement.banks.refusals import BankHasNoAgreement, BankIsUnknown
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import (
    AccountName,
    bank_account,
    operator_account,
    personal_account,
)
from card_platform.settlement.ledger.model import Transfer, Transferred
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock
from card_platform.vocabulary.money import Fen


class PersonalMoney:
    """The personal money of one region's holders."""

    def __init__(self, policy: RegionPolicy, ledger: Ledger, clock: Clock) -> None:
        self._policy = policy
        self._ledger = ledger
        self._clock = clock

    def fill(self, tx: Transaction, holder: str, bank: str, amount_fen: int, by: str) -> int:
        """Money from the holder's account at a partner bank; the balance then, in fen.

        Raises:
            BankIsUnknown, BankHasNoAgreement.
        """
        partner = self._policy.bank(bank)
        if partner is None:
            raise BankIsUnknown(bank=bank)
        if not partner.serves(BankService.FINANCIAL_FUNCTION, self._clock.now().date()):
            raise BankHasNoAgreement(bank=bank)
        own = personal_account(holder)
        for account in (own, bank_account(bank)):
            self._ledger.begin_account(tx, account, by)
        filling = f"personal-money:{new_identifier('filling')}"
        self.move(tx, filling, bank_account(bank), own, amount_fen, by)
        return self._ledger.balance(tx, own)

    def balance(self, tx: Transaction, card_id: str) -> int:
        """What a holder's personal money comes to, in fen. Raises CardIsUnknown."""
        card = find_card(tx, card_id)
        if card is None:
            raise CardIsUnknown
        return self._ledger.balance(tx, personal_account(card.person_id))

    def pay(  # noqa: PLR0917 - the parts of one transfer
        self,
        tx: Transaction,
        client_id: str,
        holder: str,
        operator: str,
        amount_fen: int,
        by: str,
    ) -> Transferred:
        """Pay an operator. Raises BalanceIsInsufficient, AccountIsFrozen, AccountIsClosed."""
        own, to = personal_account(holder), operator_account(operator)
        for account in (own, to):
            self._ledger.begin_account(tx, account, by)
        return self.move(tx, client_id, own, to, amount_fen, by)

    def give_back(  # noqa: PLR0917 - the parts of one transfer
        self,
        tx: Transaction,
        client_id: str,
        holder: str,
        operator: str,
        amount_fen: int,
        by: str,
    ) -> Transferred:
        """Give a holder back what an operator had. Raises AccountIsFrozen, AccountIsClosed."""
        own, out_of = personal_account(holder), operator_account(operator)
        return self.move(tx, client_id, out_of, own, amount_fen, by)

    def move(  # noqa: PLR0917 - the parts of one transfer
        self,
        tx: Transaction,
        client_id: str,
        debit: AccountName,
        credit: AccountName,
        amount_fen: int,
        by: str,
    ) -> Transferred:
        """Move money; what it is for stands before the colon of its id. Raises as `transfer`."""
        purpose = client_id.partition(":")[0]
        asked = Transfer(client_id, debit, credit, Fen(amount_fen), purpose)
        return self._ledger.transfer(tx, asked, by)
