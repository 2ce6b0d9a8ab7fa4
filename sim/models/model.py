"""What a model is: names, parameters, presets, how to build its network and tell its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sim.network import Network
from sim.observation import Observation
from sim.parameters import Parameter

Values = Mapping[str, float]
Play = Callable[[Network], Observation]
"""Plays a variant of the network with the same seed: for answers like "and with one more?".

Numbers are drawn by names, so a part of the network alone (one gate line with its own sources) sees
the customers it saw in the whole: a variant need not play a province again.
"""

Sourced = tuple[float, str]
"""A value of a preset and where it is from."""


@dataclass(frozen=True, slots=True)
class Story:
    """A planner's question answered in one line, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model as the command lists it; the first preset is the default.

    `sources` says, by preset and parameter, where a preset's own value is from.
    """

    name: str
    title_zh: str
    title_en: str
    first_s_of_day: float
    parameters: tuple[Parameter, ...]
    presets: Mapping[str, Values]
    build: Callable[[Values, float], Network]
    answer: Callable[[Values, float, Observation, Play], Story]
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def values_in(presets: Mapping[str, Mapping[str, Sourced]]) -> Mapping[str, Values]:
    """The numbers of presets whose values stand with their sources."""
    return {
        preset: {name: value for name, (value, _) in of.items()} for preset, of in presets.items()
    }


def sources_in(presets: Mapping[str, Mapping[str, Sourced]]) -> Mapping[str, Mapping[str, str]]:
    """The sources of presets whose values stand with them."""
    return {
        preset: {name: source for name, (_, source) in of.items()} for preset, of in presets.items()
    }
