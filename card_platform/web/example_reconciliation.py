"""What stands in the examples of reconciliation: see `example_objects`, which takes them in."""

from __future__ import annotations

from typing import Any, Final

_BANK: Final = "jialing-bank"
_ORDER: Final = "bank-order-0193c1f2a4b70c1d2e3f4a5b6c7d"
_FILE: Final = (
    f"onecard.statement,1,{_BANK},2026-01-05,1,12345\r\n"
    "reference,result,amount_fen,moment\r\n"
    f"{_ORDER},settled,12345,2026-01-05T08:30:00.000+08:00\r\n"
)
_CONDUCT: Final = {"refuse_reason": "account-closed", "return_reason": "account-name-differs"}
_BOOKED: Final = {"account": "difference:banks", "reason": "已与银行核实"}
_DIFFERENCE: Final[dict[str, Any]] = {
    **_BOOKED,
    "bank": _BANK,
    "reference": _ORDER,
    "kind": "amount",
    "own_result": "settled",
    "bank_result": "settled",
    "state": "proposed",
    "proposed_by": "operator",
    "transfer_id": None,
}
RECONCILIATION: Final[dict[str, dict[str, Any]]] = {
    "ConductBody": _CONDUCT,
    "Conduct": _CONDUCT,
    "StatementBody": {"file": _FILE},
    "ExplanationBody": {"reason": "银行次日补记"},
    "DifferenceBookingBody": _BOOKED,
    "DifferenceDecisionBody": {"decision": "approve", "reason": "复核无误"},
    "SimulatedStatementBody": {"day": "2026-01-05"},
    "StrayReturnAnswer": {"reference": "stray-0193c1f2a4b70c1d2e3f4a5b6c7d"},
    "StatementFileAnswer": {"bank": _BANK, "lines": 1, "sum_fen": 12_345, "file": _FILE},
    "StatementAnswer": {
        "bank": _BANK,
        "state": "compared",
        "brought_by": f"bank:{_BANK}",
        "closed_by": None,
        "closed_at": None,
    },
    "OpenDayAnswer": {"bank": _BANK, "lines": 1, "sum_fen": 12_345},
    "DifferenceAnswer": _DIFFERENCE,
    "DifferenceStepAnswer": {
        "action": "propose",
        "before": "open",
        "after": "proposed",
        "reason": "已与银行核实",
        "by": "operator",
    },
}
