"""Who pays whom for an act: the holder's personal money, the payer of the subsidy, the operator.

Rules:
- A holder's personal money is an account of the ledger by the person, so that it goes on when the
  card is replaced. It is filled from a partner bank, and never goes below zero.
- A subsidy is a transfer of its own from the payer's account.
- Cash goes from hand to hand at the place and stands in no book, as in care.
- What is given back is what was paid, to whoever paid it.
"""

from __future__ import annotations

from card_platform.issuance.refusals import CardIsUnknown
from card_platform.issuance.store import find_card
from card_platform.regions import RegionPolicy
from card_platform.regions.bank_policy import BankService
from card_platform.services.places.acts.model import Act, Visitor
from card_platform.services.places.acts.refusals import PersonalMoneyIsElsewhere
from card_platform.services.places.offers.model import Offer
from card_platform.settlement.banks.refusals import BankHasNoAgreement, BankIsUnknown
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import (
    AccountName,
    bank_account,
    operator_account,
    personal_account,
)
from card_platform.settlement.ledger.model import Transfer
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock
from card_platform.vocabulary.money import Fen


class Payment:
    """The money of acts."""

    def __init__(self, policy: RegionPolicy, ledger: Ledger, clock: Clock) -> None:
        self._policy = policy
        self._ledger = ledger
        self._clock = clock

    def fill(self, tx: Transaction, visitor: Visitor, bank: str, amount_fen: int, by: str) -> int:
        """Money from the holder's account at a partner bank; the balance then, in fen.

        Raises:
            BankIsUnknown, BankHasNoAgreement.
        """
        partner = self._policy.bank(bank)
        if partner is None:
            raise BankIsUnknown(bank=bank)
        if not partner.serves(BankService.FINANCIAL_FUNCTION, self._clock.now().date()):
            raise BankHasNoAgreement(bank=bank)
        own = personal_account(visitor.holder)
        for account in (own, bank_account(bank)):
            self._ledger.begin_account(tx, account, by)
        filling = f"personal-money:{new_identifier('filling')}"
        self._move(tx, filling, bank_account(bank), own, amount_fen, by)
        return self._ledger.balance(tx, own)

    def balance(self, tx: Transaction, card_id: str) -> int:
        """What a holder's personal money comes to, in fen. Raises CardIsUnknown."""
        card = find_card(tx, card_id)
        if card is None:
            raise CardIsUnknown
        return self._ledger.balance(tx, personal_account(card.person_id))

    def pay(self, tx: Transaction, act: Act, offer: Offer, by: str) -> None:
        """Move what the holder and the payer of the subsidy owe for an act.

        Raises:
            PersonalMoneyIsElsewhere, BalanceIsInsufficient, AccountIsFrozen, AccountIsClosed.
        """
        for debit, amount_fen, what in self._shares(act):
            self._ledger.begin_account(tx, debit, by)
            to = operator_account(offer.operator)
            self._move(tx, f"{what}:{act.act_id}", debit, to, amount_fen, by)

    def give_back(self, tx: Transaction, act: Act, offer: Offer, by: str) -> None:
        """Move it back. Raises AccountIsFrozen, AccountIsClosed."""
        for credit, amount_fen, what in self._shares(act):
            out_of = operator_account(offer.operator)
            self._move(tx, f"{what}-back:{act.act_id}", out_of, credit, amount_fen, by)

    def _shares(self, act: Act) -> list[tuple[AccountName, int, str]]:
        shares = []
        if act.pay == "personal-money":
            if act.card_id is None:
                raise PersonalMoneyIsElsewhere
            shares.append((personal_account(act.holder), act.charged_fen, "offer"))
        if act.subsidy_fen and act.payer is not None:
            shares.append((AccountName(act.payer), act.subsidy_fen, "offer-subsidy"))
        return shares

    def _move(  # noqa: PLR0917 - the parts of one transfer
        self,
        tx: Transaction,
        client_id: str,
        debit: AccountName,
        credit: AccountName,
        amount_fen: int,
        by: str,
    ) -> None:
        purpose = client_id.partition(":")[0]
        self._ledger.transfer(tx, Transfer(client_id, debit, credit, Fen(amount_fen), purpose), by)
