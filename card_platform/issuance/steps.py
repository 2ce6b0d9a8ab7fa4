"""Steps of a card's life, shared by the use cases: take one, ask for the holder, open a new card.

Order of locks, so that two requests never wait for each other: the counter of card serials first,
then the card, then the person. Whoever opens a new card begins with its serial.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from card_platform.issuance import registers, store
from card_platform.issuance.application import IdentityDocument, check_document
from card_platform.issuance.lifecycle import CardAction, CardState, next_state
from card_platform.issuance.model import (
    Card,
    CardApplied,
    CardId,
    CardStateChanged,
    Person,
    PersonId,
    Step,
)
from card_platform.issuance.personalisation import historical_bytes_of
from card_platform.issuance.refusals import (
    CardIsUnknown,
    CardNumbersAreUsedUp,
    DocumentIsNotTheHolders,
    PersonAlreadyHoldsCard,
)
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.card_number import (
    CARD_SERIALS_MAX,
    application_serial_of,
    card_number_of,
)
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, Moment, moment_of, years_later


class CardSteps:
    """The steps of the cards of one region."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self.policy = policy
        self._clock = clock

    def today(self) -> date:
        """The day it is."""
        return self._clock.now().date()

    def now(self) -> Moment:
        """This moment."""
        return moment_of(self._clock.now())

    def take(
        self, tx: Transaction, card_id: str, action: CardAction, by: str, reason: str = ""
    ) -> Card:
        """One row of the life-cycle table, for card, electronic card, history and listeners.

        Raises:
            CardIsUnknown: there is no such card.
            CardStateForbids: the table has no such row.
        """
        card = self.card_to_change(tx, card_id)
        after = next_state(card.state, action)
        at = self.now()
        changed = replace(card, state=after, state_since=at)
        store.save_state(tx, changed)
        store.add_change(tx, card.card_id, Step(action, card.state, after, at, by))
        tx.emit(
            CardStateChanged(
                at=at,
                by=by,
                card_id=card.card_id,
                application_serial=card.application_serial,
                step=action,
                before=card.state,
                after=after,
                reason=reason,
            )
        )
        return changed

    def card_to_change(self, tx: Transaction, card_id: str) -> Card:
        """The card, locked until the transaction ends.

        Raises:
            CardIsUnknown: there is none.
        """
        card = store.find_card(tx, card_id, to_change=True)
        if card is None:
            raise CardIsUnknown
        return card

    def require_holder(self, tx: Transaction, card: Card, document: IdentityDocument) -> Person:
        """The holder of the card, who shows a document.

        Raises:
            IdentityDocumentIsInvalid: it is not valid.
            DocumentIsNotTheHolders: it is somebody else's.
        """
        shown = check_document(document, self.policy, self.today())
        holder = store.get_person(tx, card.person_id)
        if (document.kind, shown.number) != (holder.document_kind, holder.document_number):
            raise DocumentIsNotTheHolders
        return holder

    def next_serial(self, tx: Transaction) -> int:
        """The serial of a new card; locks the counter, so it is taken before any card.

        Raises:
            CardNumbersAreUsedUp: there is none left.
        """
        serial = next_number(tx, "card-serial")
        if serial > CARD_SERIALS_MAX:
            raise CardNumbersAreUsedUp
        return serial

    def open_card(
        self,
        tx: Transaction,
        serial: int,
        person_id: PersonId,
        *,
        entitlement: str,
        site: str,
        collection_site: str,
        by: str,
        channel: str = "site",
    ) -> tuple[str, Card]:
        """A new card with its electronic card, on record with its application.

        Returns:
            The application's id and the card.

        Raises:
            PersonAlreadyHoldsCard: the person has one that has not ended (CQ-5a).
        """
        card = self._new_card(serial, person_id)
        if not store.add_card(tx, card):
            raise PersonAlreadyHoldsCard
        at = card.state_since
        application_id = new_identifier("application")
        store.add_application(
            tx,
            application_id=application_id,
            card_id=card.card_id,
            person_id=person_id,
            entitlement=entitlement,
            site=site,
            at=at,
            by=by,
        )
        registers.add_row(
            tx,
            registers.HAND_OVERS,
            card_id=card.card_id,
            channel=channel,
            accepted_at_site=site,
            collection_site=collection_site,
        )
        store.add_change(tx, card.card_id, Step("apply", None, card.state, at, by))
        tx.emit(CardApplied(at=at, by=by, card_id=card.card_id, site=site))
        return application_id, card

    def _new_card(self, serial: int, person_id: PersonId) -> Card:
        today = self.today()
        region = self.policy.region.code
        return Card(
            card_id=CardId(new_identifier("card")),
            person_id=person_id,
            card_number=card_number_of(serial),
            card_serial=serial,
            region=region,
            state=CardState.APPLIED,
            state_since=self.now(),
            historical_bytes=historical_bytes_of(region, serial),
            application_serial=application_serial_of(
                self.policy.transit.application_serial_prefix, serial
            ),
            issue_date=today,
            valid_until=years_later(today, self.policy.issuance.card_validity.on(today)),
            electronic_card_id=new_identifier("ecard"),
        )
