"""Instant issue (即时制卡): a site with a card printer makes a card while its holder waits.

Rules: for any card that was applied for, a first one, an exchange or a replacement. The site gets
the image of this one card; the finished chip and the holder's document end it in one step, in which
the card is reported, activated and handed over.
"""

from __future__ import annotations

from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.model import Card
from card_platform.issuance.production import store
from card_platform.issuance.production.model import CardMadeOnTheSpot
from card_platform.issuance.production.refusals import (
    CardIsMadeElsewhere,
    CardIsNotMadeOnTheSpot,
    SiteMakesNoCards,
)
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.issuance.service import Issuance
from card_platform.issuance.store import find_card
from card_platform.regions.catalogue.model import Equipment
from card_platform.services.sites.refusals import SiteIsUnknown
from card_platform.services.sites.store import find_site
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of


class InstantIssue:
    """Cards one region's sites make themselves."""

    def __init__(self, issuance: Issuance, clock: Clock) -> None:
        self._issuance = issuance
        self._clock = clock

    def begin(self, tx: Transaction, card_id: str, site_id: str, by: str) -> Card:
        """A site takes the order for the card; again, with its image, while it is being made.

        Raises:
            SiteIsUnknown, SiteMakesNoCards, CardIsUnknown, CardIsMadeElsewhere, CardStateForbids.
        """
        site = find_site(tx, site_id)
        if site is None:
            raise SiteIsUnknown
        if Equipment.CARD_PRINTER not in site.equipment:
            raise SiteMakesNoCards(site=site.name_zh)
        card = find_card(tx, card_id, to_change=True)
        if card is None:
            raise CardIsUnknown
        making = store.site_that_makes(tx, card_id)
        if making != site_id and (making is not None or card.state is not CardState.APPLIED):
            raise CardIsMadeElsewhere(state=card.state.value)
        card = self._issuance.personalise(tx, card_id, by)
        if making is None:
            at = moment_of(self._clock.now())
            store.begin_on_the_spot(tx, card_id, site_id, at, by)
            tx.emit(CardMadeOnTheSpot(at=at, by=by, card_id=card_id, site_id=site_id))
        return card

    def finish(
        self,
        tx: Transaction,
        card_id: str,
        historical_bytes: str,
        document: IdentityDocument,
        by: str,
    ) -> Card:
        """The chip is right and the holder is there: reported, activated, handed over.

        Raises:
            CardIsNotMadeOnTheSpot, HistoricalBytesDiffer, CardStateForbids,
            IdentityDocumentIsInvalid, DocumentIsNotTheHolders.
        """
        if store.site_that_makes(tx, card_id) is None:
            raise CardIsNotMadeOnTheSpot
        self._issuance.report_production(tx, card_id, historical_bytes, by)
        card = self._issuance.activate(tx, card_id, document, by)
        store.finish_on_the_spot(tx, card_id, card.state_since)
        return card
