"""Use cases of issuance: apply, personalise, report production, activate, look up.

Each loads, decides by the table, saves, and emits its event. What happens to a card in its holder's
hands stands in `losses`, `renewals`, `holder_affairs` and `agency_decisions`.
"""

from __future__ import annotations

from card_platform.issuance import registers, store
from card_platform.issuance.application import (
    Application,
    IdentityDocument,
    Mandate,
    check_application,
)
from card_platform.issuance.lifecycle import CardAction
from card_platform.issuance.model import Card, Person, PersonId, Step
from card_platform.issuance.personalisation import PersonalisationImage, personalisation_image
from card_platform.issuance.production.deliveries import require_arrived
from card_platform.issuance.refusals import CardIsUnknown, CardWaitsElsewhere, HistoricalBytesDiffer
from card_platform.issuance.steps import CardSteps
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.storage import Page, Paged, Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock


class Issuance:
    """Issues cards of one region.

    Every function takes the transaction it works in and `by`, the name of who asks.
    """

    def __init__(self, policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> None:
        self._policy = policy
        self._keys = keys
        self._steps = CardSteps(policy, clock)

    def apply(self, tx: Transaction, application: Application, by: str) -> tuple[str, Card]:
        """Grant an application: person, card and electronic card, or none of them (CQ-5, CQ-12a).

        Returns:
            The application's id and the new card.

        Raises:
            PersonAlreadyHoldsCard: also where two applications race (CQ-5a).
            Refusal: of `check_application`.
        """
        form, document = check_application(application, self._policy, self._steps.today())
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
        serial = self._steps.next_serial(tx)
        application_id, card = self._steps.open_card(
            tx,
            serial,
            store.save_person(tx, person),
            entitlement=application.entitlement or "",
            site=application.site,
            collection_site=application.collected_at,
            channel=application.channel,
            by=by,
        )
        if application.agent is not None:
            _keep_mandate(tx, application_id, application.agent)
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

    def require_holder(self, tx: Transaction, card_id: str, document: IdentityDocument) -> Card:
        """The card, for its holder who shows a document.

        Raises:
            CardIsUnknown, IdentityDocumentIsInvalid, DocumentIsNotTheHolders.
        """
        card = self.get_card(tx, card_id)
        self._steps.require_holder(tx, card, document)
        return card

    def personalise(self, tx: Transaction, card_id: str, by: str) -> Card:
        """Order the card from the card maker; again while in production, as a reprint."""
        return self._steps.take(tx, card_id, CardAction.PERSONALISE, by)

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
        card = self._steps.take(tx, card_id, CardAction.REPORT_PRODUCTION, by)
        if historical_bytes != card.historical_bytes:
            raise HistoricalBytesDiffer(expected=card.historical_bytes, found=historical_bytes)
        return card

    def activate(
        self,
        tx: Transaction,
        card_id: str,
        document: IdentityDocument,
        by: str,
        site: str | None = None,
    ) -> Card:
        """Hand the card to its holder, who shows a document (CQ-11a), where it was to be collected.

        Raises:
            CardWaitsElsewhere: `site` is not where the application said.
            CardHasNotArrived: it was sent there and has not come.
        """
        card = self._steps.take(tx, card_id, CardAction.ACTIVATE, by)
        self._steps.require_holder(tx, card, document)
        waits_at = registers.collection_site_of(tx, card_id)
        if site is not None and waits_at is not None and site != waits_at:
            raise CardWaitsElsewhere(site=waits_at)
        require_arrived(tx, card_id)
        registers.hand_over(tx, card_id, card.state_since, by)
        return card

    def history(self, tx: Transaction, card_id: str, page: Page) -> Paged[Step]:
        """The steps the card took, by pages.

        Raises:
            CardIsUnknown: there is none.
        """
        self.get_card(tx, card_id)
        return store.changes_of(tx, card_id, page)


def _keep_mandate(tx: Transaction, application_id: str, agent: Mandate) -> None:
    """Put the mandate of a checked agent on record."""
    assert agent.mandate_number is not None  # noqa: S101 - checked with the application
    assert agent.valid_until is not None  # noqa: S101 - checked with the application
    registers.add_row(
        tx,
        registers.MANDATES,
        application_id=application_id,
        agent_document_kind=agent.document.kind,
        agent_document_number=agent.document.number,
        mandate_number=agent.mandate_number,
        valid_until=agent.valid_until.isoformat(),
    )
