"""What is refused of orders to banks."""

from __future__ import annotations

from card_platform.errors import Refusal


class BankOrderIsUnknown(Refusal):
    """There is no such order."""

    code = "bank-order-unknown"
    status = 404
    title = "Bank order unknown"
    zh = "没有该付款指令。"
    en = "There is no such order to a bank."


class BankOrderIdIsReused(Refusal):
    """The client id stands for another order."""

    code = "bank-order-id-reused"
    status = 409
    title = "Bank order id reused"
    zh = "付款编号 {client_id} 已用于另一笔付款。"
    en = "The id {client_id} was used for another order."


class BankOrderStateForbids(Refusal):
    """The table has no such step."""

    code = "bank-order-state-forbids"
    status = 409
    title = "Order's state forbids this"
    zh = "付款指令状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The order is {state}; it does not allow {action}. Allowed now: {allowed}."


class BankAccountIsNotLoaded(Refusal):
    """The card has no account that a bank has loaded."""

    code = "bank-account-not-loaded"
    status = 409
    title = "No loaded bank account"
    zh = "该卡没有已加载的银行账户，不能向其付款。"
    en = "The card has no account that a bank has loaded; no money can be ordered to it."
