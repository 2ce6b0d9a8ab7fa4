"""What a planning verb found, of whichever kind."""

from __future__ import annotations

from collections.abc import Sequence
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
    now = {row["name"]: row["value"] for row in call.prepared({}).assumptions}
    before = ", ".join(f"{name}={_short(now.get(name, NOT_SET))}" for name in _names(change))
    return WhatIf(comparison, before, as_text(change))


def _names(change: Setting) -> Sequence[str]:
    return [name for name, _ in change]


def _short(value: str) -> str:
    try:
        return f"{float(value):g}"
    except ValueError:
        return value
