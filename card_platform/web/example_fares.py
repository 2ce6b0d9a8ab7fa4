"""Examples of taps, fares, refunds and payments: `example_objects` takes them in."""

from __future__ import annotations

from typing import Any, Final

FARES: Final[dict[str, dict[str, Any]]] = {
    "TapBatchBody": {"lines": "{}"},
    "LineOutcome": {"outcome": "taken", "tap_id": "tap-0193c1f2a4b70c1d2e3f4a5b6c7d"},
    "FareQuestion": {
        "bus_line": "B104",
        "start": None,
        "end": None,
        "before": None,
        "birth_date": "1960-01-05",
    },
    "FareStep": {"rule": "flat", "detail_zh": "104路一票制", "detail_en": "Bus 104 has one fare"},
    "FareRefundBody": {"month": "2026-01"},
    "RideCorrectionBody": {"evidence": "进站监控录像"},
    "RefundedRide": {"rule": "monthly-cap"},
    "PaymentAnswer": {"not_paid": None},
    "CityTotal": {"city": "5101", "operators": 2},
}
