"""What travels about stays in hospitals, and a stay elsewhere as it is kept here."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from card_platform.exchange.medical.model import DayText
from card_platform.exchange.shapes import CardNumber, Short
from card_platform.storage import Event
from card_platform.web.request_body import RequestBody

STAY, STAY_QUESTION = "medical-stay", "medical-stay-question"
BILL_DECISION = "medical-bill-decision"


class StayQuestion(RequestBody, frozen=True):
    """Does the holder of this card lie in a hospital, besides the visit of that reference."""

    reference: Short
    card_number: CardNumber


class StayNotice(RequestBody, frozen=True):
    """A stay began in the telling region, or has ended."""

    reference: Short
    card_number: CardNumber
    admitted_on: DayText
    ended_on: DayText | None = None


class StayAnswer(msgspec.Struct, frozen=True):
    """The region of another stay of the same holder; None where there is none."""

    double_with: str | None


class BillDecision(RequestBody, frozen=True):
    """What became of the bill of a stay in the region that is told, which was held for another stay
    in `other_region`: released (or cleared), or refused.
    """

    reference: Short
    decision: Literal["release", "refuse"]
    other_region: Short


class BillDecisionHeard(msgspec.Struct, frozen=True):
    """The state of the visit."""

    state: str


class StayElsewhere(msgspec.Struct, frozen=True):
    """A stay of this region's holder in another, as that region told of it.

    Attributes:
        reference: the visit there.
        double_with: the region of another stay that had not ended when it was told; None again once
            the days are known and do not overlap.
        at: when it was told.
    """

    region: str
    reference: str
    person_id: str
    card_id: str
    admitted_on: str
    ended_on: str | None
    double_with: str | None
    at: str


class DoubleStayFound(Event, frozen=True, kw_only=True):
    """A holder lies in hospitals of two regions, and both are to be asked which it is."""

    action: ClassVar[str] = "find-double-stay"
    region: str
    reference: str
    double_with: str

    @property
    def detail(self) -> str:
        """Where, and where else."""
        return f"{self.reference} in {self.region}, and in {self.double_with}"
