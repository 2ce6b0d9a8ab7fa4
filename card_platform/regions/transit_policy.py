"""Transport in a region pack: the purse, the metro line, the buses, and what lowers a fare.

Rules: an operator drives in one city, and may have fares of its own; where it has none, the
region's hold, and transfers and caps are the region's in any case. A receipt of a day before the
first value or table (a gate whose clock is wrong) is priced by the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Literal

import msgspec

from card_platform.regions.dated import DatedNumber, PackPart, Text
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.money import Fen

StationCode = Annotated[str, exactly(r"[0-9A-F]{4}")]
HexByte = Annotated[str, exactly(r"[0-9A-F]{2}")]
_PERCENT_MAX = 100
ORDINARY_CARD = "00"
CARD_TYPES = {"senior": "02", "child": "05"}
"""The type a card has in file 17 by its holder's age.

Assumption: 02 is that of the elderly in JT/T 978 (general knowledge); 05 is ours.
"""


class Station(PackPart, frozen=True):
    """A station of the line, `from_origin_m` metres from its first station."""

    code: StationCode
    name_zh: Text
    name_en: Text
    from_origin_m: Annotated[int, msgspec.Meta(ge=0)]


class FareStep(PackPart, frozen=True):
    """Rides up to this distance cost this much; the last step has no distance."""

    fare_fen: Annotated[int, msgspec.Meta(ge=0)]
    up_to_m: Annotated[int, msgspec.Meta(gt=0)] | None = None


class FareTable(PackPart, frozen=True):
    """Fares by distance, from a day on."""

    from_day: date
    source: Text
    steps: Annotated[list[FareStep], msgspec.Meta(min_length=1)]


class BusLine(PackPart, frozen=True):
    """A bus line with one fare for every ride; its code is in no station's way."""

    code: StationCode
    name_zh: Text
    name_en: Text
    fare: DatedNumber


class Transfer(PackPart, frozen=True):
    """What a ride costs less that begins soon after another."""

    within: DatedNumber
    reduction: DatedNumber


class Concession(PackPart, frozen=True):
    """What the holder of a certificate pays less."""

    kind: Literal["disability", "veteran"]
    reduction: DatedNumber


class AgeConcession(PackPart, frozen=True):
    """What people of an age pay less: `senior` from that age on, `child` below it."""

    kind: Literal["senior", "child"]
    age: DatedNumber
    reduction: DatedNumber

    def covers(self, birth_date: date, day: date) -> bool:
        """Whether it covers on that day who was born then."""
        years = age_on(birth_date, day)
        limit = self.age.on_or_first(day)
        return years >= limit if self.kind == "senior" else years < limit


class City(PackPart, frozen=True):
    """Another city of the region than that of the line, and the operators that drive there."""

    code: Annotated[str, exactly(r"[0-9]{4}")]
    name_zh: Text
    name_en: Text
    source: Text
    operators: Annotated[list[Text], msgspec.Meta(min_length=1)]


class OperatorTariff(PackPart, frozen=True):
    """Fares of one operator: by distance, or one for all its buses, or both."""

    operator: Text
    fares: list[FareTable] = msgspec.field(default_factory=list)
    bus_fare: DatedNumber | None = None


