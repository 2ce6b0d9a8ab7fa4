"""The rules of detection as data: every threshold with its unit, dated values and a reason.

Rules: the file is version 1; a later version is the file with some numbers changed, kept in the
platform with who proposed it and what its back-test found. What holds on a day is told by the
dates of the values. A faulty file reports all its faults at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from card_platform.regions.dated import DatedValue, Text
from card_platform.regions.structured_file import FileIsFaulty, read_structured
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault

RULES_FILE = Path(__file__).with_name("rules.toml")
Unit = Literal["seconds", "days", "metres", "metres-per-second", "percent", "count", "fen", "years"]

BOUNDS: Mapping[Unit, tuple[int, int]] = {
    "seconds": (0, 3_650 * 86_400),
    "days": (0, 3_650),
    "metres": (0, 10_000_000),
    "metres-per-second": (1, 10_000),
    "percent": (0, 1_000),
    "count": (1, 100_000),
    "fen": (1, 1_000_000_000),
    "years": (0, 150),
}
"""The least and the most a number of a unit may be. Of no days or no metres is how a rule is turned
off or made strict; amounts are divided by some, and no rule asks for no event at all. A window of
ten years is longer than any history that is looked at.
"""


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number. `name` is TYPOLOGY.NUMBER; `reason` says why it stands there."""

    name: Annotated[str, exactly(r"[a-z-]+\.[a-z_]+")]
    unit: Unit
    reason: Text
    values: Annotated[list[DatedValue], msgspec.Meta(min_length=1)]

    def on(self, day: date) -> int:
        """The value on that day; the first before the first."""
        held = [each for each in self.values if each.from_day <= day]
        if not held:
            return min(self.values, key=lambda each: each.from_day).value
        return max(held, key=lambda each: each.from_day).value

    def takes(self, value: int) -> bool:
        """Whether it may have this value."""
        least, most = BOUNDS[self.unit]
        return least <= value <= most


class _RulesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    number: list[Threshold]


class RulesAreFaulty(FileIsFaulty):
    """A file of rules that does not say what it must say."""


class Limits:
    """The numbers that hold on a day, by name; a fold turns them when the day changes."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._held: dict[str, int] = rules.on(date.min)

    def turn(self, day: date) -> None:
        """From now on the numbers of that day hold."""
        self._held = self._rules.on(day)

    def __getitem__(self, name: str) -> int:
        return self._held[name]


class Rules:
    """One version of the rules."""

    def __init__(
        self, version: int, thresholds: list[Threshold], changed: Mapping[str, int]
    ) -> None:
        self.version = version
        self.thresholds = tuple(thresholds)
        self._changed = dict(changed)

    def on(self, day: date) -> dict[str, int]:
        """Every number on that day."""
        return {each.name: each.on(day) for each in self.thresholds} | self._changed

    def changed(self, version: int, numbers: Mapping[str, int]) -> Rules:
        """Another version: these numbers with some changed, whatever the day."""
        return Rules(version, list(self.thresholds), {**self._changed, **numbers})

    @property
    def changes(self) -> Mapping[str, int]:
        """The numbers that are others than the file's."""
        return self._changed

    def unknown(self, numbers: Mapping[str, int]) -> list[str]:
        """Names among these that no rule has."""
        known = {each.name for each in self.thresholds}
        return sorted(name for name in numbers if name not in known)

    def out_of_bounds(self, numbers: Mapping[str, int]) -> list[Threshold]:
        """Those whose value among these is less or more than its unit allows."""
        asked = [each for each in self.thresholds if each.name in numbers]
        return [each for each in asked if not each.takes(numbers[each.name])]


@cache
def first_rules() -> Rules:
    """Version 1: the file as delivered."""
    return read_rules(RULES_FILE)


def read_rules(path: Path) -> Rules:
    """A file of rules.

    Raises:
        RulesAreFaulty: with every fault.
    """
    found = read_structured(path, _RulesFile, _faults_of, RulesAreFaulty)
    return Rules(found.version, found.number, {})


def _faults_of(file: _RulesFile) -> list[Fault]:
    seen: set[str] = set()
    faults = []
    for index, each in enumerate(file.number):
        if each.name in seen:
            faults.append(Fault(f"number[{index}].name", each.name, "a name once"))
        seen.add(each.name)
        least, most = BOUNDS[each.unit]
        for place, dated in enumerate(each.values):
            if not each.takes(dated.value):
                path = f"number[{index}].values[{place}].value"
                faults.append(Fault(path, str(dated.value), f"{least} to {most} {each.unit}"))
    return faults
