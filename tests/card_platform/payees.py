"""Payees with loaded accounts, and payout files about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.card_platform.city import City, resident

NAME = "测试甲"
"""Everybody's in the tests' city."""
PROGRAMME, PERIOD = "farm-subsidy", "2026"
HEAD = "line_id,document_number,name,amount"
Line = tuple[str, ...]


def line_of(sequence: int, amount: str = "100.00", line_id: str = "", **more: str) -> Line:
    """A right line for a resident of the city."""
    name, other = more.get("name", NAME), more.get("other")
    fields = (line_id or f"L{sequence}", resident(sequence), name, amount)
    return (*fields, *other.split("|")) if other else fields


def csv_file(
    lines: Sequence[Line],
    message: str = "M-1",
    programme: str = PROGRAMME,
    period: str = PERIOD,
    **told: Any,
) -> str:
    """A file with these lines, whose header tells the right control figures unless told others."""
    fen = sum(_fen(each[3]) for each in lines)
    count, total = told.get("count", len(lines)), told.get("total", _yuan(fen))
    rows = [f"onecard.payouts,1,{message},{programme},{period},{count},{total}"]
    rows.append(f"{HEAD},bank,account,exception_reason")
    return "\r\n".join([*rows, *(",".join(each) for each in lines)]) + "\r\n"


def pain_file(lines: Sequence[Line], message: str = "M-1", **told: Any) -> str:
    """The same as pain.001.001.09."""
    fen = sum(_fen(each[3]) for each in lines)
    payments = "".join(
        f"<CdtTrfTxInf><PmtId><EndToEndId>{line_id}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="{told.get("currency", "CNY")}">{amount}</InstdAmt></Amt>'
        f"<Cdtr><Nm>{name}</Nm><Id><PrvtId><Othr><Id>{document}</Id></Othr></PrvtId></Id></Cdtr>"
        "</CdtTrfTxInf>"
        for line_id, document, name, amount in lines
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>'
        f"<GrpHdr><MsgId>{message}</MsgId><CreDtTm>2026-01-05T08:30:00</CreDtTm>"
        f"<NbOfTxs>{len(lines)}</NbOfTxs><CtrlSum>{_yuan(fen)}</CtrlSum></GrpHdr>"
        f"<PmtInf><PmtInfId>{PROGRAMME}:{PERIOD}</PmtInfId><PmtTpInf><CtgyPurp>"
        f"<Prtry>{PROGRAMME}</Prtry></CtgyPurp></PmtTpInf>{payments}</PmtInf>"
        "</CstmrCdtTrfInitn></Document>"
    )


def bring(city: City, file: str, form: str = "csv") -> Any:
    return city.post("/v1/payout-batches", {"format": form, "file": file}, "operator")


def brought(city: City, file: str, form: str = "csv") -> dict[str, Any]:
    answer = bring(city, file, form)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def decide(city: City, batch_id: str, decision: str = "release") -> Any:
    body = {"decision": decision, "reason": "复核无误"}
    return city.post(f"/v1/payout-batches/{batch_id}/decision", body, "supervisor")


def look(city: City, batch_id: str, part: str = "") -> Any:
    return city.get(f"/v1/payout-batches/{batch_id}{part}?limit=200", "auditor").json()


def states(city: City, batch_id: str) -> dict[str, tuple[str, str | None]]:
    """State and reason of each line, by the id the sender gave it."""
    lines = look(city, batch_id, "/lines")["lines"]
    return {each["line_id"]: (each["state"], each["reason"]) for each in lines}


def faults(city: City, batch_id: str) -> list[tuple[int, str, str]]:
    found = look(city, batch_id, "/faults")["faults"]
    return [(each["line"], each["field"], each["code"]) for each in found]


def _fen(yuan: str) -> int:
    whole, _, part = yuan.partition(".")
    return int(whole + part) if (whole + part).isdigit() and len(part) == 2 else 0


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
