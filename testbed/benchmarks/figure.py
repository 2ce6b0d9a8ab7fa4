"""A figure of a benchmark, and how it is taken.

Rules: machines are noisy and their neighbours more so, therefore a figure is the median of several
rounds, and one with a peer takes turns with it in the same run: figure, peer, figure, peer. The
ratio is that of one turn, and its median is told; it is always figure over limit or peer, so that
below 1 is good where the limit is `AT_MOST`, and above 1 everywhere else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Final

import msgspec

ROUNDS: Final = 5
ROUND_S: Final = 0.6
AT_LEAST: Final = "at least"
AT_MOST: Final = "at most"
_DECIMALS: Final = 3


class Figure(msgspec.Struct, frozen=True):
    """One line of build/bench.json: the contract's names."""

    name: str
    unit: str
    value: float
    limit_name: str
    limit_value: float
    ratio: float


class CannotMeasure(Exception):
    """The machine lacks what this subject needs; `zh` and `en` say what."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class FigureIsRefused(Exception):
    """Something answered wrongly while it was measured: how fast it was says nothing."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Turn:
    """What one round gave: the figure and its peer."""

    value: float
    peer: float


def take_turns(
    figure: Callable[[], float], peer: Callable[[], float], rounds: int = ROUNDS
) -> list[Turn]:
    """Measure a figure and its peer, one after the other, `rounds` times."""
    return [Turn(figure(), peer()) for _ in range(rounds)]


def beside_peer(name: str, unit: str, turns: list[Turn], peer_name: str) -> Figure:
    """The medians of the turns; the ratio is the median of their ratios."""
    return Figure(
        name,
        unit,
        round(median(turn.value for turn in turns), _DECIMALS),
        peer_name,
        round(median(turn.peer for turn in turns), _DECIMALS),
        round(median(turn.value / turn.peer for turn in turns), _DECIMALS),
    )


def share_of_peer(name: str, peer_name: str, turns: list[Turn], least: float) -> Figure:
    """What share of the peer's the figure is, beside the least it may be."""
    share = median(turn.value / turn.peer for turn in turns)
    return beside_limit(name, f"of {peer_name}", share, AT_LEAST, least)


def beside_limit(name: str, unit: str, value: float, limit_name: str, limit: float) -> Figure:
    """A figure that stands beside a limit of ours, `AT_LEAST` or `AT_MOST`."""
    value, ratio = round(value, _DECIMALS), round(value / limit, _DECIMALS)
    return Figure(name, unit, value, limit_name, limit, ratio)


def median_rate_per_s(step: Callable[[], None], count: int) -> float:
    """How many things a second `step` does, when it does `count` of them at a call."""
    return median(rate_per_s(step, count) for _ in range(ROUNDS))


def rate_per_s(step: Callable[[], None], count: int, seconds: float = ROUND_S) -> float:
    """The same of one round."""
    calls = 0
    begin = now = time.perf_counter()
    while now - begin < seconds:
        step()
        calls += 1
        now = time.perf_counter()
    return calls * count / (now - begin)
