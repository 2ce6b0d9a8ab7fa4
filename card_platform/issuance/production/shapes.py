"""Request and answer shapes of production and delivery, as in docs/interfaces.md, section 4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from card_platform.errors import Refusal
from card_platform.issuance.application import Application, ApplicationForm, IdentityDocument, Short
from card_platform.issuance.personalisation import PersonalisationImage
from card_platform.issuance.production.application_lists import LIST_MAX, Line
from card_platform.issuance.production.deliveries import DELIVERY_MAX
from card_platform.issuance.production.model import Delivery, DeliveryState, Order
from card_platform.issuance.production.orders import ORDER_MAX
from card_platform.issuance.shapes import Site
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.web.request_body import RequestBody, RequestIsMalformed

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_HistoricalBytes = Annotated[str, exactly(r"[0-9A-Fa-f]{26}")]


class PersonOfList(RequestBody, frozen=True):
    """One person of a list."""

    form: ApplicationForm
    document: IdentityDocument


class ApplicationList(RequestBody, frozen=True):
    """Many people a unit (a school, an employer, a community) applies for, on one entitlement."""

    unit: Short
    region: Annotated[str, exactly(REGION_PATTERN)]
    site: Site
    entitlement: Short
    people: Annotated[list[PersonOfList], msgspec.Meta(min_length=1, max_length=LIST_MAX)]
    collection_site: Site | None = None

    def applications(self) -> list[Application]:
        """An application for each."""
        return [
            Application(
                region=self.region,
                site=self.site,
                entitlement=self.entitlement,
                form=each.form,
                document=each.document,
                collection_site=self.collection_site,
            )
            for each in self.people
        ]


class ProblemOfLine(msgspec.Struct, frozen=True):
    """Why a line was not taken."""

    code: str
    detail_zh: str
    detail_en: str
    faults: list[Fault]


class ApplicationLineAnswer(msgspec.Struct, frozen=True):
    """What became of the person of a line; lines count from 1."""

    line: int
    card_id: str | None
    card_number: str | None
    problem: ProblemOfLine | None


class ApplicationListAnswer(msgspec.Struct, frozen=True):
    """How many were granted, and each line."""

    unit: str
    granted: int
    refused: int
    lines: list[ApplicationLineAnswer]


class ProductionOrderBody(RequestBody, frozen=True):
    """How many cards at most, and for which site of collection; null is every site."""

    cards_max: Annotated[int, msgspec.Meta(ge=1, le=ORDER_MAX)]
    collection_site: Site | None = None


class OrderAnswer(msgspec.Struct, frozen=True):
    """An order, and how many of its cards are in which state: its progress."""

    order_id: str
    collection_site: str | None
    cards: int
    cards_by_state: dict[str, int]
    at: str
    by: str


class OrdersAnswer(msgspec.Struct, frozen=True):
    """Orders, the latest first."""

    orders: list[OrderAnswer]
    next: str | None


class OrderedImage(msgspec.Struct, frozen=True):
    """The image of one card of an order."""

    card_id: str
    image: PersonalisationImage


class ImagesAnswer(msgspec.Struct, frozen=True):
    """Images of the cards that are not reported yet."""

    images: list[OrderedImage]
    next: str | None


class ChipReport(RequestBody, frozen=True):
    """What the card maker read from a finished chip."""

    card_id: _Id
    historical_bytes: _HistoricalBytes


class ChipReports(RequestBody, frozen=True):
    """Finished cards of an order."""

    reports: Annotated[list[ChipReport], msgspec.Meta(min_length=1, max_length=ORDER_MAX)]


class ChipRefused(msgspec.Struct, frozen=True):
    """A card that was not taken in, and why."""

    card_id: str
    problem: ProblemOfLine


class ChipReportsAnswer(msgspec.Struct, frozen=True):
    """How many were taken in, and those that were not."""

    taken: int
    refused: list[ChipRefused]


class DeliveryBody(RequestBody, frozen=True):
    """Finished cards, the site they go to, and the carrier's number."""

    site: Site
    consignment: Short
    card_ids: Annotated[list[_Id], msgspec.Meta(min_length=1, max_length=DELIVERY_MAX)]


class CountBody(RequestBody, frozen=True):
    """The cards the site misses; all others came."""

    missing: Annotated[list[_Id], msgspec.Meta(max_length=DELIVERY_MAX)]


class DeliveryAnswer(msgspec.Struct, frozen=True):
    """A consignment, and how many of its cards are where."""

    delivery_id: str
    site: str
    consignment: str
    cards: int
    cards_by_state: dict[str, int]
    sent_at: str
    counted_at: str | None


class DeliveriesAnswer(msgspec.Struct, frozen=True):
    """Consignments, the latest first."""

    deliveries: list[DeliveryAnswer]
    next: str | None


class DeliveredCard(msgspec.Struct, frozen=True):
    """A card of a consignment."""

    card_id: str
    state: Literal["sent", "arrived", "missing"]
    state_since: str


class DeliveredCardsAnswer(msgspec.Struct, frozen=True):
    """Cards of a consignment."""

    cards: list[DeliveredCard]
    next: str | None


class OnTheSpotBody(RequestBody, frozen=True):
    """The site that makes the card."""

    site_id: _Id


class OnTheSpotAnswer(msgspec.Struct, frozen=True):
    """The card a site makes, and its image."""

    card_id: str
    image: PersonalisationImage


class FinishBody(RequestBody, frozen=True):
    """What was read from the finished chip, and the document the holder shows."""

    historical_bytes: _HistoricalBytes
    document: IdentityDocument


def problem_of(refusal: Refusal) -> ProblemOfLine:
    """A refusal as a line tells it."""
    faults = refusal.faults if isinstance(refusal, RequestIsMalformed) else []
    return ProblemOfLine(refusal.code, refusal.detail_zh, refusal.detail_en, faults)


def list_answer(unit: str, lines: list[Line]) -> ApplicationListAnswer:
    """A list as answered."""
    told = [
        ApplicationLineAnswer(
            number,
            each.card.card_id if each.card else None,
            each.card.card_number if each.card else None,
            problem_of(each.refusal) if each.refusal else None,
        )
        for number, each in enumerate(lines, start=1)
    ]
    granted = sum(each.card is not None for each in lines)
    return ApplicationListAnswer(unit, granted, len(lines) - granted, told)


def order_answer(order: Order, states: dict[str, int]) -> OrderAnswer:
    """An order as answered."""
    site = order.collection_site
    return OrderAnswer(order.order_id, site, order.cards, states, order.at, order.by)


def delivery_answer(delivery: Delivery, cards: Mapping[DeliveryState, int]) -> DeliveryAnswer:
    """A consignment as answered."""
    by_state = {each.value: cards[each] for each in DeliveryState if each in cards}
    return DeliveryAnswer(
        delivery.delivery_id,
        delivery.site,
        delivery.consignment,
        delivery.cards,
        by_state,
        delivery.sent_at,
        delivery.counted_at,
    )
