"""What every purse refuses, the transit purse and the medical one."""

from __future__ import annotations

from card_platform.errors import Refusal


class CardIsNotActive(Refusal):
    """Money is loaded on active cards only (CQ-13b, CQ-20b)."""

    code = "card-is-not-active"
    status = 409
    title = "Card is not active"
    zh = "卡片状态为 {state}，不能圈存。"
    en = "The card is {state}; it cannot be loaded."


class MacIsWrong(Refusal):
    """MAC1 is not the card's."""

    code = "mac-wrong"
    status = 422
    title = "MAC1 wrong"
    zh = "圈存 MAC1 校验不通过。"
    en = "MAC1 of the load is not that of the card."


class LoadIsUnknown(Refusal):
    """The terminal authorised no load of that id."""

    code = "load-unknown"
    status = 404
    title = "Load unknown"
    zh = "本终端没有编号为 {load_id} 的圈存。"
    en = "This terminal has no load {load_id}."


class LoadIsConfirmed(Refusal):
    """The load, or another with the same online sequence, was confirmed before."""

    code = "load-already-confirmed"
    status = 409
    title = "Load already confirmed"
    zh = "该卡联机交易序号 {online_sequence} 的圈存已确认。"
    en = "The load of online sequence {online_sequence} of this card was confirmed before."


class LoadBalanceDiffers(Refusal):
    """The balance after is not the balance before plus the amount."""

    code = "load-balance-differs"
    status = 422
    title = "Balance after load differs"
    zh = "圈存后余额应为 {expected_fen} 分，终端上报 {found_fen} 分。"
    en = "The balance after the load must be {expected_fen} fen, the terminal reported {found_fen}."


class TacIsWrong(Refusal):
    """The receipt is not the card's."""

    code = "tac-wrong"
    status = 422
    title = "TAC wrong"
    zh = "交易验证码（TAC）校验不通过。"
    en = "The TAC is not that of the card."
