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


class OrderDecisionIsOnesOwn(Refusal):
    """Who ordered decides (four eyes)."""

    code = "bank-order-decision-ones-own"
    status = 403
    title = "Decision on one's own order"
    zh = "下达付款指令的人不得复核自己的指令，须由另一人决定。"
    en = "Who ordered the money does not decide on it; somebody else must."


class FundPaysByPayouts(Refusal):
    """NM-12a: money of a fund goes to people under a listed programme, once a period."""

    code = "fund-pays-by-payouts"
    status = 409
    title = "A fund pays by payout files"
    zh = "{source} 是财政或者保险基金账户，只能按补贴目录以发放文件向个人发放。"
    en = "{source} is a fund; it pays people by payout files of listed programmes alone."


class PayeeIsFrozen(Refusal):
    """CQ-20b: nothing is paid to a card the agency has frozen."""

    code = "payee-frozen"
    status = 409
    title = "Payee's card is frozen"
    zh = "该卡已被临时冻结，核查作出决定前不能向其付款。"
    en = "The card is frozen by the agency; nothing is paid to it before a decision."


class BankAccountIsNotLoaded(Refusal):
    """The card has no account that a bank has loaded."""

    code = "bank-account-not-loaded"
    status = 409
    title = "No loaded bank account"
    zh = "该卡没有已加载的银行账户，不能向其付款。"
    en = "The card has no account that a bank has loaded; no money can be ordered to it."