class Transit(PackPart, frozen=True):
    """The purse, the metro line and the buses."""

    issuer_id: Annotated[str, exactly(r"[0-9A-F]{16}")]
    application_serial_prefix: Annotated[str, exactly(r"[0-9]{8}")]
    province: Annotated[str, exactly(r"[0-9]{4}")]
    city: Annotated[str, exactly(r"[0-9]{4}")]
    source: Text
    line: HexByte
    line_name_zh: Text
    line_name_en: Text
    minimum_entry_balance: DatedNumber
    missing_exit_fare: DatedNumber
    missing_entry_fare: DatedNumber
    """What an exit without an entry costs, paid at the desk of the station."""
    transfer: Transfer
    concessions: list[Concession]
    revocation_list_age_max: DatedNumber
    tap_day_counts: DatedNumber
    """How long after it the day of a tap, which is the terminal's, is believed; told later, a tap
    is priced as of the day it was told."""
    bus_lines: list[BusLine]
    distances_source: Text
    stations: Annotated[list[Station], msgspec.Meta(min_length=2)]
    fares: Annotated[list[FareTable], msgspec.Meta(min_length=1)]
    daily_cap: DatedNumber | None = None
    """What a day costs at most; a region may have none."""
    monthly_cap: DatedNumber | None = None
    """What a calendar month costs at most, over the caps of its days."""
    age_concessions: list[AgeConcession] = msgspec.field(default_factory=list)
    operators: list[OperatorTariff] = msgspec.field(default_factory=list)
    cities: list[City] = msgspec.field(default_factory=list)
    """Cities beside `city`, which is that of every operator that stands with none of them."""

    def city_of(self, operator: str) -> str:
        """The city an operator drives in: the code terminals write, under which it is cleared."""
        found = (each.code for each in self.cities if operator in each.operators)
        return next(found, self.city)

    def age_concession(self, birth_date: date, day: date) -> AgeConcession | None:
        """The best concession for who was born then; None where there is none."""
        held = [each for each in self.age_concessions if each.covers(birth_date, day)]
        return max(held, key=lambda each: each.reduction.on_or_first(day), default=None)

    def tariff_of(self, operator: str | None) -> OperatorTariff | None:
        """The operator's own fares."""
        return next((each for each in self.operators if each.operator == operator), None)

    def fare_table(self, day: date, operator: str | None = None) -> FareTable:
        """The fares by distance on that day."""
        own = self.tariff_of(operator)
        tables = sorted((own and own.fares) or self.fares, key=lambda each: each.from_day)
        held = [each for each in tables if each.from_day <= day]
        return held[-1] if held else tables[0]

    def fare(self, start: Station, end: Station, day: date, operator: str | None = None) -> Fen:
        """The fare of a ride on that day, by the distance between the two stations."""
        distance_m = abs(start.from_origin_m - end.from_origin_m)
        for step in self.fare_table(day, operator).steps:
            if step.up_to_m is None or distance_m <= step.up_to_m:
                return Fen(step.fare_fen)
        raise LookupError(f"no fare for {distance_m} m")

    def bus_fare(self, line: BusLine, operator: str | None = None) -> DatedNumber:
        """What a ride on the line costs with that operator."""
        own = self.tariff_of(operator)
        return own.bus_fare if own is not None and own.bus_fare is not None else line.fare

    def numbers(self) -> Iterator[tuple[str, DatedNumber, str]]:
        """Every number with its place and the unit it must have."""
        yield "minimum_entry_balance", self.minimum_entry_balance, "fen"
        yield "missing_exit_fare", self.missing_exit_fare, "fen"
        yield "missing_entry_fare", self.missing_entry_fare, "fen"
        if self.daily_cap is not None:
            yield "daily_cap", self.daily_cap, "fen"
        if self.monthly_cap is not None:
            yield "monthly_cap", self.monthly_cap, "fen"
        yield "transfer.within", self.transfer.within, "seconds"
        yield "transfer.reduction", self.transfer.reduction, "fen"
        yield "revocation_list_age_max", self.revocation_list_age_max, "seconds"
        yield "tap_day_counts", self.tap_day_counts, "days"
        for index, concession in enumerate(self.concessions):
            yield f"concessions[{index}].reduction", concession.reduction, "percent"
        for index, age in enumerate(self.age_concessions):
            yield f"age_concessions[{index}].age", age.age, "years"
            yield f"age_concessions[{index}].reduction", age.reduction, "percent"
        for index, line in enumerate(self.bus_lines):
            yield f"bus_lines[{index}].fare", line.fare, "fen"
        for index, each in enumerate(self.operators):
            if each.bus_fare is not None:
                yield f"operators[{index}].bus_fare", each.bus_fare, "fen"

    def faults(self) -> Iterator[Fault]:
        """What a type cannot see."""
        places = [
            *((f"stations[{index}]", each.code) for index, each in enumerate(self.stations)),
            *((f"bus_lines[{index}]", each.code) for index, each in enumerate(self.bus_lines)),
        ]
        codes = [code for _, code in places]
        for index, (place, code) in enumerate(places):
            if code in codes[:index]:
                expected = "a code no other station or bus line has"
                yield Fault(f"transit.{place}.code", code, expected)
        kinds = [each.kind for each in self.concessions]
        ages = [each.kind for each in self.age_concessions]
        operators = [each.operator for each in self.operators]
        yield from _twice("concessions", "kind", kinds, "each kind of certificate once")
        yield from _twice("age_concessions", "kind", ages, "each age once")
        yield from _twice("operators", "operator", operators, "each operator once")
        cities = [self.city, *(each.code for each in self.cities)]
        yield from _twice("cities", "code", cities[1:], "each city once")
        if self.city in cities[1:]:
            place = f"transit.cities[{cities[1:].index(self.city)}].code"
            yield Fault(place, self.city, "another city than that of the line")
        driving = [name for each in self.cities for name in each.operators]
        for name in dict.fromkeys(name for name in driving if driving.count(name) > 1):
            yield Fault("transit.cities.operators", name, "an operator in one city")
        for place, number, unit in self.numbers():
            if unit == "percent":
                for dated in number.values:
                    if dated.value > _PERCENT_MAX:
                        yield Fault(f"transit.{place}.values", str(dated.value), "at most 100")
        for index, table in enumerate(self.fares):
            yield from _table_faults(f"transit.fares[{index}].steps", table)
        for number_of, each in enumerate(self.operators):
            for index, table in enumerate(each.fares):
                place = f"transit.operators[{number_of}].fares[{index}].steps"
                yield from _table_faults(place, table)
            if not each.fares and each.bus_fare is None:
                place = f"transit.operators[{number_of}]"
                yield Fault(place, each.operator, "fares, a bus_fare, or both")


def age_on(birth_date: date, day: date) -> int:
    """Whole years of age on a day."""
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday


def _twice(place: str, field: str, codes: Sequence[str], expected: str) -> Iterator[Fault]:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield Fault(f"transit.{place}[{index}].{field}", code, expected)


def _table_faults(place: str, table: FareTable) -> Iterator[Fault]:
    limits = [step.up_to_m for step in table.steps]
    if limits[-1] is not None:
        yield Fault(place, f"up_to_m = {limits[-1]}", "a last step without up_to_m")
    inner = [limit for limit in limits[:-1] if limit is not None]
    if len(inner) != len(limits) - 1 or inner != sorted(set(inner)):
        yield Fault(place, str(limits), "distances that rise from step to step")
