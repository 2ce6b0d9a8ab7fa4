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


@cache
def first_rules() -> Rules:
    """Version 1: the file as delivered."""
    return read_rules(RULES_FILE)


def read_rules(path: Path) -> Rules:
    """A file of rules.

    Raises:
        RulesAreFaulty: with every fault.
    """
    found = read_structured(path, _RulesFile, _doubled, RulesAreFaulty)
    return Rules(found.version, found.number, {})


def _doubled(file: _RulesFile) -> list[Fault]:
    seen: set[str] = set()
    faults = []
    for index, each in enumerate(file.number):
        if each.name in seen:
            faults.append(Fault(f"number[{index}].name", each.name, "a name once"))
        seen.add(each.name)
    return faults
