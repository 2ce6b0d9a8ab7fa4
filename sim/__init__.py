"""Queueing models of stations, cities and provinces.

A *network* says what stands where: stations with servers, sources of customers, routes between
them. A *model* turns a real place into a network; an *engine* plays a network and knows nothing of
cities; a *region* is what models have in common; *theory* is the third witness. Random numbers are
drawn by counter from (seed, stream, customer, visit), so that another engine can repeat the same
sample path.

Reading order: `network`, `random_numbers`, `simpy_engine`, `theory`, `models`, `region`,
`network_file`, `run`, `playing`, `result`, `pictures`, `exports`.
"""

from sim.network import FaultyNetwork, Network
from sim.parameters import Fault, FaultyParameters
from sim.result import SimulationResult
from sim.run import models, run_model

__all__ = [
    "Fault",
    "FaultyNetwork",
    "FaultyParameters",
    "Network",
    "SimulationResult",
    "models",
    "run_model",
]
