"""Published figures of a region as a planning preset: data files in `presets/`, read and checked.

Rule: no figure without unit, day and source. A faulty file reports all its faults at once, each
with line, key, what was found and what was expected. Source of the first preset: SC-q.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from sim.parameters import Fault, FaultyParameters

PRESETS: Final = Path(__file__).with_name("presets")
UNITS: Final = ("people", "sites", "services", "kinds", "libraries")
VALUE_MAX: Final = 10**12
_HEAD: Final = ("name", "title_zh", "title_en", "region")
_TEXTS: Final = ("name", "source", "meaning_zh", "meaning_en")
_KNOWN: Final = {*_TEXTS, "value", "unit", "as_of"}
_FIGURE: Final = re.compile(r"^\s*\[\[\s*figure\s*\]\]")


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number: what it counts in `unit`, the day it was true, who told it."""

    name: str
    value: int
    unit: str
    as_of: date
    source: str
    meaning_zh: str
    meaning_en: str


@dataclass(frozen=True, slots=True)
class PublishedFigures:
    """The figures of a region (GB/T 2260)."""

    name: str
    title_zh: str
    title_en: str
    region: str
    figures: tuple[Figure, ...]


def preset_names() -> list[str]:
    """Names of the presets that are shipped."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def find_figures(preset: str) -> PublishedFigures:
    """A shipped preset by its name, or a file by its path. Raises `FaultyParameters`."""
    if preset in preset_names():
        return read_figures(PRESETS / f"{preset}.toml")
    if preset.endswith(".toml"):
        return read_figures(Path(preset))
    expected = "one of " + ", ".join(preset_names()) + ", or a file NAME.toml"
    raise FaultyParameters((Fault("preset", repr(preset), expected),))


def read_figures(file: Path) -> PublishedFigures:
    """Read and check a file. Raises `FaultyParameters` with every fault."""
    try:
        text = file.read_text(encoding="utf-8")
        tables: dict[str, Any] = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise FaultyParameters((Fault(str(file), str(fault), "a file in TOML"),)) from None
    return _Reading(file, text, tables).figures()


class _Reading:
    """One file being read; faults are gathered."""

    def __init__(self, file: Path, text: str, tables: dict[str, Any]) -> None:
        self._file = file
        self._lines = text.splitlines()
        self._tables = tables
        self._faults: list[Fault] = []
        starts = [number for number, line in enumerate(self._lines) if _FIGURE.match(line)]
        self._starts = [*starts, len(self._lines)]

    def figures(self) -> PublishedFigures:
        """The whole file."""
        head = {key: self._text(self._tables, key, 0) for key in _HEAD}
        for key in self._tables.keys() - {*_HEAD, "figure"}:
            self._wrong(key, 0, "an unknown key", "one of " + ", ".join((*_HEAD, "figure")))
        found = self._tables.get("figure")
        if not isinstance(found, list) or not found:
            self._wrong("figure", 0, repr(found), "[[figure]] once or more")
            found = []
        read = [self._figure(each, block) for block, each in enumerate(found, start=1)]
        names = [each.name for each in read if each]
        for block, name in enumerate(names, start=1):
            if name in names[: block - 1]:
                self._wrong("name", block, repr(name), "a name that stands once")
        if self._faults:
            raise FaultyParameters(tuple(self._faults))
        return PublishedFigures(**head, figures=tuple(each for each in read if each))

    def _figure(self, told: dict[str, Any], block: int) -> Figure:
        texts = {key: self._text(told, key, block) for key in _TEXTS}
        value, unit, as_of = told.get("value"), told.get("unit"), told.get("as_of")
        if type(value) is not int or not 0 < value <= VALUE_MAX:
            self._wrong("value", block, repr(value), f"a whole number from 1 to {VALUE_MAX}")
        if unit not in UNITS:
            self._wrong("unit", block, repr(unit), "one of " + ", ".join(UNITS))
        if type(as_of) is not date:
            self._wrong("as_of", block, repr(as_of), "a date, as 2024-10-31")
        for key in sorted(told.keys() - _KNOWN):
            self._wrong(key, block, "an unknown key", "one of " + ", ".join(sorted(_KNOWN)))
        return Figure(value=value, unit=unit, as_of=as_of, **texts)  # type: ignore[arg-type]

    def _text(self, table: dict[str, Any], key: str, block: int) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            self._wrong(key, block, repr(value), "a text")
            return ""
        return value

    def _wrong(self, key: str, block: int, found: str, expected: str) -> None:
        """A fault; `block` 0 is the head of the file, others count the figures."""
        where = f"{self._file}, line {self._line_of(key, block)}, {key}"
        self._faults.append(Fault(where, found, expected))

    def _line_of(self, key: str, block: int) -> int:
        """The line of a key in its block, or that on which the block begins; from 1."""
        first = self._starts[block - 1] if block else 0
        last = self._starts[block]
        for number in range(first, last):
            if re.match(rf"\s*{re.escape(key)}\s*=", self._lines[number]):
                return number + 1
        return first + 1
