"""Finding and paying bills: a holder's side, at a desk or from home.

Bills are held first, in one order, then money moves by one transfer: of two who pay the same bill
one pays it, and no two wait for each other. Hence the bills of a payment are of one utility.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.ecards.codes import Codes
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.refusals import CardIsUnknown, IdentityDocumentIsMissing
from card_platform.issuance.steps import CardSteps
from card_platform.issuance.store import find_card
from card_platform.regions import RegionPolicy
from card_platform.regions.electronic_card_policy import CodePurpose
from card_platform.services.bills import store
from card_platform.services.bills.model import (
    Bill,
    BillAction,
    BillPayment,
    PaidBills,
    Payer,
    total_of,
)
from card_platform.services.bills.refusals import AccountNumberIsWrong, BillIsUnknown, TotalDiffers
from card_platform.services.bills.service import Bills
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.verification.presented import Presented, find_presented
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller

PAID_AT_ONCE_MAX = 24
"""Most bills of one payment: two years of months."""
OPEN_TOLD_MAX = 100
"""Most open bills of an account told at once, the oldest."""
FROM_HOME = "holder"
"""How a holder is known who is signed in, or whom a clerk helps."""


class BillPayments:
    """The payments of one region's holders."""

    def __init__(self, policy: RegionPolicy, bills: Bills, codes: Codes, clock: Clock) -> None:
        self.bills = bills
        self._steps = CardSteps(policy, clock)
        self._codes = codes
        self._clock = clock

    def at_desk(self, tx: Transaction, shown: Presented, purpose: CodePurpose, by: str) -> Payer:
        """Whoever shows a card of this region or a code of it, for the purpose.

        Raises:
            CardRefusal, CodeRefusal.
        """
        found = find_presented(tx, self._codes, shown, purpose, by)
        return Payer(found.person_id, found.card_id, found.card_number, shown.means)

    def at_home(
        self, tx: Transaction, card_id: str, document: IdentityDocument | None, caller: Caller
    ) -> Payer:
        """The holder of a card: signed in, or a clerk helps, to whom a document is shown.

        Raises:
            CardIsUnknown, IdentityDocumentIsMissing, IdentityDocumentIsInvalid,
            DocumentIsNotTheHolders, CardRefusal.
        """
        card = find_card(tx, card_id)
        if card is None:
            raise CardIsUnknown
        if caller.card_id != card_id:
            if document is None:
                raise IdentityDocumentIsMissing
            self._steps.require_holder(tx, card, document)
        if card.state is not CardState.ACTIVE:
            raise CARD_REFUSALS["card-is-not-active"]
        return Payer(card.person_id, card.card_id, card.card_number, FROM_HOME)

    def open_bills(self, tx: Transaction, code: str, account: str) -> list[Bill]:
        """The open bills of an account with the late fees of today, the oldest first.

        Raises:
            UtilityIsUnknown, AccountNumberIsWrong.
        """
        utility = self.bills.utility(code)
        if not utility.has_account(account):
            raise AccountNumberIsWrong(utility=utility.name_zh)
        today = self._clock.now().date()
        found = store.open_of(tx, utility.code, account, OPEN_TOLD_MAX)
        return [each.as_of(utility, today) for each in found]

    def pay(  # noqa: PLR0917 - the parts of one payment
        self,
        tx: Transaction,
        code: str,
        bill_ids: Sequence[str],
        told_fen: int,
        payer: Payer,
        by: str,
    ) -> PaidBills:
        """Pay bills of a utility, all or none, with the late fees of today.

        Raises:
            UtilityIsUnknown, BillIsUnknown, BillStateForbids, TotalDiffers: the last where they do
                not come to what the payer was told.
            BalanceIsInsufficient, AccountIsFrozen, AccountIsClosed.
        """
        utility, wanted = self.bills.utility(code), set(bill_ids)
        held = store.hold_all(tx, utility.code, sorted(wanted))
        if len(held) != len(wanted):
            raise BillIsUnknown
        now, payment_id = self._clock.now(), new_identifier("bill-payment")
        paid = [
            msgspec.structs.replace(
                each.as_of(utility, now.date()),
                state=each.after(BillAction.PAY),
                payment_id=payment_id,
            )
            for each in held
        ]
        total_fen = total_of(paid)
        if total_fen != told_fen:
            raise TotalDiffers(total_fen=total_fen, told_fen=told_fen)
        money, holder = self.bills.money, payer.person_id
        moved = money.pay(tx, f"bills:{payment_id}", holder, utility.code, total_fen, by)
        payment = BillPayment(
            payment_id=payment_id,
            utility=utility.code,
            total_fen=total_fen,
            transfer_id=moved.transfer_id,
            paid_at=moment_of(now),
            by=by,
            **msgspec.structs.asdict(payer),
        )
        store.add_payment(tx, payment)
        for before, after in zip(held, paid, strict=True):
            store.save(tx, after)
            step, card_id = BillAction.PAY.value, payer.card_id
            self.bills.record(tx, after, step, before.state, by, card_id=card_id)
        return PaidBills(payment, paid)
