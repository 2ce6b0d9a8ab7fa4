"""Receipts: numbered, one for a payment and one for its reversal, as text and as HTML to print.

Rules: what a receipt says is kept when it is issued, so that it is printed the same for ever. Its
number is region, year and a count without gaps. The reversal's amounts are negative, and it names
the receipt it takes back.
"""

from __future__ import annotations

from html import escape

import msgspec

from card_platform.services.medical.benefits.explanation import Explained, explain, yuan_text
from card_platform.services.medical.visits import store
from card_platform.services.medical.visits.model import Visit
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number

_TITLE_ZH, _TITLE_EN = "医疗收费票据", "Medical receipt"
_REVERSAL_ZH, _REVERSAL_EN = "医疗收费票据（冲红）", "Medical receipt, reversal"


class Receipt(msgspec.Struct, frozen=True):
    """What a receipt says; amounts in fen, negative on a reversal."""

    number: str
    reverses: str | None
    issued_at: str
    institution: str
    visit_id: str
    holder_name: str
    card_number: str
    region: str
    department: str | None
    days: int | None
    total_fen: int
    fund_fen: int
    personal_fen: int
    cash_fen: int
    lines: list[Explained]


def issue(
    tx: Transaction,
    visit: Visit,
    *,
    region: str,
    institution: str,
    at: str,
    reverses: str | None,
) -> Receipt:
    """Give a visit that is settled its next receipt."""
    shares = visit.settled
    assert shares is not None  # noqa: S101 - only what is settled gets one
    count = next_number(tx, f"medical-receipts:{at[:4]}")
    sign = -1 if reverses else 1
    receipt = Receipt(
        number=f"{region}{at[:4]}{count:08d}",
        reverses=reverses,
        issued_at=at,
        institution=institution,
        visit_id=visit.visit_id,
        holder_name=visit.holder_name,
        card_number=visit.card_number,
        region=visit.region,
        department=visit.department,
        days=visit.days,
        total_fen=sign * shares.split.total_fen,
        fund_fen=sign * shares.fund_fen,
        personal_fen=sign * sum(shares.personal_fen.values()),
        cash_fen=sign * shares.cash_fen,
        lines=explain(shares),
    )
    store.add_receipt(
        tx,
        number=receipt.number,
        visit_id=visit.visit_id,
        reverses=reverses,
        facts=msgspec.json.encode(receipt).decode(),
        at=at,
    )
    return receipt


def of_visit(tx: Transaction, visit_id: str) -> list[Receipt]:
    """The receipts of a visit, the first first."""
    found = store.receipts_of(tx, visit_id)
    return [msgspec.json.decode(facts, type=Receipt) for _, facts in found]


def receipt_text(receipt: Receipt) -> str:
    """The receipt as lines of text, in both languages."""
    title = f"{_REVERSAL_ZH} · {_REVERSAL_EN}" if receipt.reverses else f"{_TITLE_ZH} · {_TITLE_EN}"
    told = [title, *(f"{name}: {value}" for name, value in _facts(receipt)), ""]
    told += [f"{each.zh} | {each.en}: {yuan_text(each.amount_fen)}" for each in receipt.lines]
    told += ["", *(f"{name}: {yuan_text(fen)}" for name, fen in _sums(receipt))]
    return "\n".join(told) + "\n"


def receipt_html(receipt: Receipt) -> str:
    """The receipt as a page to print; everything on it is escaped."""
    title = f"{_REVERSAL_ZH} · {_REVERSAL_EN}" if receipt.reverses else f"{_TITLE_ZH} · {_TITLE_EN}"
    head = [
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in _facts(receipt)
    ]
    lines = [
        f"<tr><td>{escape(each.zh)}<br>{escape(each.en)}</td><td>{yuan_text(each.amount_fen)}</td></tr>"
        for each in receipt.lines
    ]
    sums = [f"<tr><th>{escape(n)}</th><td>{yuan_text(fen)}</td></tr>" for n, fen in _sums(receipt)]
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f"</head><body><h1>{title}</h1><table>{''.join(head)}</table>"
        f"<table>{''.join(lines)}</table><table>{''.join(sums)}</table></body></html>"
    )


def _facts(receipt: Receipt) -> list[tuple[str, str]]:
    told = [
        ("票据号码 · Number", receipt.number),
        ("冲销票据 · Reverses", receipt.reverses),
        ("开具时间 · Issued", receipt.issued_at),
        ("单位 · Institution", receipt.institution),
        ("就诊编号 · Visit", receipt.visit_id),
        ("姓名 · Name", receipt.holder_name),
        ("社会保障卡号 · Card", receipt.card_number),
        ("参保地区 · Insured in", receipt.region),
        ("科室 · Department", receipt.department),
        ("住院天数 · Days of the stay", str(receipt.days) if receipt.days else None),
    ]
    return [(name, value) for name, value in told if value]


def _sums(receipt: Receipt) -> list[tuple[str, int]]:
    return [
        ("费用总额 · Total", receipt.total_fen),
        ("统筹基金支付 · Pooled fund", receipt.fund_fen),
        ("个人账户支付 · Personal account", receipt.personal_fen),
        ("个人现金支付 · Cash", receipt.cash_fen),
    ]
