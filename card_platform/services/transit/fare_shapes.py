"""Request and answer shapes of fares: what a ride costs, and what was charged otherwise."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from card_platform.services.transit.fare_questions import Mode, Ridden, RideInQuestion
from card_platform.services.transit.shapes import ReductionAnswer
from card_platform.vocabulary.card_text import AmountFen, Hex2
from card_platform.vocabulary.faults import Fault
from card_platform.web.request_body import EXACT_NUMBER_MAX, RequestBody, RequestIsMalformed

OperatorName = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Certificates = Annotated[list[Literal["disability", "veteran"]], msgspec.Meta(max_length=2)]


class RideBefore(RequestBody, frozen=True):
    """The ride before, and how long before this one it ended."""

    mode: Mode
    ended_before_s: Annotated[int, msgspec.Meta(ge=0, le=EXACT_NUMBER_MAX)]


class FareQuestion(RequestBody, frozen=True):
    """A ride on a bus line, or between two stations; an end that is left out is missing.

    `spent_fen` and `month_spent_fen` are what the card has paid that day and that month. Without an
    `operator` the fares are the region's.
    """

    day: date
    bus_line: Hex2 | None = None
    start: Hex2 | None = None
    end: Hex2 | None = None
    certificates: Certificates = msgspec.field(default_factory=list)
    before: RideBefore | None = None
    spent_fen: AmountFen = 0
    month_spent_fen: AmountFen = 0
    operator: OperatorName | None = None
    birth_date: date | None = None

    def read(self) -> RideInQuestion:
        """The same for the rules.

        Raises:
            RequestIsMalformed: a bus has no stations, and a ride on the metro has one at least.
        """
        on_metro = self.start is not None or self.end is not None
        if on_metro == (self.bus_line is not None):
            expected = "a bus line, or a station at one end at least"
            raise RequestIsMalformed([Fault("bus_line", repr(self.bus_line), expected)])
        before = self.before
        return RideInQuestion(
            self.day,
            self.bus_line.upper() if self.bus_line else None,
            self.start.upper() if self.start else None,
            self.end.upper() if self.end else None,
            frozenset(self.certificates),
            Ridden(before.mode, before.ended_before_s) if before else None,
            self.spent_fen,
            self.operator,
            self.birth_date,
            self.month_spent_fen,
        )


class FareDifference(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """A ride whose charge is not the tariff less the reduction named."""

    ride_id: str
    operator: str
    terminal_number: str
    start: str
    end: str
    fare_fen: int
    reduction: ReductionAnswer | None
    charged_fen: int
    difference_fen: int
    at: str


class FareDifferencesAnswer(msgspec.Struct, frozen=True):
    """Rides that were charged otherwise, for the operator to look into."""

    differences: list[FareDifference]
    next: str | None
