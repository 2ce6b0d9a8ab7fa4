"""Request and answer shapes of offers."""

from __future__ import annotations

from typing import Annotated

import msgspec

from card_platform.regions.agreement import Field
from card_platform.regions.catalogue.shapes import Short
from card_platform.services.places.offers.model import Offer, OfferAction
from card_platform.services.places.offers.service import OfferContent
from card_platform.services.places.offers.terms import OfferKind, OfferTerms
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import RequestBody, RequestIsMalformed

OperatorText = Annotated[str, exactly(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")]


class OfferBody(RequestBody, frozen=True):
    """What a department opens at a site."""

    site_id: Short
    operator: OperatorText
    kind: OfferKind
    field: Field
    name_zh: Short
    name_en: Short
    document: Short
    terms: OfferTerms
    item_id: Short | None = None

    def content(self) -> OfferContent:
        """The same for the service. Raises RequestIsMalformed with every fault of the terms."""
        faults = self.terms.faults(self.kind)
        if faults:
            raise RequestIsMalformed(faults)
        names = OfferContent.__struct_fields__
        return OfferContent(**{name: getattr(self, name) for name in names})


class OfferStepBody(RequestBody, frozen=True):
    """A step of an offer, and why."""

    action: OfferAction
    reason: Short


class OfferAnswer(msgspec.Struct, frozen=True):
    """An offer."""

    offer_id: str
    site_id: str
    operator: str
    kind: str
    field: str
    item_id: str | None
    name_zh: str
    name_en: str
    document: str
    terms: OfferTerms
    state: str
    at: str


class OffersAnswer(msgspec.Struct, frozen=True):
    """A page of offers, the oldest first."""

    offers: list[OfferAnswer]
    next: str | None


def offer_answer(offer: Offer) -> OfferAnswer:
    """An offer as it is told."""
    names = OfferAnswer.__struct_fields__
    return OfferAnswer(**{name: getattr(offer, name) for name in names})
