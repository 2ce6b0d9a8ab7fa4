"""What stands in the examples of bills: see `example_objects`, which takes them in."""

from __future__ import annotations

from typing import Any, Final

_OWN_CARD: Final[dict[str, Any]] = {"name": "测试甲"}
_ACCOUNT: Final = {"account": "1000000008"}
_BILL: Final = {"number": "ZD-000042", "period": "2026-01", "due_on": "2026-01-31"}
_PAID: Final = {"utility": "jialing-water"}
_IDS: Final = {"bills": ["bill-0193c1f2a4b70c1d2e3f4a5b6c7d"]}
BILLS: Final[dict[str, dict[str, Any]]] = {
    "BillBody": {**_BILL, **_ACCOUNT},
    "BillStepBody": {"action": "withdraw", "reason": "抄表有误"},
    "OpenBillsBody": {**_OWN_CARD, **_ACCOUNT},
    "OwnOpenBillsBody": {**_PAID, **_ACCOUNT, "document": None},
    "BillPaymentBody": {**_OWN_CARD, **_IDS},
    "OwnBillPaymentBody": {**_PAID, **_IDS, "document": None},
    "UtilityAnswer": {
        "code": "jialing-water",
        "kind": "water",
        "name_zh": "嘉陵自来水（虚构）",
        "name_en": "Jialing Water (made up)",
        "account_pattern": "[0-9]{10}",
        "account_check": "luhn",
    },
    "BillAnswer": {**_BILL, **_PAID, "state": "paid"},
    "BillPaymentAnswer": _PAID,
}
