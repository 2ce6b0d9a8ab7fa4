"""What stands in the examples of employment matters: see `example_objects`, which takes them in."""

from __future__ import annotations

from typing import Any, Final

_KIND: Final = "insurance-registration"
_HIRED: Final = {"employer": "测试机械厂", "wage_fen": "600000", "from_day": "2026-01-01"}
_SHOWN: Final[dict[str, Any]] = {"region": None, "code": None, "name": "测试甲"}
EMPLOYMENT: Final[dict[str, dict[str, Any]]] = {
    "MatterBody": {"kind": _KIND, "facts": _HIRED, **_SHOWN},
    "MatterAnswer": {
        "kind": _KIND,
        "number": "CQ-RS20260105000042",
        "card_region": "500000",
        "state": "in_hand",
        "overdue_since": None,
        "text": None,
        "enrolments": [],
        "number_there": None,
    },
    "KindAnswer": {
        "code": _KIND,
        "name_zh": "社会保险参保登记",
        "name_en": "registration with the five insurances",
        "field": "social-insurance",
        "days": 5,
        "is_joint": True,
        "facts": list(_HIRED),
    },
    "InsuranceEnrolmentAnswer": {
        "insurance": "pension",
        "employer": "测试机械厂",
        "until_day": None,
    },
}
