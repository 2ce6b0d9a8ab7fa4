"""What stands in the examples of events, alerts, rules, cases and emergencies."""

from __future__ import annotations

from typing import Any, Final

_CARD, _PERSON = "card-0193c1f2a4b70c1d2e3f4a5b6c7d", "person-0193c1f2a4b70c1d2e3f4a5b6c7d"
_AT: Final = "2026-01-20T08:30:00+08:00"
_DETAIL_LEFT_OUT: Final = (
    "holder_born", "spec", "new_card", "to_region", "agent", "scope", "certificate", "until",
    "old_account", "channel", "by", "phase", "counter", "balance_fen", "tac", "tac_ok",
    "concession", "sequence", "late", "code", "pin_tries", "programme", "period", "account",
    "to_account", "cash", "visit", "department", "doctor", "pooled_fen", "account_fen", "cash_fen",
    "class", "lines", "drug", "quantity", "days_supply", "chronic", "category", "refund", "kind",
    "employer", "wage_fen",
)  # fmt: skip
_LINE: Final = (
    '{"id":"E000000001","kind":"identity.check","at":"2026-01-05T08:30:00+08:00",'
    '"received_at":"2026-01-05T08:30:00+08:00","region":"CQ","card":"A00000003",'
    '"face":"physical","device":"hotel-1",'
    '"detail":{"purpose":"hotel","photo_match":41,"outcome":"ok"}}'
)
_CASE: Final[dict[str, Any]] = {
    "typology": "card-lent",
    "state": "confirmed",
    "notice": "经核查，认定存在违规用卡行为；可申诉。",
    "appeal_until": _AT,
}
_EMERGENCY: Final[dict[str, Any]] = {
    "kind": "forged-card",
    "reason": "一日内多起伪卡告警",
    "state": "alarmed",
}
RISK: Final[dict[str, dict[str, Any]]] = {
    "RiskEventsBody": {"lines": _LINE},
    "RefusedRiskLine": {"problem_zh": "不是事件", "problem_en": "no event"},
    "Alert": {
        "id": "A0193c1f2a4b70c1d2e3f",
        "typology": "card-lent",
        "score": 0.76,
        "subject_kind": "card",
        "subject": _CARD,
        "persons": [_PERSON],
        "cards": [_CARD],
        "institution": None,
        "first_event": "E000000001",
        "last_event": "E000000002",
        "raised_at": _AT,
        "evidence": ["E000000001", "E000000002"],
        "rule": "card-lent",
    },
    "HistoryEvent": {
        "id": "E000000001",
        "kind": "identity.check",
        "at": _AT,
        "received_at": _AT,
        "region": "CQ",
        "person": _PERSON,
        "card": _CARD,
        "account": None,
        "device": "hotel-1",
        "place": None,
        "x_m": None,
        "y_m": None,
        "institution": None,
        "amount_fen": None,
    },
    "Detail": {
        **dict.fromkeys(_DETAIL_LEFT_OUT),
        "purpose": "hotel",
        "photo_match": 41,
        "outcome": "ok",
    },
    "RuleVersionRequest": {
        "numbers": [{"name": "card-lent.raise_percent", "value": 60}],
        "reason": "误报偏多",
    },
    "RuleVersionAnswer": {
        "numbers": {"card-lent.raise_percent": 60},
        "reason": "误报偏多",
        "state": "tested",
        "proposed_by": "inspector",
    },
    "BackTest": {
        "alerts": {"card-lent": 3},
        "alerts_in_force": {"card-lent": 4},
        "only_new": [],
        "only_in_force": [f"card-lent {_CARD}"],
        "version_in_force": 1,
    },
    "RuleNumber": {
        "name": "card-lent.raise_percent",
        "unit": "percent",
        "reason": "two kinds of evidence or two occasions",
    },
    "RiskCaseRequest": {"typology": "cards-withheld", "facts": "举报他人扣押社会保障卡"},
    "Assignment": {"to": "li.na"},
    "CaseFreeze": {"ground": "used-by-another"},
    "CaseDecision": {"action": "confirm", "text": "经核查属实", "holder_answers": False},
    "AppealText": {"text": "当日本人在医院，由代办人持卡"},
    "AppealDecision": {"action": "uphold", "text": "原认定事实清楚"},
    "CreditFileQuery": {"purpose": "信用归集"},
    "RiskCaseAnswer": {
        **_CASE,
        "alert_id": "A0193c1f2a4b70c1d2e3f",
        "subject_kind": "card",
        "subject": _CARD,
        "facts": "card-lent, 0.76: 2 events 个事件",
        "opened_by": None,
        "frozen_by": "chen.jie",
        "due_at": None,
        "overdue_since": None,
        "assigned_to": "li.na",
        "decision": "经核查属实",
        "decided_by": "li.na",
        "appeal": None,
        "appeal_decision": None,
        "referred_to": None,
    },
    "OwnRiskCase": _CASE,
    "CreditEntryAnswer": {
        "conduct": "card-lent",
        "article": "CQ-26",
        "state": "entered",
        "entered_at": _AT,
        "expires_at": "2031-01-20T00:00:00+08:00",
    },
    "AlarmRequest": {"kind": "data-leak", "reason": "应急演练"},
    "StepRequest": {"action": "assess", "done": "核实受影响的卡片"},
    "EmergencyStep": {"action": "raise", "after": "alarmed", "done": "发布警报"},
    "EmergencyAnswer": _EMERGENCY,
    "EmergencySummary": _EMERGENCY,
}
