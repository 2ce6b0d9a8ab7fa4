"""What is refused of services other regions passed on."""

from __future__ import annotations

from card_platform.errors import Refusal


class ServiceFromRegionIsUnknown(Refusal):
    """No such number."""

    code = "service-from-region-unknown"
    status = 404
    title = "Service from a region unknown"
    zh = "没有该编号的异地受理业务。"
    en = "No service of that number was passed on by another region."


class ServiceFromRegionStateForbids(Refusal):
    """The table has no such step."""

    code = "service-from-region-state-forbids"
    status = 409
    title = "State of the service forbids this"
    zh = "该业务状态为 {state}，不能 {action}；此时可以：{allowed}。"
    en = "The service is {state}; it does not allow {action}. Allowed now: {allowed}."
