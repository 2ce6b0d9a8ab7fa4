"""What a planner varies: a question gives the network for each setting of some numbers.

Everything in `sim.planning` asks questions and knows neither models nor files: a model's question
sets its parameters, a file's question sets its keys (`sim.run.prepare` takes both).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.network import Network
from sim.parameters import Fault, FaultyParameters

Question = Callable[[Mapping[str, float]], Network]
"""The network with these numbers in place of its own; raises `ValueError`, with all faults, for a
name it does not know or a number that cannot be."""

Setting = tuple[tuple[str, float], ...]
"""Names and numbers, in the order in which they were asked for."""

VALUES_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Range:
    """A number that is varied, from `low` to at most `high` in steps."""

    name: str
    low: float
    high: float
    step: float = 1.0

    @property
    def values(self) -> tuple[float, ...]:
        """All of them, ascending; each reckoned from `low`, so that errors do not add up."""
        steps = int((self.high - self.low) / self.step + 1e-9)
        return tuple(self.low + place * self.step for place in range(steps + 1))


def read_range(text: str, key: str = "vary") -> Range:
    """`NAME=LOW..HIGH`, with `:STEP` where the step is not 1. Raises `FaultyParameters`."""
    name, _, rest = text.partition("=")
    if not name.strip():
        raise FaultyParameters((Fault(key, repr(text), "the NAME of a number before ="),))
    limits, colon, step_text = rest.partition(":")
    low_text, _, high_text = limits.partition("..")
    expected = "NAME=LOW..HIGH or NAME=LOW..HIGH:STEP, as gates=4..12"
    try:
        low, high = float(low_text), float(high_text)
        step = float(step_text) if colon else 1.0
    except ValueError:
        raise FaultyParameters((Fault(key, repr(text), expected),)) from None
    if not (name.strip() and low <= high and step > 0 and (high - low) / step < VALUES_MAX):
        expected += f"; LOW not above HIGH, STEP above 0, at most {VALUES_MAX} values"
        raise FaultyParameters((Fault(key, repr(text), expected),))
    return Range(name.strip(), low, high, step)


def as_text(setting: Setting) -> str:
    """A setting in one line."""
    return ", ".join(f"{name}={value:g}" for name, value in setting)


def as_setting(value: float) -> str:
    """A number as `--set` takes it: whole where it is whole, for servers cannot be 6.0."""
    return f"{value:.0f}" if float(value).is_integer() else repr(value)
