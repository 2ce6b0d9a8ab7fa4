"""Ordering money for holders' accounts, and deciding on orders that are held.

No order takes from a fund: what funds pay to people is listed, once a period, and held back for
reasons, which is the business of payout files (NM-12a). An order to an account that was changed
just before is held, as a line of such a file is: its money waits on the clearing account, and the
bank hears nothing of it until a supervisor, and not who ordered, has released it. `delivery` goes
on from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from card_platform.issuance.lifecycle import FROZEN_STATES
from card_platform.issuance.model import Card
from card_platform.issuance.steps import CardSteps
from card_platform.regions import RegionPolicy
from card_platform.regions.bank_policy import BankService
from card_platform.settlement.account_changes import CHANGED_LATELY, Screening
from card_platform.settlement.bank_orders import store
from card_platform.settlement.bank_orders.bank import Bank
from card_platform.settlement.bank_orders.delivery import Delivery
from card_platform.settlement.bank_orders.model import (
    BankOrder,
    OrderAction,
    OrderState,
    next_state,
    posting_of,
)
from card_platform.settlement.bank_orders.refusals import (
    BankAccountIsNotLoaded,
    BankOrderIdIsReused,
    BankOrderIsUnknown,
    FundPaysByPayouts,
    OrderDecisionIsOnesOwn,
    PayeeIsFrozen,
)
from card_platform.settlement.banks import store as contracts
from card_platform.settlement.banks.model import BankContract, ContractState
from card_platform.settlement.banks.refusals import BankHasNoAgreement
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import (
    AccountKind,
    AccountName,
    clearing_account,
    kind_of,
)
from card_platform.settlement.ledger.model import Transfer
from card_platform.settlement.ledger.refusals import AccountNameIsWrong
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.money import Fen


class OrderRequest(msgspec.Struct, frozen=True):
    """Money for the account a card's holder has at a bank."""

    client_id: str
    card_id: str
    source: AccountName
    amount_fen: Fen
    purpose: str


class BankOrders:
    """The orders of one region.

    Args:
        banks: each partner bank by its code.
        screening: asked whether the payee's account was changed just before.
    """

    def __init__(
        self,
        policy: RegionPolicy,
        ledger: Ledger,
        banks: Mapping[str, Bank],
        screening: Screening,
        clock: Clock,
    ) -> None:
        self._policy = policy
        self._ledger = ledger
        self._screening = screening
        self._clock = clock
        self._steps = CardSteps(policy, clock)
        self._delivery = Delivery(ledger, banks)

    def order(self, tx: Transaction, asked: OrderRequest, by: str) -> BankOrder:
        """Order money, once for its client id; held where the account was changed just before.

        Raises:
            CardIsUnknown, FundPaysByPayouts, PayeeIsFrozen, BankAccountIsNotLoaded,
            BankHasNoAgreement, BankOrderIdIsReused, and what `Ledger.transfer` raises.
        """
        card = self._steps.card_to_change(tx, asked.card_id)
        done = store.find_by_client(tx, asked.client_id)
        if done is not None:
            return _repeated(done, asked)
        if _is_fund(asked.source):
            raise FundPaysByPayouts(source=asked.source)
        now = self._clock.now()
        contract = self._payable(tx, card, now)
        held = bool(self._screening.lately_changed(tx, [card.person_id], now))
        at = moment_of(now)
        order = BankOrder(
            order_id=new_identifier("bank-order"),
            client_id=asked.client_id,
            card_id=asked.card_id,
            contract_id=contract.contract_id,
            bank=contract.bank,
            source=asked.source,
            amount_fen=asked.amount_fen,
            purpose=asked.purpose,
            state=OrderState.HELD if held else OrderState.ORDERED,
            ordered_at=at,
            ordered_by=by,
            due_at=None if held else at,
            reason=CHANGED_LATELY if held else None,
        )
        clearing = clearing_account(contract.bank)
        self._ledger.begin_account(tx, clearing, by)
        amount, purpose = asked.amount_fen, asked.purpose
        transfer = Transfer(order.order_id, asked.source, clearing, amount, purpose)
        self._ledger.transfer(tx, transfer, by)
        if not store.add(tx, order):  # another card's, at the same moment
            raise BankOrderIdIsReused(client_id=asked.client_id)
        store.record(tx, order, "hold" if held else "order", None, at=at, by=by)
        return order

    def decide(
        self,
        tx: Transaction,
        order_id: str,
        decision: Literal["release", "drop"],
        *,
        reason: str,
        by: str,
    ) -> BankOrder:
        """Release an order that is held to the account it named, or drop it: the money goes back.

        Raises:
            BankOrderIsUnknown, OrderDecisionIsOnesOwn, BankOrderStateForbids; released also
            PayeeIsFrozen, BankAccountIsNotLoaded, BankHasNoAgreement.
        """
        order = store.find_to_change(tx, order_id)
        if order is None:
            raise BankOrderIsUnknown
        if order.ordered_by == by:
            raise OrderDecisionIsOnesOwn
        action = OrderAction(decision)
        after, now = next_state(order.state, action), self._clock.now()
        at = moment_of(now)
        if action is OrderAction.RELEASE:
            card = self._steps.card_to_change(tx, order.card_id)
            if self._payable(tx, card, now).contract_id != order.contract_id:
                raise BankAccountIsNotLoaded
        posting = posting_of(order, action)
        if posting is not None:
            self._ledger.post(tx, posting)
        due_at = at if action is OrderAction.RELEASE else None
        decided = msgspec.structs.replace(order, state=after, due_at=due_at, reason=reason)
        store.save(tx, decided)
        store.record(tx, decided, decision, order.state.value, at=at, by=by)
        return decided

    def look(self, tx: Transaction, order_id: str) -> BankOrder:
        """An order. Raises BankOrderIsUnknown."""
        found = store.find(tx, order_id)
        if found is None:
            raise BankOrderIsUnknown
        return found

    def do_due(self, tx: Transaction, now: datetime) -> bool:
        """Due work: bring what waits, ask about what is under way, take in what comes back."""
        return self._delivery.do_due(tx, now)

    def _payable(self, tx: Transaction, card: Card, now: datetime) -> BankContract:
        """The contract whose account is paid to.

        Raises:
            PayeeIsFrozen, BankAccountIsNotLoaded, BankHasNoAgreement.
        """
        if card.state in FROZEN_STATES:
            raise PayeeIsFrozen
        contract = contracts.of_card(tx, card.card_id)
        if contract is None or contract.state is not ContractState.LOADED:
            raise BankAccountIsNotLoaded
        partner = self._policy.bank(contract.bank)
        if partner is None or not partner.serves(BankService.PAYOUT, now.date()):
            raise BankHasNoAgreement(bank=contract.bank)
        return contract


def _repeated(done: BankOrder, asked: OrderRequest) -> BankOrder:
    """An order that was made before. Raises BankOrderIdIsReused where it was another one."""
    names = OrderRequest.__struct_fields__
    if any(getattr(done, name) != getattr(asked, name) for name in names):
        raise BankOrderIdIsReused(client_id=asked.client_id)
    return done


def _is_fund(account: AccountName) -> bool:
    try:
        return kind_of(account) is AccountKind.FUND
    except AccountNameIsWrong:  # the ledger says so
        return False
