"""The engine for scale (Numba): the same sample paths as the reference, a hundred times as fast.

What is kept does not grow with the customers who have come, only with those inside: arrivals are
made one after the other, waits are counted in histograms, and a visit is forgotten when it ends,
unless it is traced.

Reading order: `tables` (a network as arrays), `customers` (those at hand), `heap` and `agenda`
(what happens next), `road` (those who are long on their way), `state` (all that changes), `station`
(a station at work), `advance` (one event after the other), `play`.
"""

from sim.compiled_engine.play import play

__all__ = ["play"]
