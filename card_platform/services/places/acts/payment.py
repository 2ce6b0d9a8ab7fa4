"""Who pays whom for an act: the holder's personal money, the payer of the subsidy, the operator.

Rules:
- The holder's share comes out of the personal money, which every room shares (`personal_money`).
- A subsidy is a transfer of its own from the payer's account.
- Cash goes from hand to hand at the place and stands in no book, as in care.
- What is given back is what was paid, to whoever paid it.
"""

from __future__ import annotations

from card_platform.services.personal_money import PersonalMoney
from card_platform.services.places.acts.model import Act
from card_platform.services.places.acts.refusals import PersonalMoneyIsElsewhere
from card_platform.services.places.offers.model import Offer
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import (
    AccountName,
    operator_account,
    personal_account,
)
from card_platform.storage import Transaction


class Payment:
    """The money of acts."""

    def __init__(self, money: PersonalMoney, ledger: Ledger) -> None:
        self.money = money
        self._ledger = ledger

    def pay(self, tx: Transaction, act: Act, offer: Offer, by: str) -> None:
        """Move what the holder and the payer of the subsidy owe for an act.

        Raises:
            PersonalMoneyIsElsewhere, BalanceIsInsufficient, AccountIsFrozen, AccountIsClosed.
        """
        for debit, amount_fen, what in self._shares(act):
            self._ledger.begin_account(tx, debit, by)
            to = operator_account(offer.operator)
            self.money.move(tx, f"{what}:{act.act_id}", debit, to, amount_fen, by)

    def give_back(self, tx: Transaction, act: Act, offer: Offer, by: str) -> None:
        """Move it back. Raises AccountIsFrozen, AccountIsClosed."""
        for credit, amount_fen, what in self._shares(act):
            out_of = operator_account(offer.operator)
            self.money.move(tx, f"{what}-back:{act.act_id}", out_of, credit, amount_fen, by)

    def _shares(self, act: Act) -> list[tuple[AccountName, int, str]]:
        shares = []
        if act.pay == "personal-money":
            if act.card_id is None:
                raise PersonalMoneyIsElsewhere
            shares.append((personal_account(act.holder), act.charged_fen, "offer"))
        if act.subsidy_fen and act.payer is not None:
            shares.append((AccountName(act.payer), act.subsidy_fen, "offer-subsidy"))
        return shares
