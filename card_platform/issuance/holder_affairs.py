"""What the holder asks for while the card lives: new data, PIN, financial function; and its record.

Rules: each needs the holder's own document, the PIN reports of a change or a lock excepted: the
chip decided those. The financial function is opened and closed by the holder only, on an active
card. A card that has ended is served no more.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Literal

from card_platform.issuance import registers, store
from card_platform.issuance.application import IdentityDocument, check_name
from card_platform.issuance.lifecycle import (
    ENDED_STATES,
    FINANCIAL_LIFE,
    PIN_LIFE,
    CardState,
    FunctionAction,
    PinAction,
    next_in,
)
from card_platform.issuance.model import Card, CardServed, NewHolderData
from card_platform.issuance.refusals import (
    CardHasEnded,
    FunctionNeedsActiveCard,
    IdentityDocumentIsMissing,
    PinResetWasNotCommanded,
)
from card_platform.issuance.registers import CardFunctions
from card_platform.issuance.steps import CardSteps
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock


class HolderAffairs:
    """Services to the holders of one region's cards."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._steps = CardSteps(policy, clock)

    def change_data(
        self,
        tx: Transaction,
        card_id: str,
        document: IdentityDocument,
        changed: NewHolderData,
        by: str,
    ) -> bool:
        """Save a new name, phone or address of the holder.

        Returns:
            Whether the card shows what has changed (the name) and is due for exchange (CQ-12b).

        Raises:
            CardIsUnknown, CardHasEnded, IdentityDocumentIsInvalid, DocumentIsNotTheHolders.
        """
        card = self._living_card(tx, card_id)
        holder = self._steps.require_holder(tx, card, document)
        if changed.name is not None:
            check_name(changed.name, "name")
        new = {
            name: value
            for name, value in asdict(changed).items()
            if value is not None and value != getattr(holder, name)
        }
        if new:
            store.change_person(tx, holder.person_id, **new)
            at, fields = self._steps.now(), ", ".join(sorted(new))
            registers.add_row(
                tx,
                registers.HOLDER_CHANGES,
                change_id=new_identifier("change"),
                person_id=holder.person_id,
                fields=fields,
                at=at,
                by=by,
            )
            self._tell(tx, card, by, f"holder data: {fields}")
        return "name" in new

    def report_pin(
        self,
        tx: Transaction,
        card_id: str,
        action: PinAction,
        document: IdentityDocument | None,
        by: str,
    ) -> CardFunctions:
        """Take in what became of the PIN; a reset is for the holder, by document, and follows a
        command that was made for the chip.

        Raises:
            IdentityDocumentIsMissing: a reset without a document.
            PinResetWasNotCommanded: a reset that no chip can have been told.
            CardIsUnknown, CardHasEnded, CardStateForbids, IdentityDocumentIsInvalid,
            DocumentIsNotTheHolders.
        """
        card = self._living_card(tx, card_id)
        if action is PinAction.RESET:
            if document is None:
                raise IdentityDocumentIsMissing
            self._steps.require_holder(tx, card, document)
            if not registers.take_pin_reset_command(tx, card_id):
                raise PinResetWasNotCommanded
        held = registers.functions_of(tx, card_id)
        return self._save(
            tx,
            card,
            replace(held, pin=next_in(PIN_LIFE, held.pin, action)),
            by,
            f"PIN: {action.value}",
        )

    def change_financial_function(
        self,
        tx: Transaction,
        card_id: str,
        action: Literal["open", "close"],
        document: IdentityDocument,
        by: str,
    ) -> CardFunctions:
        """Open or close the financial function for the holder in person.

        Raises:
            FunctionNeedsActiveCard: the card is not active.
            CardIsUnknown, CardStateForbids, IdentityDocumentIsInvalid, DocumentIsNotTheHolders.
        """
        card = self._steps.card_to_change(tx, card_id)
        if card.state is not CardState.ACTIVE:
            raise FunctionNeedsActiveCard(state=card.state.value)
        self._steps.require_holder(tx, card, document)
        held = registers.functions_of(tx, card_id)
        financial = next_in(FINANCIAL_LIFE, held.financial, FunctionAction(action))
        told = f"financial function: {action}"
        return self._save(tx, card, replace(held, financial=financial), by, told)

    def _save(
        self, tx: Transaction, card: Card, held: CardFunctions, by: str, told: str
    ) -> CardFunctions:
        registers.save_functions(tx, card.card_id, held, self._steps.now())
        self._tell(tx, card, by, told)
        return held

    def _living_card(self, tx: Transaction, card_id: str) -> Card:
        card = self._steps.card_to_change(tx, card_id)
        if card.state in ENDED_STATES:
            raise CardHasEnded(state=card.state.value)
        return card

    def _tell(self, tx: Transaction, card: Card, by: str, told: str) -> None:
        tx.emit(CardServed(at=self._steps.now(), by=by, card_id=card.card_id, told=told))
