"""Load tests: made-up citizens against a running card platform, through its real HTTP API.

The load is an open model: requests are due at a constant rate, whatever the platform does, and
latency counts from the moment a request was due. A platform that stalls is therefore seen to stall.

Reading order: `profiles` (what is sent), `residents` and `tap_maker` (people and their cards),
`preparation` (enrols them before the clock starts), `due_requests` (the plan), `sender` (Locust, in
a process of its own: it patches the standard library), `senders` (starts it), `result`, `run` (all
of it together).
"""

from loadtests.errors import LoadTestCannotRun
from loadtests.profiles import PROFILES, Profile
from loadtests.result import LoadResult, Threshold
from loadtests.run import run_load
from loadtests.senders import Progress

__all__ = [
    "PROFILES",
    "LoadResult",
    "LoadTestCannotRun",
    "Profile",
    "Progress",
    "Threshold",
    "run_load",
]
