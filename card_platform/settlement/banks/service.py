"""Choosing a bank with the financial function, loading it, and what ends with it."""

from __future__ import annotations

from typing import Literal

import msgspec

from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.holder_affairs import HolderAffairs
from card_platform.issuance.lifecycle import ENDED_STATES
from card_platform.issuance.model import CardStateChanged
from card_platform.issuance.registers import CardFunctions
from card_platform.regions import RegionPolicy
from card_platform.regions.bank_policy import BankAgreement, BankService, PartnerBank
from card_platform.settlement.banks import store
from card_platform.settlement.banks.model import (
    CARD_ENDED,
    CLOSED_BY_HOLDER,
    BankContract,
    BankContractChanged,
    ContractAction,
    ContractState,
    next_state,
)
from card_platform.settlement.banks.refusals import (
    BankContractIsUnknown,
    BankHasNoAgreement,
    BankIsNotChosen,
    BankIsUnknown,
)
from card_platform.storage import Event, Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


class Banks:
    """The partner banks of one region, and their contracts with holders."""

    def __init__(self, policy: RegionPolicy, affairs: HolderAffairs, clock: Clock) -> None:
        self._policy = policy
        self._affairs = affairs
        self._clock = clock

    def to_choose_from(self) -> list[tuple[PartnerBank, BankAgreement]]:
        """The banks whose agreement of today names the financial function."""
        today = self._clock.now().date()
        found = [(bank, bank.agreement_on(today)) for bank in self._policy.banks]
        return [
            (bank, agreement)
            for bank, agreement in found
            if agreement is not None and BankService.FINANCIAL_FUNCTION in agreement.services
        ]

    def change_function(
        self,
        tx: Transaction,
        card_id: str,
        action: Literal["open", "close"],
        document: IdentityDocument,
        by: str,
        *,
        bank: str | None,
    ) -> CardFunctions:
        """Open the financial function with the bank the holder chose, or close it.

        Raises:
            BankIsNotChosen, BankIsUnknown, BankHasNoAgreement, and what
            `HolderAffairs.change_financial_function` raises.
        """
        agreement = self._agreement_of(bank) if action == "open" else None
        held = self._affairs.change_financial_function(tx, card_id, action, document, by)
        at = moment_of(self._clock.now())
        if agreement is not None and bank is not None:
            contract = BankContract(
                contract_id=new_identifier("bank-contract"),
                card_id=card_id,
                bank=bank,
                agreement=agreement.document,
                state=ContractState.CHOSEN,
                opened_at=at,
                opened_by=by,
            )
            store.add(tx, contract)
            _record(tx, contract, "open", None, at=at, by=by)
        else:
            _end(tx, card_id, CLOSED_BY_HOLDER, at=at, by=by)
        return held

    def load(
        self, tx: Transaction, contract_id: str, account: str, bank: str, by: str
    ) -> BankContract:
        """The bank has loaded the function: its account, of which the last four digits are kept.

        Raises:
            BankContractIsUnknown, BankContractStateForbids, BankHasNoAgreement.
        """
        found = store.find_to_change(tx, contract_id)
        if found is None or found.bank != bank:
            raise BankContractIsUnknown
        after = next_state(found.state, ContractAction.LOAD)
        self._agreement_of(bank)
        at = moment_of(self._clock.now())
        loaded = msgspec.structs.replace(found, state=after, account=account[-4:], loaded_at=at)
        store.save(tx, loaded)
        _record(tx, loaded, ContractAction.LOAD.value, found.state.value, at=at, by=by)
        return loaded

    def contract_of(self, tx: Transaction, card_id: str) -> BankContract:
        """The card's contract that goes on. Raises BankContractIsUnknown: it has none."""
        found = store.of_card(tx, card_id)
        if found is None:
            raise BankContractIsUnknown
        return found

    def _agreement_of(self, bank: str | None) -> BankAgreement:
        """The agreement under which the bank serves the financial function today."""
        if bank is None:
            raise BankIsNotChosen
        known = self._policy.bank(bank)
        if known is None:
            raise BankIsUnknown(bank=bank)
        agreement = known.agreement_on(self._clock.now().date())
        if agreement is None or BankService.FINANCIAL_FUNCTION not in agreement.services:
            raise BankHasNoAgreement(bank=bank)
        return agreement


def follow_cards(tx: Transaction, event: Event) -> None:
    """Event handler: the contract ends with the card."""
    if isinstance(event, CardStateChanged) and event.after in ENDED_STATES:
        _end(tx, event.card_id, CARD_ENDED, at=event.at, by=event.by)


def _end(tx: Transaction, card_id: str, reason: str, *, at: str, by: str) -> None:
    found = store.of_card_to_change(tx, card_id)
    if found is None:
        return
    after = next_state(found.state, ContractAction.END)
    ended = msgspec.structs.replace(found, state=after, ended_at=at, end_reason=reason)
    store.save(tx, ended)
    _record(tx, ended, ContractAction.END.value, found.state.value, at=at, by=by)


def _record(
    tx: Transaction, contract: BankContract, action: str, before: str | None, *, at: str, by: str
) -> None:
    after = contract.state.value
    store.CHANGES.add(
        tx, contract.contract_id, action=action, before=before, after=after, at=at, by=by
    )
    tx.emit(
        BankContractChanged(
            at=at,
            by=by,
            card_id=contract.card_id,
            contract_id=contract.contract_id,
            bank=contract.bank,
            step=action,
        )
    )
