"""What each side is told of a day: the region as a whole, an operator, a pair of regions.

The statement of a pair is the same on both sides with its halves exchanged, once both sheets were
booked: what is claimed here is owed there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from card_platform.settlement.clearing import store
from card_platform.settlement.clearing.model import (
    SheetLine,
    SheetState,
    TapSum,
    Timing,
    timing_of,
)
from card_platform.settlement.clearing.service import Clearing
from card_platform.storage import Transaction


class StatementLine(msgspec.Struct, frozen=True):
    """What cards of one region paid one operator on one day of rides."""

    region: str
    operator: str
    ride_day: str
    timing: Timing
    taps: int
    amount_fen: int


class PairTotal(msgspec.Struct, frozen=True):
    """A pair of regions: `net_fen` is positive where the other region pays."""

    region: str
    claimed_taps: int
    claimed_fen: int
    owed_taps: int
    owed_fen: int
    net_fen: int
    agreed: bool


class OperatorStatement(msgspec.Struct, frozen=True):
    """What an operator earned in a day's clearing, by region of the cards and day of the rides."""

    day: str
    operator: str
    taps: int
    amount_fen: int
    late_taps: int
    late_fen: int
    lines: list[StatementLine]


class PairStatement(msgspec.Struct, frozen=True):
    """A day between two regions: what is claimed of the other, and what it claims."""

    day: str
    here: str
    there: str
    total: PairTotal
    claimed: list[StatementLine]
    owed: list[StatementLine]


class CityTotal(msgspec.Struct, frozen=True):
    """What the operators of a city earned from cards of the own region and of others."""

    city: str
    operators: int
    taps: int
    amount_fen: int
    own_fen: int
    others_fen: int


class DayStatement(msgspec.Struct, frozen=True):
    """A day: all taps, those of each operator and each city, and the net with each region."""

    day: str
    state: str
    taps: int
    amount_fen: int
    late_taps: int
    late_fen: int
    begun_at: str
    closed_at: str | None
    operators: list[StatementLine]
    cities: list[CityTotal]
    regions: list[PairTotal]


def day_statement(tx: Transaction, clearing: Clearing, day: str) -> DayStatement:
    """The statement of a day. Raises ClearingDayIsUnknown."""
    run = clearing.look(tx, day)
    lines = _lines(store.sums_of(tx, day), day)
    late = [each for each in lines if each.timing == "late"]
    return DayStatement(
        day=day,
        state=run.state.value,
        taps=run.taps,
        amount_fen=run.amount_fen,
        late_taps=sum(each.taps for each in late),
        late_fen=sum(each.amount_fen for each in late),
        begun_at=run.begun_at,
        closed_at=run.closed_at,
        operators=lines,
        cities=_cities(lines, clearing),
        regions=[_pair(tx, day, region) for region in _regions(tx, day)],
    )


def operator_statement(
    tx: Transaction, clearing: Clearing, day: str, operator: str
) -> OperatorStatement:
    """The statement of one operator. Raises ClearingDayIsUnknown."""
    clearing.look(tx, day)
    lines = _lines(store.sums_of(tx, day, operator=operator), day)
    late = [each for each in lines if each.timing == "late"]
    return OperatorStatement(
        day=day,
        operator=operator,
        taps=sum(each.taps for each in lines),
        amount_fen=sum(each.amount_fen for each in lines),
        late_taps=sum(each.taps for each in late),
        late_fen=sum(each.amount_fen for each in late),
        lines=lines,
    )


def pair_statement(tx: Transaction, clearing: Clearing, day: str, region: str) -> PairStatement:
    """The statement between this region and another. Raises ClearingDayIsUnknown."""
    owed = store.booked_lines(tx, day, region)
    if not owed:  # whose taps nobody took, runs no clearing, and is told all the same what it owes
        clearing.look(tx, day)
    return PairStatement(
        day=day,
        here=clearing.own,
        there=region,
        total=_pair(tx, day, region),
        claimed=_lines(store.sums_of(tx, day, region=region), day),
        owed=_lines((_as_sum(line, clearing.own) for line in owed), day),
    )


def _cities(lines: Sequence[StatementLine], clearing: Clearing) -> list[CityTotal]:
    """Every fen of the day once: the sum over the cities is the sum over the operators."""
    by_city: dict[str, list[StatementLine]] = {}
    for each in lines:
        by_city.setdefault(clearing.city_of(each.operator), []).append(each)
    totals = []
    for city, its in sorted(by_city.items()):
        amount_fen = sum(each.amount_fen for each in its)
        own_fen = sum(each.amount_fen for each in its if each.region == clearing.own)
        totals.append(
            CityTotal(
                city=city,
                operators=len({each.operator for each in its}),
                taps=sum(each.taps for each in its),
                amount_fen=amount_fen,
                own_fen=own_fen,
                others_fen=amount_fen - own_fen,
            )
        )
    return totals


def _pair(tx: Transaction, day: str, region: str) -> PairTotal:
    sheets = store.sheets_of(tx, day, region)
    claims = [each for each in sheets if each.state is not SheetState.GIVEN_UP]
    claimed_taps = sum(each.taps for each in claims)
    claimed_fen = sum(each.amount_fen for each in claims)
    owed_taps, owed_fen = store.booked_by_region(tx, day).get(region, (0, 0))
    return PairTotal(
        region=region,
        claimed_taps=claimed_taps,
        claimed_fen=claimed_fen,
        owed_taps=owed_taps,
        owed_fen=owed_fen,
        net_fen=claimed_fen - owed_fen,
        agreed=all(each.state is SheetState.AGREED for each in claims),
    )


def _regions(tx: Transaction, day: str) -> list[str]:
    claimed = {each.region for each in store.sheets_of(tx, day)}
    return sorted(claimed | set(store.booked_by_region(tx, day)))


def _as_sum(line: SheetLine, region: str) -> TapSum:
    return TapSum(region, line.operator, line.ride_day.isoformat(), line.taps, line.amount_fen)


def _lines(sums: Iterable[TapSum], day: str) -> list[StatementLine]:
    return [
        StatementLine(
            each.region,
            each.operator,
            each.ride_day,
            timing_of(each.ride_day, day),
            each.taps,
            each.amount_fen,
        )
        for each in sums
    ]
