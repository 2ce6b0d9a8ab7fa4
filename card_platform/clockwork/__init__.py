"""Time as the platform lives it: a virtual clock that tests and trainers move, and what falls due.

Reading order: `clock` (the virtual clock) · `due` (deadlines) · `rounds` (work that goes on beside
the app, for many others at once) · `store` · `routes`.
"""

from card_platform.clockwork.clock import VirtualClock
from card_platform.clockwork.due import Clockwork, DueWork

__all__ = ["Clockwork", "DueWork", "VirtualClock"]
