"""The numbers a model stands on: each with unit, meaning and source, and what may be set.

Rule: no number without a source or the mark "assumption"; a person who reads a result sees which
figures were measured. Settings come as text (`--set gates=8`); all that are wrong are reported at
once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sim.input_words import BY_CALLER, input_row

ASSUMPTION = "assumption"
"""The mark of a number that no public source gives."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in what was given: where, what was found, what was expected."""

    key: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.key}: found {self.found}, expected {self.expected}"


class FaultyParameters(ValueError):
    """What was asked of a model cannot be; `faults` lists all of it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(str(fault) for fault in faults))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a model: default value, unit, source (or "assumption"), bounds (inclusive)."""

    name: str
    value: float
    unit: str
    source: str
    meaning_zh: str
    meaning_en: str
    low: float
    high: float
    whole: bool = False


def values_of(
    parameters: tuple[Parameter, ...],
    preset: Mapping[str, float],
    settings: Mapping[str, str | float],
) -> dict[str, float]:
    """The value of every parameter: default, then preset, then setting.

    Raises `FaultyParameters` with every unknown name and every value that is no number, not whole
    or out of bounds.
    """
    by_name = {parameter.name: parameter for parameter in parameters}
    values = {parameter.name: parameter.value for parameter in parameters} | dict(preset)
    faults: list[Fault] = []
    for name, given in settings.items():
        parameter = by_name.get(name)
        if parameter is None:
            faults.append(Fault(name, repr(given), "one of " + ", ".join(by_name)))
            continue
        value = _number(given)
        if value is None or not parameter.low <= value <= parameter.high:
            expected = f"a number from {parameter.low:g} to {parameter.high:g} {parameter.unit}"
            faults.append(Fault(name, repr(given), expected))
        elif parameter.whole and value != int(value):
            faults.append(Fault(name, repr(given), f"a whole number of {parameter.unit}"))
        else:
            values[name] = value
    if faults:
        raise FaultyParameters(tuple(faults))
    return values


def assumptions_of(
    parameters: tuple[Parameter, ...],
    values: Mapping[str, float],
    preset: Mapping[str, float],
    sources: Mapping[str, str] | None = None,
) -> list[dict[str, str]]:
    """The inputs as a report shows them: name, value, unit, source, meaning in both languages.

    `sources` are those of values that the preset gives.
    """
    rows = []
    for parameter in parameters:
        value = values[parameter.name]
        planned = preset.get(parameter.name, parameter.value)
        source = (sources or {}).get(parameter.name, parameter.source)
        rows.append(
            input_row(
                parameter.name,
                f"{value:g}",
                unit=parameter.unit,
                source=source if value == planned else BY_CALLER,
                meaning=(parameter.meaning_zh, parameter.meaning_en),
            )
        )
    return rows


def _number(given: str | float) -> float | None:
    try:
        value = float(given)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
