"""How many when: servers by the hour, so that a target holds in every hour.

Reading order: `hours` (what an hour saw), `roster` (the search).
"""

from sim.planning.staffing.roster import Hour, Staffing, staff

__all__ = ["Hour", "Staffing", "staff"]
