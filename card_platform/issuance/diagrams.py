"""Draws the life cycles from their tables: `python -m card_platform.issuance.diagrams` rewrites
`docs/life-cycles.md`, and a test compares the page with the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from card_platform.access.model import ACCOUNT_LIFE
from card_platform.exchange.from_regions.model import SERVICE_FROM_REGION_LIFE
from card_platform.exchange.joint_service_life import JOINT_SERVICE_LIFE
from card_platform.issuance.ecards.signing_life import SIGNING_LIFE
from card_platform.issuance.lifecycle import (
    ELECTRONIC_STATE,
    FINANCIAL_LIFE,
    LIFECYCLE,
    PIN_LIFE,
    REVOKED_STATES,
    SOCIAL_SECURITY_LIFE,
    STANDING,
    CardState,
)
from card_platform.issuance.online.model import ONLINE_APPLICATION_LIFE
from card_platform.issuance.production.model import DELIVERY_LIFE
from card_platform.oversight.risk.cases.model import CREDIT_ENTRY_LIFE, RISK_CASE_LIFE
from card_platform.oversight.risk.emergencies.model import EMERGENCY_LIFE
from card_platform.oversight.risk.stream.model import RULE_VERSION_LIFE
from card_platform.regions.schemes.function_life import FUNCTION_LIFE
from card_platform.services.bills.model import BILL_LIFE
from card_platform.services.employment.model import MATTER_LIFE
from card_platform.services.licences.model import LICENCE_LIFE
from card_platform.services.medical.benefits.model import MEDICAL_SETTLEMENT_LIFE
from card_platform.services.medical.filings.model import FILING_LIFE
from card_platform.services.medical.held_bills.model import HELD_BILL_LIFE
from card_platform.services.medical.institutions.model import DESIGNATION_LIFE
from card_platform.services.medical.visits.model import (
    HOSPITAL_VISIT_LIFE,
    PHARMACY_SALE_LIFE,
    PRESCRIPTION_LIFE,
)
from card_platform.services.places.acts.model import ATTENDANCE_LIFE, LOAN_LIFE, TICKET_LIFE
from card_platform.services.places.lending.model import RETURN_LIFE
from card_platform.services.places.offers.model import OFFER_LIFE
from card_platform.settlement.bank_orders.model import BANK_ORDER_LIFE
from card_platform.settlement.banks.model import BANK_CONTRACT_LIFE
from card_platform.settlement.clearing.model import CLEARING_SHEET_LIFE
from card_platform.settlement.ledger.accounts import LEDGER_ACCOUNT_LIFE
from card_platform.settlement.ledger.closing_life import LEDGER_CLOSING_LIFE
from card_platform.settlement.payouts.model import (
    PAYOUT_BATCH_LIFE,
    PAYOUT_FILE_LIFE,
    PAYOUT_LINE_LIFE,
)
from card_platform.settlement.reconciliation.model import (
    BANK_DIFFERENCE_LIFE,
    BANK_STATEMENT_LIFE,
)

PAGE = Path(__file__).parents[2] / "docs" / "life-cycles.md"
_Table = Mapping[Any, Mapping[Any, StrEnum]]
_MACHINES: tuple[tuple[str, _Table], ...] = (
    ("卡片 · Card", LIFECYCLE),
    ("密码 · PIN", PIN_LIFE),
    ("社保功能 · Social-security function", SOCIAL_SECURITY_LIFE),
    ("金融功能 · Financial function", FINANCIAL_LIFE),
    ("配送的卡 · Card of a delivery", DELIVERY_LIFE),
    ("网上申领 · Online application", ONLINE_APPLICATION_LIFE),
    ("通办业务 · Joint service, where it was taken in", JOINT_SERVICE_LIFE),
    ("异地受理、待决定的业务 · Service that waits in the issuing region", SERVICE_FROM_REGION_LIFE),
    ("电子卡签发 · Signing of the electronic card", SIGNING_LIFE),
    ("电子证照 · E-licence", LICENCE_LIFE),
    ("卡上功能 · Function of a merged scheme", FUNCTION_LIFE),
    ("工作人员账号 · Staff account", ACCOUNT_LIFE),
    ("人社业务 · Employment and insurance matter", MATTER_LIFE),
    ("银行合约 · Contract with a bank", BANK_CONTRACT_LIFE),
    ("付款指令 · Order to a bank", BANK_ORDER_LIFE),
    ("银行对账 · A bank's day", BANK_STATEMENT_LIFE),
    ("对账差异 · Difference with a bank", BANK_DIFFERENCE_LIFE),
    ("发放批次 · Batch of payouts", PAYOUT_BATCH_LIFE),
    ("发往银行的文件 · Credit file", PAYOUT_FILE_LIFE),
    ("未发放的行 · Line that was not paid", PAYOUT_LINE_LIFE),
    ("清算单 · Clearing sheet", CLEARING_SHEET_LIFE),
    ("总账账户 · Account of the ledger", LEDGER_ACCOUNT_LIFE),
    ("月末结账 · Closing of a month", LEDGER_CLOSING_LIFE),
    ("定点资格 · Designation", DESIGNATION_LIFE),
    ("就诊 · Visit to a hospital", HOSPITAL_VISIT_LIFE),
    ("购药 · Sale of a pharmacy", PHARMACY_SALE_LIFE),
    ("外配处方 · Prescription", PRESCRIPTION_LIFE),
    ("医保结算 · Medical settlement", MEDICAL_SETTLEMENT_LIFE),
    ("重叠住院暂缓结算的费用 · Bill of a double stay", HELD_BILL_LIFE),
    ("异地就医备案 · Filing for treatment elsewhere", FILING_LIFE),
    ("服务项目 · Offer of a site", OFFER_LIFE),
    ("预约、入场、用餐、服务、消费 · Booking, entry, meal, session, purchase", TICKET_LIFE),
    ("签到签退 · Attendance", ATTENDANCE_LIFE),
    ("外借 · Loan", LOAN_LIFE),
    ("还书 · Return of a copy", RETURN_LIFE),
    ("风险规则版本 · Version of the risk rules", RULE_VERSION_LIFE),
    ("风险案件 · Case about a card", RISK_CASE_LIFE),
    ("诚信档案记录 · Entry of the credit file", CREDIT_ENTRY_LIFE),
    ("应急事件 · Emergency", EMERGENCY_LIFE),
    ("水电气账单 · Bill of a utility", BILL_LIFE),
)


def life_cycle_page() -> str:
    """The page, in Markdown with Mermaid diagrams."""
    parts = [
        "# 生命周期 · Life cycles\n",
        "由 `card_platform` 各状态表生成，请勿手改。"
        "Drawn from the tables; do not edit, run `python -m card_platform.issuance.diagrams`.\n",
    ]
    for title, table in _MACHINES:
        parts.append(f"## {title}\n\n{_diagram(table)}")
    parts.append(f"## 卡片状态的效力 · What a card's state means\n\n{_meanings()}")
    return "\n".join(parts)


def _diagram(table: _Table) -> str:
    first = next(iter(table))
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first.value}"]
    for state, actions in table.items():
        lines += [f"    {state.value} --> {after.value}: {a.value}" for a, after in actions.items()]
        if not actions:
            lines.append(f"    {state.value} --> [*]")
    return "\n".join([*lines, "```", ""])


def _meanings() -> str:
    lines = [
        "| 卡片 card | 电子卡 electronic card | 闸机拒绝 gates refuse | 功能 functions |",
        "|---|---|---|---|",
    ]
    for state in CardState:
        refused = "yes" if state in REVOKED_STATES else "no"
        electronic, standing = ELECTRONIC_STATE[state], STANDING[state].value
        lines.append(f"| {state.value} | {electronic} | {refused} | {standing} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(life_cycle_page(), encoding="utf-8")
