"""What is refused when a bill is settled."""

from __future__ import annotations

from card_platform.errors import Refusal


class PatientCardIsNotActive(Refusal):
    """Lost, frozen, not yet activated, or ended with its holder's death (CQ-13b, CQ-20b)."""

    code = "card-is-not-active"
    status = 409
    title = "Card is not active"
    zh = "卡片状态为 {state}，不能就医购药结算。"
    en = "The card is {state}; no treatment or medicine is settled with it."


class PatientIsNotInsured(Refusal):
    """The register has no medical insurance of the holder for the day."""

    code = "not-medically-insured"
    status = 409
    title = "Not insured"
    zh = "持卡人在 {day} 没有基本医疗保险参保登记，不能医保结算。"
    en = "The holder is not on record as medically insured on {day}; nothing is settled."


class InsuranceOverlaps(Refusal):
    """Somebody is insured in one way at a time."""

    code = "medical-insurance-overlaps"
    status = 409
    title = "Insurance overlaps"
    zh = "参保登记须从 {after} 之后开始：此前的登记至该日有效。"
    en = "The insurance must begin after {after}: the one on record reaches to that day."


class DaysAreReversed(Refusal):
    """An end before the beginning."""

    code = "days-reversed"
    status = 422
    title = "Days reversed"
    zh = "截止日 {until} 早于开始日 {since}。"
    en = "The last day, {until}, lies before the first, {since}."


class SettlementStateForbids(Refusal):
    """A settlement is reversed once."""

    code = "medical-settlement-state-forbids"
    status = 409
    title = "Settlement's state forbids this"
    zh = "结算状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The settlement is {state}; it does not allow {action}. Allowed now: {allowed}."


class BillIsSettledBefore(Refusal):
    """One settlement a visit."""

    code = "medical-bill-already-settled"
    status = 409
    title = "Bill already settled"
    zh = "该就诊 {reference} 已结算。"
    en = "The visit {reference} was settled before."


class BillIsTooLarge(Refusal):
    """More than the books of one settlement take."""

    code = "medical-bill-too-large"
    status = 422
    title = "Bill too large"
    zh = "账单合计 {total_fen} 分，超过单次结算上限 {limit_fen} 分。"
    en = "The bill comes to {total_fen} fen, over the limit of one settlement, {limit_fen} fen."
