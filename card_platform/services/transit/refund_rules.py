"""What a rider paid more than the rules ask, since the card did not know better. Pure.

Rules: a terminal decides from the card alone. A card of before the day state knows no cap, and the
type on a card does not grow older with its holder. What was charged above that is given back ride
by ride, in the card's own order: first to the fare of the holder's age on that day, then to what
the caps of the day and the month left. Transfers and certificates stay as the terminal found them;
rides closed at a desk count for no cap, as on the card.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from card_platform.regions.policy import DatedNumber
from card_platform.regions.transit_policy import Transit
from card_platform.vocabulary.card_text import day_of

_PERCENT = 100


class RideCharged(msgspec.Struct, frozen=True, gc=False):
    """A ride as it was charged, and what of it was given back already; `on` is YYYYMMDD."""

    ride_id: str
    kind: str
    on: str
    start: str
    end: str
    fare_fen: int
    charged_fen: int
    operator: str
    refunds: int
    refunded_fen: int

    @property
    def day(self) -> date:
        """The day as the card wrote it."""
        return day_of(self.on)

    @property
    def paid_fen(self) -> int:
        """What it costs the rider as of now."""
        return self.charged_fen - self.refunded_fen


class RideRefund(NamedTuple):
    """What a ride cost too much, and the rule that says so."""

    ride: RideCharged
    rule: str
    fen: int


def refunds_of(
    transit: Transit, birth_date: date, rides: Iterable[RideCharged]
) -> Iterator[RideRefund]:
    """What is to be given back of the rides of one month, in the card's order."""
    of_day: defaultdict[str, int] = defaultdict(int)
    month_fen = 0
    for ride in rides:
        due_fen, rule = ride.paid_fen, ""
        for name, most_fen in (
            ("age", _by_age(transit, birth_date, ride)),
            ("daily-cap", _left(transit.daily_cap, ride.day, of_day[ride.on])),
            ("monthly-cap", _left(transit.monthly_cap, ride.day, month_fen)),
        ):
            if most_fen is not None and most_fen < due_fen:
                due_fen, rule = most_fen, name
        if rule:
            yield RideRefund(ride, rule, ride.paid_fen - due_fen)
        of_day[ride.on] += due_fen
        month_fen += due_fen


def _by_age(transit: Transit, birth_date: date, ride: RideCharged) -> int | None:
    rule = transit.age_concession(birth_date, ride.day)
    if rule is None:
        return None
    percent = rule.reduction.on_or_first(ride.day)
    return ride.fare_fen - ride.fare_fen * percent // _PERCENT


def _left(cap: DatedNumber | None, day: date, spent_fen: int) -> int | None:
    return None if cap is None else max(0, cap.on_or_first(day) - spent_fen)
