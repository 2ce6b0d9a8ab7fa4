"""How much is enough: the least capacity, or the cheapest combination, that meets a target.

Reading order: `trials` (one setting against the target), `capacity` (one number), `combinations`
(several, with prices).
"""

from sim.planning.sizing.capacity import Sizing, least
from sim.planning.sizing.combinations import Price, cheapest
from sim.planning.sizing.trials import Inquiry, Trial

__all__ = ["Inquiry", "Price", "Sizing", "Trial", "cheapest", "least"]
