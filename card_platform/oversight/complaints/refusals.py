"""What is refused of complaints."""

from __future__ import annotations

from card_platform.errors import Refusal


class ComplaintIsUnknown(Refusal):
    """No complaint has that number, or the secret is not its own."""

    code = "complaint-unknown"
    status = 404
    title = "Complaint unknown"
    zh = "没有该编号的咨询、投诉或举报，或查询码不符。"
    en = "Nothing was filed under that number, or the secret is not its own."


class ComplaintStateForbids(Refusal):
    """The table has no such step."""

    code = "complaint-state-forbids"
    status = 409
    title = "Complaint's state forbids this"
    zh = "该件状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "It is {state}; it does not allow {action}. Allowed now: {allowed}."


class ChannelIsNotTheCallers(Refusal):
    """Each channel has its own takers (NX-16)."""

    code = "channel-not-the-callers"
    status = 403
    title = "Channel is not the caller's"
    zh = "公众只能由线上渠道提交；银行渠道由合作银行以自己的身份登记；网点和热线由工作人员登记。"
    en = (
        "The public files online, a partner bank by the bank channel under its own identity, staff"
        " what comes by site or hotline."
    )


class RegionIsOwn(Refusal):
    """It is passed on to another region, not to this one."""

    code = "region-is-own"
    status = 422
    title = "This region itself"
    zh = "须指向其他地区；{region} 是本地区，在本地办理即可。"
    en = "It is for another region to do; {region} is this one, where it is done as usual."
