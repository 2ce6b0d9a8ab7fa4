"""Persons, cards and applications, and the events of issuance.

Personal data stands in `Person` only; a card, an event and the audit name a person by id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple, NewType

from card_platform.issuance.lifecycle import (
    ELECTRONIC_STATE,
    REVOKED_STATES,
    CardAction,
    CardState,
    next_state,
)
from card_platform.storage import Event

PersonId = NewType("PersonId", str)
CardId = NewType("CardId", str)


@dataclass(frozen=True, slots=True)
class Person:
    """A card holder as the application form and the document show them.

    Attributes:
        sex: 1 male, 2 female (GB/T 2261.1).
        ethnicity: two digits of GB/T 3304.
        birth_place: region code of GB/T 2260.
    """

    person_id: PersonId
    document_kind: str
    document_number: str
    name: str
    sex: str
    ethnicity: str
    birth_date: date
    birth_place: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class NewHolderData:
    """What is to change of a holder's data; None stays as it is."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A card and its electronic twin."""

    card_id: CardId
    person_id: PersonId
    card_number: str
    card_serial: int
    region: str
    state: CardState
    state_since: str
    historical_bytes: str
    application_serial: str
    issue_date: date
    valid_until: date
    electronic_card_id: str

    @property
    def electronic_state(self) -> str:
        """The state of the electronic card: it follows the card's (CQ-2)."""
        return ELECTRONIC_STATE[self.state]


class CardOfNumber(NamedTuple):
    """What the register has for a card number: card, state, holder's name, and the chip."""

    card_id: CardId
    state: CardState
    holder_name: str
    historical_bytes: str


class CardApplied(Event, frozen=True, kw_only=True):
    """A card was applied for; card and electronic card exist."""

    action: ClassVar[str] = "apply"
    card_id: str
    site: str

    @property
    def detail(self) -> str:
        """Where it was applied for."""
        return f"site {self.site}"


class CardStateChanged(Event, frozen=True, kw_only=True):
    """A card took a step of its life cycle."""

    action: ClassVar[str] = "change-state"
    card_id: str
    application_serial: str
    step: CardAction
    before: CardState
    after: CardState
    reason: str = ""

    @property
    def detail(self) -> str:
        """The step, the states and the reason given."""
        because = f": {self.reason}" if self.reason else ""
        return f"{self.step.value}, {self.before.value} -> {self.after.value}{because}"

    @property
    def revoked(self) -> bool:
        """Whether gates must refuse the card from now on."""
        return self.after in REVOKED_STATES


class CardServed(Event, frozen=True, kw_only=True):
    """Something was done for the holder that leaves the card's state as it is."""

    action: ClassVar[str] = "serve-holder"
    card_id: str
    told: str

    @property
    def detail(self) -> str:
        """What was done; names of fields, never their content."""
        return self.told


class CardDestroyed(Event, frozen=True, kw_only=True):
    """A card that has ended was destroyed (CQ-13b)."""

    action: ClassVar[str] = "destroy-card"
    card_id: str
    method: str

    @property
    def detail(self) -> str:
        """How."""
        return self.method


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a card's history."""

    action: str
    before: str | None
    after: str
    at: str
    by: str


__all__ = [
    "Card",
    "CardAction",
    "CardApplied",
    "CardDestroyed",
    "CardId",
    "CardServed",
    "CardState",
    "CardStateChanged",
    "NewHolderData",
    "Person",
    "PersonId",
    "Step",
    "next_state",
]
