"""What stands in the examples of services for another region's cards, of checks of them and of
stays in another region's hospitals: see `example_objects`, which takes them in.
"""

from __future__ import annotations

from typing import Any, Final

JOINT_SERVICES: Final[dict[str, dict[str, Any]]] = {
    "JointServiceAnswer": {"state": "done", "number_there": None, "problem": None},
    "ServiceDecisionBody": {"decision": "refuse", "reason": "证明材料不足"},
    "ServiceFromRegionAnswer": {
        "number": "passed-0193c1f2a4b70c1d2e3f4a5b6c7d",
        "region_number": "joint-0193c1f2a4b70c1d2e3f4a5b6c7d",
        "region": "500000",
        "service": "cancel",
        "state": "refused",
        "decided_by": "supervisor",
        "reason": "证明材料不足",
    },
    "ForeignCardCheck": {"region": "510000"},
    "StayElsewhereAnswer": {
        "reference": "visit-0193c1f2a4b70c1d2e3f4a5b6c7d",
        "admitted_on": "2026-01-05",
        "ended_on": None,
        "double_with": None,
    },
    "Lack": {
        "subject": "joint-item",
        "code": "exchange-subject-not-known",
        "since": "2026-01-05T09:30:00.000+08:00",
        "missed": 2,
    },
    "FindingBody": {"finding": "两院病案核对：该日仅在本地住院"},
    "HeldBillDecisionBody": {"decision": "release", "reason": "病案核对无误"},
    "HeldBillAnswer": {
        "held_id": "held-bill-0193c1f2a4b70c1d2e3f4a5b6c7d",
        "bill": "visit-0193c1f2a4b70c1d2e3f4a5b6c7d",
        "admitted_on": "2026-01-05",
        "other_bill": "500000:visit-0193c1f2a4b70c1d2e3f4a5b6c7d",
        "other_region": "500000",
        "state": "released",
        "examined_by": "clerk",
        "finding": "两院病案核对：该日仅在本地住院",
        "decided_by": "supervisor",
        "reason": "病案核对无误",
    },
    "JointPinReset": {"region": "510000"},
    "JointServiceRequest": {"region": "510000", "service": "report-loss"},
}
