"""A region's policy: what may differ between provinces, typed.

Rules: a number is dated: it has values, each from a day on; asking for a day before the first value
is an error of the pack, found when it is read. `source` is a clause id (CQ-5a), a standard, or
"assumption".
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.money import Fen
from card_platform.vocabulary.region import REGION_PATTERN

Text = Annotated[str, msgspec.Meta(min_length=1)]
StationCode = Annotated[str, exactly(r"[0-9A-F]{4}")]
HexByte = Annotated[str, exactly(r"[0-9A-F]{2}")]


class _Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every part of a pack has in common."""


class DatedValue(_Pack, frozen=True, rename={"from_day": "from"}):
    """A value and the day it starts to hold."""

    from_day: date
    value: Annotated[int, msgspec.Meta(ge=0)]


class DatedNumber(_Pack, frozen=True):
    """A number with its unit, its values over time and where it comes from."""

    unit: Literal["years", "fen", "metres", "seconds", "percent", "days"]
    source: Text
    values: Annotated[list[DatedValue], msgspec.Meta(min_length=1)]

    def on(self, day: date) -> int:
        """The value that holds on the day.

        Raises:
            LookupError: the day is before the first value.
        """
        held = [each for each in self.values if each.from_day <= day]
        if not held:
            raise LookupError(f"no value on {day}")
        return max(held, key=lambda each: each.from_day).value

    def on_or_first(self, day: date) -> int:
        """The same, but the first value on a day before it: receipts of a clock that is wrong."""
        first = min(self.values, key=lambda each: each.from_day)
        return first.value if day < first.from_day else self.on(day)


class ClosedSet(_Pack, frozen=True):
    """Codes a clause allows."""

    source: Text
    codes: Annotated[list[Text], msgspec.Meta(min_length=1)]


class Region(_Pack, frozen=True):
    """Which region this is."""

    code: Annotated[str, exactly(REGION_PATTERN)]
    abbreviation: Annotated[str, exactly(r"[A-Z]{2}")]
    name_zh: Text
    name_en: Text
    source: Text


class Issuance(_Pack, frozen=True):
    """Who gets a card, on which documents, for how long; why it is exchanged, frozen, cancelled."""

    entitlements: ClosedSet
    documents: ClosedSet
    card_validity: DatedNumber
    oral_loss_report: DatedNumber
    """How long an oral loss report holds before it ends by itself."""
    exchange_reasons: ClosedSet
    freeze_grounds: ClosedSet
    cancellation_reasons: ClosedSet


class Station(_Pack, frozen=True):
    """A station of the line, `from_origin_m` metres from its first station."""

    code: StationCode
    name_zh: Text
    name_en: Text
    from_origin_m: Annotated[int, msgspec.Meta(ge=0)]


class FareStep(_Pack, frozen=True):
    """Rides up to this distance cost this much; the last step has no distance."""

    fare_fen: Annotated[int, msgspec.Meta(ge=0)]
    up_to_m: Annotated[int, msgspec.Meta(gt=0)] | None = None


class FareTable(_Pack, frozen=True):
    """Fares by distance, from a day on."""

    from_day: date
    source: Text
    steps: Annotated[list[FareStep], msgspec.Meta(min_length=1)]


class BusLine(_Pack, frozen=True):
    """A bus line with one fare for every ride; its code is in no station's way."""

    code: StationCode
    name_zh: Text
    name_en: Text
    fare: DatedNumber


class Transfer(_Pack, frozen=True):
    """What a ride costs less that begins soon after another."""

    within: DatedNumber
    reduction: DatedNumber


class Concession(_Pack, frozen=True):
    """What the holder of a certificate pays less."""

    kind: Literal["disability", "veteran"]
    reduction: DatedNumber


class Transit(_Pack, frozen=True):
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
    transfer: Transfer
    concessions: list[Concession]
    revocation_list_age_max: DatedNumber
    bus_lines: list[BusLine]
    distances_source: Text
    stations: Annotated[list[Station], msgspec.Meta(min_length=2)]
    fares: Annotated[list[FareTable], msgspec.Meta(min_length=1)]
    daily_cap: DatedNumber | None = None
    """What a day costs at most; a region may have none."""


class RegionPolicy(_Pack, frozen=True):
    """One region: everything the services ask a region for."""

    region: Region
    issuance: Issuance
    transit: Transit

    def station(self, code: str) -> Station | None:
        """The station of that code."""
        for each in self.transit.stations:  # half the cost of a generator, and every tap asks
            if each.code == code:
                return each
        return None

    def bus_line(self, code: str) -> BusLine | None:
        """The bus line of that code."""
        for each in self.transit.bus_lines:
            if each.code == code:
                return each
        return None

    def fare(self, start: Station, end: Station, day: date) -> Fen:
        """The fare of a ride on that day, by the distance between the two stations.

        A day before the first table (a gate whose clock is wrong) is priced by the first.
        """
        tables = sorted(self.transit.fares, key=lambda each: each.from_day)
        table = max(
            (each for each in tables if each.from_day <= day),
            key=lambda each: each.from_day,
            default=tables[0],
        )
        distance_m = abs(start.from_origin_m - end.from_origin_m)
        for step in table.steps:
            if step.up_to_m is None or distance_m <= step.up_to_m:
                return Fen(step.fare_fen)
        raise LookupError(f"no fare for {distance_m} m")
