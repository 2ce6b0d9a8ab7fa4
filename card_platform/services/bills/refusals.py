"""What is refused of bills."""

from __future__ import annotations

from card_platform.errors import Refusal


class UtilityIsUnknown(Refusal):
    """The region has none of that code."""

    code = "utility-unknown"
    status = 404
    title = "Utility unknown"
    zh = "本地区没有公用事业单位 {utility}；现有单位见 /v1/utilities。"
    en = "The region has no utility {utility}; GET /v1/utilities lists them."


class UtilityIsAnothers(Refusal):
    """Whoever signed in is another institution."""

    code = "utility-is-anothers"
    status = 403
    title = "Another institution's bills"
    zh = "{utility} 的账单只能由该单位自己办理。"
    en = "Bills of {utility} are that utility's own business."


class BillIsUnknown(Refusal):
    """The utility has none of that id or number."""

    code = "bill-unknown"
    status = 404
    title = "Bill unknown"
    zh = "该单位没有此账单。"
    en = "The utility has no such bill."


class BillStateForbids(Refusal):
    """A step out of order: a bill is paid once, given back once."""

    code = "bill-state-forbids"
    status = 409
    title = "Bill's state forbids this"
    zh = "账单状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The bill is {state}; it does not allow {action}. Allowed now: {allowed}."


class AccountNumberIsWrong(Refusal):
    """It is not written as the utility writes them, or its check digit is wrong."""

    code = "account-number-wrong"
    status = 422
    title = "Account number wrong"
    zh = "户号不符合 {utility} 的编号规则，请核对。"
    en = "The account number is not one of {utility}; check its digits."


class TotalDiffers(Refusal):
    """What the holder was told is no longer what the bills come to."""

    code = "bills-total-differs"
    status = 409
    title = "Bills come to another amount"
    zh = "应缴合计为 {total_fen} 分，与所报 {told_fen} 分不符（可能已产生滞纳金），请重新查询。"
    en = "The bills come to {total_fen} fen, not {told_fen}; a late fee may have grown. Ask again."
