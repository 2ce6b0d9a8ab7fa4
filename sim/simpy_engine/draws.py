"""Random numbers of one run, asked for by name."""

from __future__ import annotations

import numpy as np

from sim.distributions import Distribution
from sim.random_numbers import (
    customer_key,
    form_of,
    stream_of,
    time_of,
    uniform,
)


class Chance:
    """The random numbers of one purpose at one station or source."""

    def __init__(self, seed: int, purpose: int, name: str, *, antithetic: bool) -> None:
        self.stream = stream_of(seed, purpose, name)
        self._mask = -1 if antithetic else 0

    def key_of(self, place: int) -> int:
        """The key of the customer at this place of the source, or of this server of the station."""
        return int(customer_key(self.stream, place))

    def share(self, key: int, visit: int) -> float:
        """A number in [0, 1)."""
        return float(uniform(self.stream, key, visit, 0, self._mask))


class Duration(Chance):
    """Times drawn from one distribution."""

    def __init__(
        self, distribution: Distribution, seed: int, purpose: int, name: str, *, antithetic: bool
    ) -> None:
        super().__init__(seed, purpose, name, antithetic=antithetic)
        form = form_of(distribution)
        self._kind, self._first, self._second = form.kind, form.first, form.second
        self._values_s = np.array(form.values_s, dtype=np.float64)

    def seconds(self, key: int, visit: int) -> float:
        """The time for this customer's visit."""
        told = time_of(
            self._kind, self._first, self._second, self._values_s, 0, len(self._values_s),
            self.stream, key, visit, self._mask,
        )  # fmt: skip
        return float(told)
