"""Dated numbers: what every part of a region pack is made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

Text = Annotated[str, msgspec.Meta(min_length=1)]


class PackPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every part of a pack has in common."""


class DatedValue(PackPart, frozen=True, rename={"from_day": "from"}):
    """A value and the day it starts to hold."""

    from_day: date
    value: Annotated[int, msgspec.Meta(ge=0)]


class DatedNumber(PackPart, frozen=True):
    """A number with its unit, its values over time and where it comes from."""

    unit: Literal["years", "fen", "metres", "seconds", "percent", "thousandths", "days", "periods"]
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
