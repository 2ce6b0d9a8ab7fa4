"""The most memory this process has held.

Linux carries the figure of getrusage over exec: a small program started by a large one would tell
the memory of the large one. VmHWM belongs to this program alone; getrusage is for other systems.
The testbed reads its own alike (`testbed.peak_memory`): models know nothing of it.
"""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_rss_mb() -> float:
    """In MiB (1,048,576 bytes), as `peak_rss_mb` everywhere in the contract."""
    if _STATUS.exists():
        found = re.search(r"^VmHWM:\s+(\d+) kB$", _STATUS.read_text(encoding="ascii"), re.MULTILINE)
        if found is not None:
            return int(found.group(1)) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
