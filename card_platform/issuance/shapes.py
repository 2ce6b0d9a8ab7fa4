"""Request and answer shapes of issuance, as in docs/interfaces.md, section 4."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.model import Card
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import RequestBody

Site = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class PersonalisationRequest(RequestBody, frozen=True):
    """Empty: the card says all there is to say."""


class ProductionReport(RequestBody, frozen=True):
    """What the card maker read from the finished chip."""

    historical_bytes: Annotated[str, exactly(r"[0-9A-Fa-f]{26}")]


class Activation(RequestBody, frozen=True):
    """The document the holder shows."""

    document: IdentityDocument
    site: Site | None = None


class LossReport(RequestBody, frozen=True):
    """An oral loss report (口头挂失) ends by itself after the region's days; a formal one
    (正式挂失) only by restoring or replacing the card.
    """

    kind: Literal["oral", "formal"]


class Restoration(RequestBody, frozen=True):
    """The document the holder shows, and why the report is taken back."""

    document: IdentityDocument
    reason: Reason


class ElectronicCardAnswer(msgspec.Struct, frozen=True):
    """The electronic card of a card."""

    electronic_card_id: str
    state: str


class ApplicationAnswer(msgspec.Struct, frozen=True):
    """A granted application."""

    application_id: str
    person_id: str
    card_id: str
    card_number: str
    card_state: str
    electronic_card: ElectronicCardAnswer


class CardAnswer(msgspec.Struct, frozen=True):
    """A card as clerks and operators see it: no personal data."""

    card_id: str
    card_number: str
    region: str
    state: str
    state_since: str
    historical_bytes: str
    application_serial: str
    electronic_card: ElectronicCardAnswer


class ChangeAnswer(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """One step of a card's history."""

    action: str
    before: str | None
    after: str
    at: str
    by: str


class HistoryAnswer(msgspec.Struct, frozen=True):
    """A card's history, in order."""

    changes: list[ChangeAnswer]
    next: str | None


class CardReference(msgspec.Struct, frozen=True):
    """All that is kept of an answer that holds keys."""

    card_id: str


def electronic_answer(card: Card) -> ElectronicCardAnswer:
    """The electronic card as answered."""
    return ElectronicCardAnswer(card.electronic_card_id, card.electronic_state)


def card_answer(card: Card) -> CardAnswer:
    """The card as answered."""
    return CardAnswer(
        card.card_id,
        card.card_number,
        card.region,
        card.state.value,
        card.state_since,
        card.historical_bytes,
        card.application_serial,
        electronic_answer(card),
    )


def application_answer(application_id: str, card: Card) -> ApplicationAnswer:
    """A granted application as answered."""
    return ApplicationAnswer(
        application_id,
        card.person_id,
        card.card_id,
        card.card_number,
        card.state.value,
        electronic_answer(card),
    )
