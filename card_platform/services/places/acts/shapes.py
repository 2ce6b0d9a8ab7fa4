"""Request and answer shapes of acts and of personal money."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from card_platform.issuance.application import IdentityDocument
from card_platform.regions.bank_policy import BankCode
from card_platform.regions.catalogue.shapes import Short
from card_platform.services.places.acts.model import Act, ActAction, Pay
from card_platform.services.places.acts.service import Wish
from card_platform.services.places.offers.terms import TimeText
from card_platform.services.verification.presented import Presented
from card_platform.services.verification.presented_body import PresentedBody
from card_platform.vocabulary.card_text import PositiveFen
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.web.request_body import RequestBody, RequestIsMalformed

Region = Annotated[str, exactly(REGION_PATTERN)]
Certificate = Literal["disability", "veteran"]


class ShownBody(PresentedBody, frozen=True):
    """What a visitor shows.

    A card of another region comes with its `region` and the `certificates` read on it.
    """

    region: Region | None = None
    certificates: Annotated[list[Certificate], msgspec.Meta(max_length=2)] = msgspec.field(
        default_factory=list
    )

    def shown(self) -> Presented:
        """What was shown. Raises RequestIsMalformed."""
        if self.region is not None and self.means != "card":
            raise RequestIsMalformed([Fault("region", self.region, "with a card alone")])
        return super().shown()


class BookingBody(ShownBody, frozen=True, kw_only=True):
    """A slot that is wanted."""

    day: date
    opens: TimeText
    pay: Pay = "personal-money"

    def wish(self) -> Wish:
        """The same for the service."""
        return Wish(self.pay, self.day, self.opens)


class UseBody(ShownBody, frozen=True):
    """Coming; `bill_fen` where the bill says the price."""

    bill_fen: PositiveFen | None = None
    pay: Pay = "personal-money"

    def wish(self) -> Wish:
        """The same for the service."""
        return Wish(self.pay, bill_fen=self.bill_fen)


class OwnBookingBody(RequestBody, frozen=True):
    """A slot wanted from home, paid from personal money; a clerk shows the holder's document."""

    offer_id: Short
    day: date
    opens: TimeText
    document: IdentityDocument | None = None

    def wish(self) -> Wish:
        """The same for the service."""
        return Wish("personal-money", self.day, self.opens)


class ActStepBody(RequestBody, frozen=True):
    """A step of an act, and why."""

    action: Literal["cancel", "refund", "leave"]
    reason: Short

    def step(self) -> ActAction:
        """The same for the service."""
        return ActAction(self.action)


class CancellationOfBooking(RequestBody, frozen=True):
    """A clerk shows the holder's document."""

    document: IdentityDocument | None = None


class FillingBody(RequestBody, frozen=True):
    """Money from the holder's account at a partner bank; the holder's document is shown."""

    bank: BankCode
    amount_fen: PositiveFen
    document: IdentityDocument


class ActAnswer(msgspec.Struct, frozen=True):
    """An act: what was asked, what took something off, who paid what."""

    act_id: str
    offer_id: str
    kind: str
    region: str
    card_number: str
    means: str
    agreement: str | None
    state: str
    day: str
    opens: str | None
    begun_at: str
    ended_at: str | None
    listed_fen: int
    concession: str | None
    percent: int
    subsidy_fen: int
    payer: str | None
    charged_fen: int
    pay: str | None
    copy: str | None
    due_on: str | None
    renewals: int
    returned_in: str | None


class ActsAnswer(msgspec.Struct, frozen=True):
    """A page of a card's acts, the latest first."""

    acts: list[ActAnswer]
    next: str | None


class SlotAnswer(msgspec.Struct, frozen=True):
    """A slot of a day, and how many places are left."""

    opens: str
    closes: str
    places: int
    left: int


class SlotsAnswer(msgspec.Struct, frozen=True):
    """The slots of a day."""

    offer_id: str
    day: str
    slots: list[SlotAnswer]


class PersonalMoneyAnswer(msgspec.Struct, frozen=True):
    """What a holder's personal money comes to."""

    balance_fen: int


def act_answer(act: Act) -> ActAnswer:
    """An act as it is told."""
    names = ActAnswer.__struct_fields__
    return ActAnswer(**{name: getattr(act, name) for name in names})
