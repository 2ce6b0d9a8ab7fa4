"""Use cases of issuance: apply, personalise, report production, activate, report loss, restore,
freeze, lift the freeze, cancel. Each loads, decides by the table, saves, and emits its event.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from card_platform.issuance import store
from card_platform.issuance.application import (
    Application,
    IdentityDocument,
    check_application,
    check_document,
)
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
from card_platform.issuance.personalisation import (
    PersonalisationImage,
    historical_bytes_of,
    personalisation_image,
)
from card_platform.issuance.refusals import (
    CardIsUnknown,
    CardNumbersAreUsedUp,
    DocumentIsNotTheHolders,
    HistoricalBytesDiffer,
    PersonAlreadyHoldsCard,
)
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.card_number import (
    CARD_SERIALS_MAX,
    application_serial_of,
    card_number_of,
)
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of, years_later


class Issuance:
    """Issues cards of one region and keeps their lives.

    Every function takes the transaction it works in and `by`, the name of who asks.
    """

    def __init__(self, policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> None:
        self._policy = policy
        self._keys = keys
        self._clock = clock

    def apply(self, tx: Transaction, application: Application, by: str) -> tuple[str, Card]:
        """Grant an application: person, card and electronic card, or none of them (CQ-5, CQ-12a).

        Returns:
            The application's id and the new card.

        Raises:
            PersonAlreadyHoldsCard: also where two applications race (CQ-5a).
            Refusal: of `check_application`.
        """
        today = self._clock.now().date()
        form, document = check_application(application, self._policy, today)
        person = Person(
            person_id=PersonId(new_identifier("person")),
            document_kind="resident-id",
            document_number=document.number,
            name=form.name,
            sex=form.sex,
            ethnicity=form.ethnicity,
            birth_date=form.birth_date,
            birth_place=form.birth_place,
            phone=form.phone,
            address=form.address,
        )
        card = self._new_card(tx, store.save_person(tx, person), today)
        if not store.add_card(tx, card):
            raise PersonAlreadyHoldsCard
        application_id = new_identifier("application")
        store.add_application(
            tx,
            application_id=application_id,
            card_id=card.card_id,
            person_id=card.person_id,
            entitlement=application.entitlement or "",
            site=application.site,
            at=card.state_since,
            by=by,
        )
        store.add_change(tx, card.card_id, Step("apply", None, card.state, card.state_since, by))
        tx.emit(
            CardApplied(at=card.state_since, by=by, card_id=card.card_id, site=application.site)
        )
        return application_id, card

    def get_card(self, tx: Transaction, card_id: str) -> Card:
        """The card of that id.

        Raises:
            CardIsUnknown: there is none.
        """
        card = store.find_card(tx, card_id)
        if card is None:
            raise CardIsUnknown
        return card

    def personalise(self, tx: Transaction, card_id: str, by: str) -> Card:
        """Order the card from the card maker; again while in production, as a reprint."""
        return self._take_step(tx, card_id, CardAction.PERSONALISE, by)

    def image_of(self, tx: Transaction, card_id: str) -> PersonalisationImage:
        """The personalisation image of a card."""
        card = self.get_card(tx, card_id)
        person = store.get_person(tx, card.person_id)
        return personalisation_image(card, person, self._policy, self._keys)

    def report_production(
        self, tx: Transaction, card_id: str, historical_bytes: str, by: str
    ) -> Card:
        """Take the finished card in, after comparing the chip with the order.

        Raises:
            HistoricalBytesDiffer: the chip is another one.
        """
        card = self._take_step(tx, card_id, CardAction.REPORT_PRODUCTION, by)
        if historical_bytes != card.historical_bytes:
            raise HistoricalBytesDiffer(expected=card.historical_bytes, found=historical_bytes)
        return card

    def activate(self, tx: Transaction, card_id: str, document: IdentityDocument, by: str) -> Card:
        """Hand the card to its holder, who shows a document (CQ-11a)."""
        card = self._take_step(tx, card_id, CardAction.ACTIVATE, by)
        self._require_holder(tx, card, document)
        return card

    def report_loss(self, tx: Transaction, card_id: str, by: str) -> Card:
        """Stop a card the holder has lost, everywhere at once (CQ-11a)."""
        return self._take_step(tx, card_id, CardAction.REPORT_LOSS, by)

    def restore(
        self, tx: Transaction, card_id: str, document: IdentityDocument, reason: str, by: str
    ) -> Card:
        """Take a loss report back for the holder who found the card (CQ-11a)."""
        card = self._take_step(tx, card_id, CardAction.RESTORE, by, reason)
        self._require_holder(tx, card, document)
        return card

    def freeze(self, tx: Transaction, card_id: str, reason: str, by: str) -> Card:
        """Freeze a card used by another (CQ-20b)."""
        return self._take_step(tx, card_id, CardAction.FREEZE, by, reason)

    def lift_freeze(self, tx: Transaction, card_id: str, reason: str, by: str) -> Card:
        """Lift a freeze after a decision (CQ-20b)."""
        return self._take_step(tx, card_id, CardAction.LIFT_FREEZE, by, reason)

    def cancel(self, tx: Transaction, card_id: str, reason: str, by: str) -> Card:
        """End a card for good (CQ-13b)."""
        return self._take_step(tx, card_id, CardAction.CANCEL, by, reason)

    def history(self, tx: Transaction, card_id: str) -> list[Step]:
        """Every step the card took.

        Raises:
            CardIsUnknown: there is none.
        """
        self.get_card(tx, card_id)
        return store.changes_of(tx, card_id)

    def _take_step(
        self, tx: Transaction, card_id: str, action: CardAction, by: str, reason: str = ""
    ) -> Card:
        """One row of the life-cycle table, for card, electronic card, history and listeners."""
        card = store.find_card(tx, card_id, to_change=True)
        if card is None:
            raise CardIsUnknown
        after = next_state(card.state, action)
        at = moment_of(self._clock.now())
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

    def _require_holder(self, tx: Transaction, card: Card, document: IdentityDocument) -> None:
        shown = check_document(document, self._policy, self._clock.now().date())
        holder = store.get_person(tx, card.person_id)
        if (document.kind, shown.number) != (holder.document_kind, holder.document_number):
            raise DocumentIsNotTheHolders

    def _new_card(self, tx: Transaction, person_id: PersonId, today: date) -> Card:
        serial = next_number(tx, "card-serial")
        if serial > CARD_SERIALS_MAX:
            raise CardNumbersAreUsedUp
        years = self._policy.issuance.card_validity.on(today)
        region = self._policy.region.code
        return Card(
            card_id=CardId(new_identifier("card")),
            person_id=person_id,
            card_number=card_number_of(serial),
            card_serial=serial,
            region=region,
            state=CardState.APPLIED,
            state_since=moment_of(self._clock.now()),
            historical_bytes=historical_bytes_of(region, serial),
            application_serial=application_serial_of(
                self._policy.transit.application_serial_prefix, serial
            ),
            issue_date=today,
            valid_until=years_later(today, years),
            electronic_card_id=new_identifier("ecard"),
        )
