"""Opening offers, and finding the one a terminal serves."""

from __future__ import annotations

import msgspec

from card_platform.regions.catalogue.refusals import ItemIsUnknown
from card_platform.regions.catalogue.service import Catalogue
from card_platform.services.places.offers import store
from card_platform.services.places.offers.model import (
    Offer,
    OfferAction,
    OfferChanged,
    OfferState,
    next_state,
)
from card_platform.services.places.offers.refusals import (
    OfferIsNotOpen,
    OfferIsUnknown,
    OfferItemIsNotServed,
)
from card_platform.services.places.offers.terms import OfferKind, OfferTerms
from card_platform.services.sites.refusals import SiteIsUnknown
from card_platform.services.sites.store import find_site
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import AccountName, operator_account
from card_platform.settlement.ledger.refusals import AccountIsUnknown
from card_platform.settlement.ledger.store import is_known
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller


class OfferContent(msgspec.Struct, frozen=True):
    """What a department decides to open, where."""

    site_id: str
    operator: str
    kind: OfferKind
    field: str
    item_id: str | None
    name_zh: str
    name_en: str
    document: str
    terms: OfferTerms


class Offers:
    """The offers of one region."""

    def __init__(self, catalogue: Catalogue, ledger: Ledger, clock: Clock) -> None:
        self._catalogue = catalogue
        self._ledger = ledger
        self._clock = clock

    def open(self, tx: Transaction, content: OfferContent, by: str) -> Offer:
        """Open an offer.

        Raises:
            SiteIsUnknown, OfferItemIsNotServed, AccountIsUnknown: the last for a payer of a subsidy
                who has no account.
        """
        if find_site(tx, content.site_id) is None:
            raise SiteIsUnknown
        subsidy = content.terms.subsidy
        if subsidy is not None and not is_known(tx, subsidy.payer):
            raise AccountIsUnknown(account=AccountName(subsidy.payer))
        offer = Offer(
            offer_id=new_identifier("offer"),
            state=OfferState.OPEN,
            at=moment_of(self._clock.now()),
            by=by,
            **msgspec.structs.asdict(content),
        )
        self._require_served(tx, offer)
        self._ledger.begin_account(tx, operator_account(offer.operator), by)
        store.add(tx, offer)
        self._record(tx, offer, "open", before=None, reason=None, by=by)
        return offer

    def change(
        self, tx: Transaction, offer_id: str, action: OfferAction, reason: str, by: str
    ) -> Offer:
        """Suspend, resume or end an offer. Raises OfferIsUnknown, OfferStateForbids."""
        found = store.find(tx, offer_id, to_change=True)
        if found is None:
            raise OfferIsUnknown
        changed = msgspec.structs.replace(found, state=next_state(found.state, action))
        store.save_state(tx, offer_id, changed.state)
        self._record(tx, changed, action.value, before=found.state, reason=reason, by=by)
        return changed

    def look(self, tx: Transaction, offer_id: str) -> Offer:
        """An offer, open or not. Raises OfferIsUnknown."""
        found = store.find(tx, offer_id)
        if found is None:
            raise OfferIsUnknown
        return found

    def served(self, tx: Transaction, offer_id: str) -> Offer:
        """An offer people are served on now.

        Raises:
            OfferIsUnknown, OfferIsNotOpen, OfferItemIsNotServed.
        """
        found = self.look(tx, offer_id)
        if found.state is not OfferState.OPEN:
            raise OfferIsNotOpen(state=found.state.value)
        self._require_served(tx, found)
        return found

    def at(self, tx: Transaction, offer_id: str, caller: Caller) -> Offer:
        """The same, of the site the terminal stands at. Raises as `served`."""
        self.of_site(tx, offer_id, caller)
        return self.served(tx, offer_id)

    def of_site(self, tx: Transaction, offer_id: str, caller: Caller) -> Offer:
        """An offer of the terminal's site, open or not. Raises OfferIsUnknown."""
        found = self.look(tx, offer_id)
        if found.site_id != caller.site:
            raise OfferIsUnknown
        return found

    def _require_served(self, tx: Transaction, offer: Offer) -> None:
        if offer.item_id is None:
            return
        site = find_site(tx, offer.site_id)
        assert site is not None  # noqa: S101 - none is ever removed
        try:
            self._catalogue.item_in_effect(tx, offer.item_id, site.area)
        except ItemIsUnknown:
            raise OfferItemIsNotServed(item=offer.item_id) from None
        if not store.is_in_service(tx, offer.site_id, offer.item_id):
            raise OfferItemIsNotServed(item=offer.item_id)

    def _record(
        self,
        tx: Transaction,
        offer: Offer,
        step: str,
        *,
        before: OfferState | None,
        reason: str | None,
        by: str,
    ) -> None:
        at = moment_of(self._clock.now())
        store.CHANGES.add(
            tx,
            offer.offer_id,
            action=step,
            before=before.value if before else None,
            after=offer.state.value,
            reason=reason,
            at=at,
            by=by,
        )
        tx.emit(OfferChanged(at=at, by=by, offer_id=offer.offer_id, step=step))
