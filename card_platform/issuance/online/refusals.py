"""What is refused of applications made online."""

from __future__ import annotations

from card_platform.errors import Refusal


class OnlineApplicationIsUnknown(Refusal):
    """No such number, or another secret."""

    code = "online-application-unknown"
    status = 404
    title = "Online application unknown"
    zh = "没有该编号的网上申领，或者查询码不符。"
    en = "There is no online application of that number and secret."


class OnlineApplicationStateForbids(Refusal):
    """The table has no such step."""

    code = "online-application-state-forbids"
    status = 409
    title = "State of the online application forbids this"
    zh = "网上申领处于 {state}，不能 {action}；此时可以：{allowed}。"
    en = "The online application is {state}; it does not allow {action}. Allowed now: {allowed}."
