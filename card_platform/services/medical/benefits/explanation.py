"""A settlement in words, line by line, in Chinese and English: what a patient may ask about."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from card_platform.services.medical.benefits.model import LineSplit, Shares, Split
from card_platform.vocabulary.money import FEN_PER_YUAN

_CLASS_ZH = {"A": "甲类", "B": "乙类", "C": "丙类"}


class Explained(msgspec.Struct, frozen=True):
    """One line of the explanation; `amount_fen` is what it comes to."""

    zh: str
    en: str
    amount_fen: int


def yuan_text(amount_fen: int) -> str:
    """An amount as people write it: 12.50."""
    sign, whole = "-" if amount_fen < 0 else "", abs(amount_fen)
    return f"{sign}{whole // FEN_PER_YUAN}.{whole % FEN_PER_YUAN:02d}"


def explain(shares: Shares) -> list[Explained]:
    """The settlement, from its lines to who pays."""
    return [*_of_lines(shares.split), *_of_sums(shares.split), *_of_payers(shares)]


def _of_lines(split: Split) -> Iterator[Explained]:
    for each in split.lines:
        line = each.line
        zh, en = _why(each)
        yield Explained(
            f"{line.name_zh} {line.quantity} × {yuan_text(line.unit_price_fen)} 元，{zh}",
            f"{line.name_en}, {line.quantity} at {yuan_text(line.unit_price_fen)}: {en}",
            line.amount_fen,
        )


def _why(each: LineSplit) -> tuple[str, str]:
    line, own, counts = each.line, yuan_text(each.own_fen), yuan_text(each.eligible_fen)
    if not line.covered:
        return "无处方，统筹基金不支付", "without prescription, the fund pays nothing"
    kind = _CLASS_ZH[line.catalogue.value]
    return (
        f"{kind}，先行自付 {line.own_percent}% 计 {own} 元，纳入统筹 {counts} 元",
        f"class {line.catalogue.value}, own share {line.own_percent}% or {own}, counted {counts}",
    )


def _of_sums(split: Split) -> Iterator[Explained]:
    yield Explained("费用总额", "Bill in all", split.total_fen)
    yield Explained("目录外及先行自付", "Own shares and outside the catalogue", split.own_fen)
    yield Explained("起付线以内，个人支付", "Deductible, paid by the insured", split.deductible_fen)
    for band in split.bands:
        begins, amount = yuan_text(band.from_fen), yuan_text(band.amount_fen)
        ends_zh = f"至 {yuan_text(band.to_fen)} 元" if band.to_fen is not None else "元以上"
        ends_en = f"to {yuan_text(band.to_fen)}" if band.to_fen is not None else "upwards"
        yield Explained(
            f"年度累计 {begins} {ends_zh}段内 {amount} 元，统筹支付 {band.percent}%",
            f"{amount} in the year's band {begins} {ends_en}: the fund pays {band.percent}%",
            band.fund_fen,
        )
    if split.over_cap_fen:
        cap = yuan_text(split.cap_fen)
        yield Explained(
            f"超过年度最高支付限额 {cap} 元，统筹不支付",
            f"Over the year's cap of {cap}, not paid by the fund",
            split.over_cap_fen,
        )


def _of_payers(shares: Shares) -> Iterator[Explained]:
    yield Explained("统筹基金支付", "Paid by the pooled fund", shares.fund_fen)
    personal_fen = sum(shares.personal_fen.values())
    yield Explained("个人账户支付", "Paid by the personal account", personal_fen)
    yield Explained("个人现金支付", "Paid by the insured in cash", shares.cash_fen)
