"""Which share of times is longer than so many seconds: of a patience, mostly."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaincc, ndtr

from sim.distributions import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Uniform,
)
from sim.observation import Floats


def share_longer(distribution: Distribution, than_s: Floats) -> Floats:
    """The share of times drawn from a distribution that are longer than each of these."""
    share: Floats
    match distribution:
        case Constant(value_s):
            share = (than_s < value_s).astype(np.float64)
        case Exponential(mean_s):
            share = np.exp(-than_s / mean_s)
        case Uniform(low_s, high_s) if high_s > low_s:
            share = np.clip((high_s - than_s) / (high_s - low_s), 0.0, 1.0)
        case Uniform(low_s, _):
            share = (than_s < low_s).astype(np.float64)
        case Erlang(shape, mean_s):
            share = gammaincc(shape, than_s * shape / mean_s)
        case Gamma(mean_s, cv):
            share = gammaincc(1 / cv**2, than_s / (mean_s * cv**2))
        case Lognormal(mean_s, cv) if cv > 0:
            sigma = math.sqrt(math.log1p(cv**2))
            at = (np.log(np.maximum(than_s, 1e-300) / mean_s) + sigma**2 / 2) / sigma
            share = ndtr(-at)
        case Lognormal(mean_s, _):
            share = (than_s < mean_s).astype(np.float64)
        case Empirical(values_s) if len(values_s) > 1:
            share = 1 - np.interp(than_s, values_s, np.linspace(0.0, 1.0, len(values_s)))
        case Empirical(values_s):
            share = (than_s < values_s[0]).astype(np.float64)
    return share
