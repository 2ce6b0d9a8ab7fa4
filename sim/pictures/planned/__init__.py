"""Pictures of what planning found beside a capacity curve.

Reading order: `differences` (two settings, what changed), `tornado` (which parameter moves a figure
most), `roster` (servers by the hour, and whether the target holds in each).
"""

from sim.pictures.planned.differences import Difference, draw_differences
from sim.pictures.planned.roster import Held, Period, draw_roster
from sim.pictures.planned.tornado import Bar, draw_tornado

__all__ = [
    "Bar",
    "Difference",
    "Held",
    "Period",
    "draw_differences",
    "draw_roster",
    "draw_tornado",
]
