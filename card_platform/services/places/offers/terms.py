"""The terms of an offer: everything in which one place or field of use differs from another.

Rules:
- Terms are data that a department decides on, on paper that is named; no code knows a field of use.
- Whoever is served by card has resident terms: a card of the region, or of one that agreed on the
  field (NM-11, NX-12). `price_fen` is what everybody else pays.
- A price is fixed, or that of the bill the terminal names (`price_fen` null).
- The best concession counts, never two of them. What is left of a fen is the holder's gain.
- A subsidy is paid by its payer to the operator, of what the concession leaves.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

import msgspec

from card_platform.vocabulary.card_text import AmountFen
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.web.request_body import RequestBody

TimeText = Annotated[str, exactly(r"([01][0-9]|2[0-3]):[0-5][0-9]")]
EndText = Annotated[str, exactly(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")]
Age = Annotated[int, msgspec.Meta(ge=1, le=120)]
Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]
OfferKind = Literal["lending", "entry", "session", "meal", "purchase", "attendance"]
"""外借, 入馆入园, 康复护理等服务, 用餐, 消费, 日间照料等到离."""
_PERCENT = 100


class OfferSlot(RequestBody, frozen=True):
    """A part of each day with so many places; 24:00 is its end."""

    opens: TimeText
    closes: EndText
    places: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class OfferConcession(RequestBody, frozen=True):
    """What a certificate or an age takes off the price; `from_age` is for an age alone."""

    kind: Literal["disability", "veteran", "age"]
    percent: Percent
    from_age: Age | None = None


class OfferSubsidy(RequestBody, frozen=True):
    """What somebody else pays of it.

    `payer` is an account of the ledger; the share is at most `cap_fen` an act; whoever is younger
    than `from_age` has none, and no more than `daily_max` acts of a day have one.
    """

    payer: Annotated[str, exactly(r"fund:[a-z0-9][a-z0-9-]{0,59}")]
    percent: Percent
    cap_fen: Annotated[int, msgspec.Meta(ge=1, le=100_000_000)] | None = None
    from_age: Age | None = None
    daily_max: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None


class LoanTerms(RequestBody, frozen=True):
    """How long a copy is lent, how often that is renewed, how many a reader has at once."""

    days: Annotated[int, msgspec.Meta(ge=1, le=365)]
    renewals_max: Annotated[int, msgspec.Meta(ge=0, le=10)]
    copies_max: Annotated[int, msgspec.Meta(ge=1, le=100)]


class OfferTerms(RequestBody, frozen=True):
    """The terms of one offer.

    Attributes:
        price_fen: for those without resident terms; null where the bill says it.
        resident_price_fen: for who shows a card; null where it is the same.
        slots: of each day; without any there is nothing to book and no quota.
        ahead_days: how many days before its day a slot is booked at the earliest.
        daily_max, yearly_max: most acts of a person in a calendar day, a calendar year.
        loan: of a lending offer, and of it alone.
    """

    price_fen: AmountFen | None
    resident_price_fen: AmountFen | None = None
    concessions: Annotated[list[OfferConcession], msgspec.Meta(max_length=12)] = msgspec.field(
        default_factory=list
    )
    subsidy: OfferSubsidy | None = None
    slots: Annotated[list[OfferSlot], msgspec.Meta(max_length=48)] = msgspec.field(
        default_factory=list
    )
    ahead_days: Annotated[int, msgspec.Meta(ge=0, le=365)] = 7
    daily_max: Annotated[int, msgspec.Meta(ge=1, le=1_000)] | None = None
    yearly_max: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    loan: LoanTerms | None = None

    @property
    def card_price_fen(self) -> int | None:
        """What is asked of who shows a card, before concessions; None where the bill says it."""
        return self.price_fen if self.resident_price_fen is None else self.resident_price_fen

    def slot(self, opens: str) -> OfferSlot | None:
        """The slot that opens then."""
        return next((each for each in self.slots if each.opens == opens), None)

    def slot_at(self, time: str) -> OfferSlot | None:
        """The slot of a time of the day, HH:MM."""
        return next((each for each in self.slots if each.opens <= time < each.closes), None)

    def faults(self, kind: OfferKind) -> list[Fault]:
        """Faults a type cannot see."""
        found = []
        if (self.loan is not None) != (kind == "lending"):
            found.append(Fault("terms.loan", kind, "with lending, and with it alone"))
        if kind == "lending" and (self.price_fen != 0 or self.slots or self.subsidy):
            found.append(Fault("terms", kind, "lending for 0 fen, without slots or subsidy"))
        if self.resident_price_fen is not None and self.resident_price_fen > (self.price_fen or 0):
            found.append(
                Fault("terms.resident_price_fen", str(self.resident_price_fen), "<= price_fen")
            )
        found += [
            Fault(f"terms.concessions[{index}].from_age", str(each.from_age), "with age alone")
            for index, each in enumerate(self.concessions)
            if (each.from_age is None) == (each.kind == "age")
        ]
        found += [
            Fault(f"terms.slots[{index}].closes", each.closes, "a time after opens")
            for index, each in enumerate(self.slots)
            if each.closes <= each.opens
        ]
        found += [
            Fault(f"terms.slots[{index}].opens", later.opens, "not before the slot before closes")
            for index, (slot, later) in enumerate(pairwise(self.slots), start=1)
            if later.opens < slot.closes
        ]
        return found


class Price(msgspec.Struct, frozen=True):
    """What an act costs whom: the concession takes `percent` off `listed_fen`, the payer of the
    subsidy pays `subsidy_fen` of the rest, the holder `charged_fen`.
    """

    listed_fen: int
    concession: str | None
    percent: int
    subsidy_fen: int
    charged_fen: int


def price_of(listed_fen: int, claims: list[tuple[int, str]], subsidy: OfferSubsidy | None) -> Price:
    """The price under the best of the claims, each a percentage and its reason."""
    percent, reason = max(claims, default=(0, None))
    reduced_fen = listed_fen * (_PERCENT - percent) // _PERCENT
    subsidy_fen = 0
    if subsidy is not None:
        share_fen = -(-reduced_fen * subsidy.percent // _PERCENT)
        subsidy_fen = share_fen if subsidy.cap_fen is None else min(share_fen, subsidy.cap_fen)
    return Price(listed_fen, reason, percent, subsidy_fen, reduced_fen - subsidy_fen)


def age_on(born: date, day: date) -> int:
    """Full years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
