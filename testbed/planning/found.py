"""What a planning verb found, of whichever kind."""

from __future__ import annotations

from dataclasses import dataclass

from sim.planning.alternatives import Comparison, Sensitivity, Sweep
from sim.planning.questions import Setting, as_text
from sim.planning.sizing import Sizing
from sim.planning.staffing import Staffing
from testbed.planning.call import Call

NOT_SET = "–"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A comparison, and the two settings in words."""

    comparison: Comparison
    before: str
    after: str

    @property
    def change(self) -> str:
        """What was changed into what."""
        return f"{self.before} → {self.after}"


Found = Sizing | Sweep | WhatIf | Sensitivity | Staffing


def what_if(call: Call, change: Setting, comparison: Comparison) -> WhatIf:
    """The comparison of a call with this change: what stood there before is told, too."""
    return WhatIf(comparison, words_before(call, change), as_text(change))


def words_before(call: Call, change: Setting) -> str:
    """What stood where a change would be made."""
    now = {row["name"]: row["value"] for row in call.prepared({}).assumptions}
    return ", ".join(f"{name}={_short(now.get(name, NOT_SET))}" for name, _ in change)


def _short(value: str) -> str:
    try:
        return f"{float(value):g}"
    except ValueError:
        return value
