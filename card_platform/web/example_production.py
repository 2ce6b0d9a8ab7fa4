"""What stands in the examples of production, certificates and online applications: see
`example_objects`, which takes them in.
"""

from __future__ import annotations

from typing import Any, Final

_ADULT: Final[dict[str, Any]] = {"agent": None, "collection_site": "江北区服务网点"}
_ORDER: Final[dict[str, Any]] = {
    "order_id": "order-0193c1f2a4b70c1d2e3f4a5b6c7d",
    "cards": 200,
    "cards_by_state": {"in_production": 150, "ready": 50},
    "by": "production",
}
_DELIVERY: Final[dict[str, Any]] = {
    "site": "江北区服务网点",
    "consignment": "SF-2026-0042",
    "cards": 200,
    "cards_by_state": {"arrived": 199, "missing": 1},
}
PRODUCTION: Final[dict[str, dict[str, Any]]] = {
    "ApplicationList": {"unit": "重庆市测试中学"},
    "ApplicationListAnswer": {"unit": "重庆市测试中学", "granted": 1, "refused": 0},
    "ApplicationLineAnswer": {"line": 1, "problem": None},
    "OrderAnswer": _ORDER,
    "ProductionOrderBody": {"collection_site": None},
    "DeliveryBody": {
        "consignment": "SF-2026-0042",
        "card_ids": ["card-0193c1f2a4b70c1d2e3f4a5b6c7d"],
    },
    "CountBody": {"missing": ["card-0193c1f2a4b70c1d2e3f4a5b6c7d"]},
    "DeliveryAnswer": _DELIVERY,
    "DeliveryRecord": {"consignment": "SF-2026-0042", "state": "arrived"},
    "DeliveredCard": {"state": "arrived"},
    "ProblemOfLine": {
        "code": "historical-bytes-differ",
        "detail_zh": "回盘的历史字节与制卡数据不一致。",
        "detail_en": "The historical bytes reported differ from the order.",
        "faults": [],
    },
    "CertificateAnswer": {
        "valid_until": "2029-01-04T08:30:00+08:00",
        "withdrawn_at": None,
        "text": '{"format": "onecard.terminal-certificate", "version": 1}',
    },
    "OnlineApplicationBody": _ADULT,
    "OnlineDecision": {"decision": "grant", "reason": None},
    "OnlineFiledAnswer": {"number": "CQW20260105000001", "state": "filed"},
    "OnlineStatusAnswer": {
        "number": "CQW20260105000001",
        "state": "granted",
        "reason": None,
        "is_late": False,
        "card_state": "ready",
        "delivery_state": "sent",
    },
}
