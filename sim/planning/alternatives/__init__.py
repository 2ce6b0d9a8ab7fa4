"""What if: grids of settings, two settings side by side, and what moves the answer most.

Reading order: `sweeps`, `comparison`, `sensitivity`.
"""

from sim.planning.alternatives.comparison import Comparison, compare
from sim.planning.alternatives.sensitivity import Sensitivity, movable, sensitivity
from sim.planning.alternatives.sweeps import Sweep, sweep

__all__ = ["Comparison", "Sensitivity", "Sweep", "compare", "movable", "sensitivity", "sweep"]
