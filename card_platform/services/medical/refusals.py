"""What the medical accounts alone refuse; `services/purse_refusals.py` has what all purses do."""

from __future__ import annotations

from card_platform.errors import Refusal


class MedicalPurseIsUnknown(Refusal):
    """No card of this platform has those historical bytes."""

    code = "medical-purse-unknown"
    status = 404
    title = "Medical purse unknown"
    zh = "没有历史字节为 {historical_bytes} 的医保钱包。"
    en = "There is no medical purse on a chip with historical bytes {historical_bytes}."


class MedicalCreditIsInsufficient(Refusal):
    """The credit of the account, less what open loads may have taken, does not cover the load."""

    code = "insufficient-medical-credit"
    status = 422
    title = "Insufficient medical credit"
    zh = "医保个人账户 {account} 可圈存 {free_fen} 分，不足 {asked_fen} 分。"
    en = "Medical account {account} has {free_fen} fen to load; {asked_fen} were asked for."


class BillIsSettled(Refusal):
    """The institution settled this bill of the card before, by code."""

    code = "bill-already-settled"
    status = 409
    title = "Bill already settled"
    zh = "账单 {bill} 已用码结算。"
    en = "The bill {bill} was settled by code before."


class PaymentIsReplayed(Refusal):
    """The platform has a payment of this card, day and offline sequence."""

    code = "payment-replayed"
    status = 409
    title = "Payment replayed"
    zh = "该卡 {date} 医保脱机交易序号 {offline_sequence} 的支付已收到。"
    en = "The payment of {date} with offline sequence {offline_sequence} of this card is known."
