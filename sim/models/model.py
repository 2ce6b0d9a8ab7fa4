"""What a model is: names, parameters, presets, how to build its network and tell its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.network import Network
from sim.parameters import Parameter
from sim.result import StationResult

Values = Mapping[str, float]
Play = Callable[[Network], Mapping[str, StationResult]]
"""Plays a variant of the network with the same seed: for answers like "and with one more?"."""


@dataclass(frozen=True, slots=True)
class Story:
    """A planner's question answered in one line, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model as the command lists it; the first preset is the default."""

    name: str
    title_zh: str
    title_en: str
    first_s_of_day: float
    parameters: tuple[Parameter, ...]
    presets: Mapping[str, Mapping[str, float]]
    build: Callable[[Values, float], Network]
    answer: Callable[[Values, float, Mapping[str, StationResult], Play], Story]
