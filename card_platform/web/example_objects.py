"""What stands in the examples of a struct in place of the values by field name, by its name in the
OpenAPI document.

A field that is None here is left out where it may be, and null where it may not.
"""

from __future__ import annotations

from typing import Any, Final

from card_platform.web.example_bills import BILLS
from card_platform.web.example_employment import EMPLOYMENT
from card_platform.web.example_fares import FARES
from card_platform.web.example_joint_services import JOINT_SERVICES
from card_platform.web.example_places import PLACES
from card_platform.web.example_production import PRODUCTION
from card_platform.web.example_reconciliation import RECONCILIATION
from card_platform.web.example_risk import RISK
from card_platform.web.example_values import CODE, DISTRICT, DOCUMENT, ENVELOPE, REGION, TEXTS


def _more(view: str, goes_on: str, *ends: str) -> dict[str, str | None]:
    """Where the lists of a view go on: the first does, the others do not."""
    own = "card-0193c1f2a4b70c1d2e3f4a5b6c7d"
    path = f"/v1/cards/{own}/{view}/{goes_on.replace('_', '-')}?after={TEXTS['next']}"
    return {goes_on: path, **dict.fromkeys(ends)}


_DECISION: Final[dict[str, Any]] = {"reason": "便民应用"}
_CLERK, _PASSWORD = "jia.window-3", "a-first-password-of-80-bits"
_FUND: Final = {"name": "fund:unemployment", "kind": "fund", "state": "open"}
_CHECKED: Final = {"decision": "release", "reason": "复核无误"}
_MENDED: Final = {"reason": "账户已更正"}
_BATCH: Final[dict[str, Any]] = {
    "batch_id": "payout-1",
    "message_id": "SUBSIDY-2026-01",
    "format": "csv",
    "programme": "farm-subsidy",
    "period": "2026",
    "state": "waiting",
    "reason": None,
    "uploaded_by": "operator",
    "decided_by": None,
    "decided_at": None,
}
_ELSEWHERE: Final = {"region": "510000"}
CARE: Final[dict[str, dict[str, Any]]] = {
    "VisitBody": {"prescription_id": None, "agent_document_number": None, "department": "骨科"},
    "ForeignVisitBody": {**_ELSEWHERE, "prescription_id": None, "department": "骨科"},
    "VisitAnswer": {
        "kind": "hospital",
        "state": "settled",
        "level": 3,
        "department": "骨科",
        "prescription_id": None,
        "agent_id": None,
        "admitted_on": None,
        "days": None,
        "problem_code": None,
        "problem_zh": None,
        "problem_en": None,
    },
    "DesignationBody": {"until": None},
    "DesignationStep": {"reason": "年度考核"},
    "DesignationAnswer": {
        "name_zh": "渝中区医院",
        "kind": "hospital",
        "level": 3,
        "state": "designated",
        "until": None,
    },
    "InsuranceBody": {"until": None},
    "InsuranceAnswer": {"until": None},
    "MedicalFilingBody": {**_ELSEWHERE, "until": None, "referral": None, "document": None},
    "FilingWithdrawal": {"document": None},
    "MedicalFilingAnswer": {
        **_ELSEWHERE,
        "kind": "long-term",
        "until": None,
        "referral": None,
        "state": "filed",
    },
    "MedicalSettlementAnswer": {"treated_in": None, "state": "settled", "reversed_day": None},
    "PrescriptionAnswer": {"state": "issued", "valid_until": "2026-01-07"},
    "BandSplit": {"to_fen": None},
    "Explained": {"zh": "统筹基金支付", "en": "Paid by the pooled fund"},
    "ReasonBody": {"reason": "误收"},
    "Receipt": {
        "number": "500000202600000042",
        "reverses": None,
        "institution": "渝中区医院",
        "department": "骨科",
        "days": None,
    },
    "ReceiptAnswer": {"text": "医疗收费票据 · Medical receipt"},
    "DayStatementAnswer": {**_ELSEWHERE, "state": "agreed"},
    "PairOfDayAnswer": _ELSEWHERE,
}
"""Of care under insurance."""
OF: Final[dict[str, dict[str, Any]]] = {
    "access_shapes_AccountOpening": {"name": _CLERK, "card_id": None},
    "access_shapes_AccountAnswer": {
        "name": _CLERK,
        "role": "clerk",
        "card_id": None,
        "locked_until": None,
    },
    "OpenedAnswer": {"first_password": _PASSWORD},
    "PasswordProof": {"name": _CLERK, "password": _PASSWORD},
    "NewPassword": {"current": _PASSWORD, "new": "sunny-window-three-2026"},
    "CardProof": {"on_card": None, "as_holder": False},
    "SignIn": {"card": None, "system": None},
    "SessionAnswer": {
        "role": "clerk",
        "name": f"clerk:{_CLERK}",
        "card_id": None,
        "assists_card_id": None,
        "ended_at": None,
    },
    "PurseAnswer": {"more": _more("transit", "rides", "refusals", "loads", "purchases")},
    "MedicalAnswer": {"more": _more("medical", "loads", "payments", "code_settlements")},
    "ecards_shapes_ElectronicCardAnswer": {"more": _more("electronic-card", "uses", "signings")},
    "issuance_card_service_shapes_RecordAnswer": {
        "more": _more("record", "loss_reports", "freezes")
    },
    "LicenceHistoryAnswer": {"more": None},
    "Agreement": {"parties": [REGION, "510000"]},
    "ApplicationForm": {"birth_date": "1990-01-01", "birth_place": "500101"},
    "Application": {"agent": None, "collection_site": None},
    "IdentityDocument": {"kind": "resident-id", "number": DOCUMENT},
    "Restoration": {"reason": "卡片已找到"},
    "Exchange": {"reason": "name-changed"},
    "Cancellation": {"reason": "death"},
    "CodeUseBody": {"code": CODE},
    "CodeSettlementBody": {"code": CODE},
    "CodeAnswer": {"code": CODE},
    "IdentityCheck": {"code": None},
    "VerificationBody": {"proof": None},
    "SchemeCheckBody": {"card_number": None, "code": None, "number": "TSZ-0001"},
    "MoveBody": {"number": "TSZ-0001"},
    "LicenceBody": {"issuer": "测试区残疾人联合会", "subject": None},
    "LicenceAnswer": {"issuer": "测试区残疾人联合会", "subject": None},
    "StepBody": {"reason": "复核期间暂停"},
    "ImportBody": {"text": '{"format": "onecard.licence-statement", "version": 1}'},
    "services_terminals_routes_Enrolment": {"kind": "metro_gate", "bus_line": None},
    "TapBody": {"amount_fen": 0, "entry_station": None, "reduction": None},
    "RecordBody": {"previous": "0" * 64},
    "HolderQueryRequest": {"document_number": None, "duty": None, "recipient": None},
    "oversight_complaints_shapes_Filing": {
        "kind": "complaint",
        "subject": "窗口服务",
        "conduct": None,
    },
    "ComplaintAnswer": {
        "kind": "complaint",
        "channel": "site",
        "subject": "窗口服务",
        "conduct": None,
        "overdue_since": None,
        "passed_to": None,
        "passed_at": None,
        "notice": None,
    },
    "PassingOn": {"region": "510000"},
    "CaseRequest": {"kind": "paper-asked-for", "report_number": None},
    "Order": {"text": "限期改正，停止索要纸质材料"},
    "Decision": {"text": "已改正"},
    "FindingRequest": {"text": "口令未按期更换"},
    "BodyRequest": {"name": "一卡通工作专班"},
    "CompilationBody": _DECISION,
    "ApprovalBody": _DECISION,
    "PublicationBody": _DECISION,
    "DecisionBody": _DECISION,
    "Content": {"joint_under": None},
    "PilotBody": {"area": DISTRICT},
    "SceneBody": {"code": "eldercare", "name_zh": "养老服务", "name_en": "Care for the old"},
    "SceneAnswer": {"code": "eldercare", "name_zh": "养老服务", "name_en": "Care for the old"},
    "FunctionCommandBody": {"number": "TSZ-0001"},
    "FunctionCommandAnswer": {
        "what": "end",
        "command": "800C00181000112233445566AA" + "A1B2C3D4E5F60718",
    },
    "FunctionReportBody": {"status": "9000"},
    "FunctionEndBody": {"number": "TSZ-0001", "reason": "证件注销"},
    "FunctionQuestionBody": {"number": "TSZ-0001"},
    "FunctionAnswer": {"state": "on_chip", "end_reason": None},
    "SchemeBody": {"name_zh": "图书借阅证", "kind": "certificate", "origin": "new"},
    "SchemeAnswer": {"name_zh": "图书借阅证"},
    "SiteBody": {"area": DISTRICT, "kind": "公共图书馆", "name_zh": "渝中区图书馆"},
    "Site": {"area": DISTRICT, "kind": "公共图书馆", "name_zh": "渝中区图书馆"},
    "HealthBody": {"fault": None},
    "TerminalHealth": {"fault": None, "withdrawn_at": None, "revocation_list_too_old": False},
    "exchange_shapes_Enrolment": {"name_zh": "四川省"},
    "Envelope": {"content": ENVELOPE},
    "WebhookBody": {"kinds": ["tap", "change-state"]},
    "WebhookAnswer": {"kinds": ["tap"], "failing_since": None, "last_fault": None},
    "OutcomeAnswer": {"kind": "change-state"},
    "BookCheck": {"sum_fen": 0, "first_fault": None},
    "settlement_ledger_shapes_AccountAnswer": _FUND,
    "settlement_ledger_shapes_AccountOpening": {"name": "fund:unemployment"},
    "FinancialChange": {"action": "open", "bank": "jialing-bank"},
    "Loading": {"account": "6234560000000016"},
    "BankAnswer": {
        "code": "jialing-bank",
        "name_zh": "嘉陵银行（虚构）",
        "name_en": "Jialing Bank (made up)",
        "document": "合作协议〔2020〕1号",
        "since": "2020-01-01",
        "until": None,
        "services": ["financial-function", "payout"],
    },
    "BankOrderRequest": {
        "client_id": "wages-2026-01-0042",
        "source": "operator:labour-agency",
        "purpose": "劳务费",
    },
    "BankOrderAnswer": {
        "client_id": "wages-2026-01-0042",
        "bank": "jialing-bank",
        "source": "operator:labour-agency",
        "purpose": "劳务费",
        "state": "settled",
        "due_at": None,
        "reason": None,
    },
    "PayoutFileBody": {
        "format": "csv",
        "file": "onecard.payouts,1,SUBSIDY-2026-01,farm-subsidy,2026,1,100.00\r\n"
        "line_id,document_number,name,amount\r\n"
        f"L1,{DOCUMENT},测试甲,100.00\r\n",
    },
    "PayoutDecisionBody": _CHECKED,
    "LineDecisionBody": {"decision": "reissue", **_MENDED},
    "OtherAccountApproval": {"reason": "行动不便，家属代领"},
    "PayoutBatchAnswer": _BATCH,
    "PayoutFaultAnswer": {
        "field": "amount",
        "code": "amount-wrong",
        "found": "1.234",
        "expected_zh": "0.01 至 10000000.00 元，两位小数",
        "expected_en": "0.01 to 10000000.00 yuan with two decimals",
        "mend_zh": "更正金额",
        "mend_en": "mend the amount",
    },
    "PayoutLineAnswer": {"line_id": "L1", "state": "paid", "code": "ACSC", "reason": None},
    "PayoutExceptionAnswer": {
        "state": "stopped",
        "reason": "card-frozen",
        "decided_by": None,
        "note": None,
    },
    "OtherAccountAnswer": {
        "bank": "jialing-bank",
        "account": "0016",
        "reason": "行动不便",
        "approved_by": None,
        "approved_at": None,
    },
    "CreditFileAnswer": {"bank": "jialing-bank", "state": "settled", "back_fen": 0},
    "StatusFileAnswer": {
        "batch_id": "payout-1",
        "format": "pain.002.001.10",
        "file": '<?xml version="1.0" encoding="UTF-8"?>',
    },
    "ProgrammeAnswer": {
        "code": "farm-subsidy",
        "kind": "subsidy",
        "name_zh": "惠民惠农补贴",
        "name_en": "Subsidies for farmers",
        "duty": "must",
        "since": "2025-01-01",
        "until": None,
        "period": "year",
        "source": "CQ-8a",
    },
    "CertificationBody": {"region": None, "code": None},
    "CertificationAnswer": {
        "card_region": REGION,
        "state": "certified",
        "valid_until": "2027-01-05",
        "problem": None,
    },
    "BankContractAnswer": {
        "bank": "jialing-bank",
        "agreement": "合作协议〔2020〕1号",
        "state": "loaded",
        "account": "0016",
        "ended_at": None,
        "end_reason": None,
    },
    **CARE,
    **RISK,
    "AccountChange": {"name": "fund:unemployment", "action": "freeze", "reason": "账实不符"},
    "AccountQuestion": {"name": "fund:unemployment"},
    "TransferRequest": {
        "client_id": "transfer-2026-0001",
        "debit": "fund:unemployment",
        "credit": "region:510000",
        "purpose": "跨省清算",
        "day": None,
    },
    "RunRequest": {"day": "2026-01-05"},
    "WorkingOff": {"action": "send_again", "reason": "对方补签协议后重送"},
    "ClearingDayAnswer": {"state": "closed"},
    "DayStatement": {"state": "closed"},
    "StatementLine": {"ride_day": "2026-01-05", "timing": "in-time"},
    "SheetAnswer": {"state": "disputed", "sheet_id": "2026-01-05-510000-1"},
    "PairStatement": {"here": "500000", "there": "510000"},
    "ClosingRequest": {"period": "2025-12"},
    "Closing": {"period": "2025-12"},
    "ClosedBalance": {"account": "fund:unemployment"},
    **PLACES,
    **PRODUCTION,
    **FARES,
    **BILLS,
    **EMPLOYMENT,
    **JOINT_SERVICES,
    **RECONCILIATION,
}
"""By the name of the shape in the document."""
