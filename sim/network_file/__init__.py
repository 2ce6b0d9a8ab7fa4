"""A planner's own network: a file in TOML, read into a `Network`, or refused with all its faults.

Each fault has the line, the key, what was found and what was expected, in both languages. The keys
are those of `docs/guides/network-files.md`.

Reading order: `file` (the whole), `sections` (station, link, source, route, retry),
`distributions`, `table` (one table read key by key), `source` and `lines` (TOML with its line
numbers), `settings` (`--set station.counter.servers=6`), `inputs`, `faults`.
"""

from sim.network_file.faults import FaultyFile, FileFault
from sim.network_file.file import NetworkFile, PlannedNetwork

__all__ = ["FaultyFile", "FileFault", "NetworkFile", "PlannedNetwork"]
