"""Signing electronic cards: a phone enrols for a card, and the signing follows the card.

Rules: the holder shows a document, the phone proves its key, the card is active (assumption: as
the national electronic card needs an activated card). A new signing ends the one before it.
"""

from __future__ import annotations

from dataclasses import replace

from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.ecards import store
from card_platform.issuance.ecards.codes import Codes
from card_platform.issuance.ecards.model import (
    ElectronicCardSigned,
    Signing,
    SigningChanged,
    signing_proof,
)
from card_platform.issuance.ecards.refusals import (
    CardIsNotSigned,
    DeviceProofIsWrong,
    SigningNeedsActiveCard,
)
from card_platform.issuance.ecards.signing_life import (
    SIGNING_LIFE,
    SigningAction,
    SigningState,
    signing_after,
)
from card_platform.issuance.ecards.uses import CodeUses
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.model import CardStateChanged
from card_platform.issuance.steps import CardSteps
from card_platform.keys import SecurityModule
from card_platform.keys.sm2 import signature_is_right
from card_platform.regions import RegionPolicy
from card_platform.regions.electronic_card_policy import SigningLevel
from card_platform.storage import Event, Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock


class ElectronicCards:
    """Signings of one region's electronic cards."""

    def __init__(self, policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> None:
        self.codes = Codes(policy, keys, clock)
        self.uses = CodeUses(policy, self.codes, clock)
        self._steps = CardSteps(policy, clock)

    def sign(
        self,
        tx: Transaction,
        card_id: str,
        *,
        document: IdentityDocument,
        level: SigningLevel,
        public_key: str,
        proof: str,
        device: str,
        by: str,
    ) -> Signing:
        """Enrol a phone for the electronic card of a card.

        Raises:
            CardIsUnknown, SigningNeedsActiveCard, IdentityDocumentIsInvalid,
            DocumentIsNotTheHolders, DeviceProofIsWrong: as they say.
        """
        card = self._steps.card_to_change(tx, card_id)
        if card.state is not CardState.ACTIVE:
            raise SigningNeedsActiveCard(state=card.state.value)
        self._steps.require_holder(tx, card, document)
        proved = signing_proof(card.card_number, level, public_key)
        if not signature_is_right(bytes.fromhex(public_key), proved, bytes.fromhex(proof)):
            raise DeviceProofIsWrong
        at = self._steps.now()
        former = store.signing_of(tx, card_id)
        if former is not None:
            _change(tx, former, SigningState.ENDED, at, by)
        signing = Signing(
            signing_id=new_identifier("signing"),
            card_id=card.card_id,
            level=level,
            state=SigningState.VALID,
            state_since=at,
            public_key=public_key.upper(),
            device=device,
            at=at,
            by=by,
        )
        store.add_signing(tx, signing)
        tx.emit(ElectronicCardSigned(at=at, by=by, card_id=card.card_id, level=level.value))
        return signing

    def end_signing(
        self, tx: Transaction, card_id: str, document: IdentityDocument, by: str
    ) -> Signing:
        """Take the electronic card off the phone; the card itself stays as it is.

        Raises:
            CardIsUnknown, IdentityDocumentIsInvalid, DocumentIsNotTheHolders, CardIsNotSigned.
        """
        card = self._steps.card_to_change(tx, card_id)
        self._steps.require_holder(tx, card, document)
        signing = store.signing_of(tx, card_id)
        if signing is None:
            raise CardIsNotSigned
        state = SIGNING_LIFE[signing.state][SigningAction.END]
        return _change(tx, signing, state, self._steps.now(), by)


def follow_cards(transaction: Transaction, event: Event) -> None:
    """Event handler: the signing follows the card, in the card's own transaction."""
    if not isinstance(event, CardStateChanged):
        return
    signing = store.signing_of(transaction, event.card_id)
    if signing is None:
        return
    after = signing_after(signing.state, event.after)
    if after is not signing.state:
        _change(transaction, signing, after, event.at, event.by)


def _change(tx: Transaction, signing: Signing, state: SigningState, at: str, by: str) -> Signing:
    store.save_signing_state(tx, signing.signing_id, state, at)
    tx.emit(SigningChanged(at=at, by=by, card_id=signing.card_id, after=state))
    return replace(signing, state=state, state_since=at)
