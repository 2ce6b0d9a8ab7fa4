"""The engines by name: each plays any network, and both give the same sample path to the last bit.

`compiled` is for scale, `simpy` the readable reference.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sim.network import Network
from sim.observation import CUSTOMERS_INSIDE_MAX, Observation

COMPILED, SIMPY = "compiled", "simpy"
ENGINES = (COMPILED, SIMPY)
DEFAULT = COMPILED

Progress = Callable[[float, int], None]
"""Told now and then while a run goes on: model seconds, customers so far."""


class RunInterrupted(KeyboardInterrupt):
    """Ctrl-C in a run; `observation` is what was seen until then, stopped as `asked`."""

    def __init__(self, observation: Observation) -> None:
        super().__init__()
        self.observation = observation


class Engine(Protocol):
    """Plays a network once, until the last customer has left.

    Args:
        network: what to play.
        seed: of all random numbers, 0 to 2**64 - 1.
        antithetic: draw 1 - u wherever a run of this seed draws u.
        measured_from_s: what happens before is played, not counted.
        traced: keep every visit, for a digest or a comparison; memory then grows with the visits.
        inside_max: with more customers inside at once the run is stopped.
        progress: told how far the run is.

    Raises:
        RunInterrupted: Ctrl-C; with what was seen so far.
    """

    def __call__(
        self,
        network: Network,
        seed: int,
        *,
        antithetic: bool = False,
        measured_from_s: float = 0.0,
        traced: bool = False,
        inside_max: int = CUSTOMERS_INSIDE_MAX,
        progress: Progress | None = None,
    ) -> Observation:
        """Play it."""
        ...


def engine_of(name: str) -> Engine:
    """The engine of this name; what it needs is loaded only now."""
    if name == SIMPY:
        from sim import simpy_engine  # noqa: PLC0415

        return simpy_engine.play
    from sim import compiled_engine  # noqa: PLC0415

    return compiled_engine.play
