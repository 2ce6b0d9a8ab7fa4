"""What is refused at sites, with the clause that says so."""

from __future__ import annotations

from card_platform.errors import Refusal


class SiteIsUnknown(Refusal):
    """No site has that id."""

    code = "site-unknown"
    status = 404
    title = "Site unknown"
    zh = "没有这个服务网点。"
    en = "There is no such site."


class SiteIsKnown(Refusal):
    """The area has a site of that name."""

    code = "site-already-known"
    status = 409
    title = "Site already known"
    zh = "{area} 已有名为“{name}”的网点。"
    en = "{area} has a site named “{name}” already."


class SiteLacksEquipment(Refusal):
    """NM-10a, CQ-15, NX-11: a site without what an item needs is not in service for it."""

    code = "site-lacks-equipment"
    status = 422
    title = "Site lacks equipment"
    zh = "网点缺少该事项所需的设施：{lacking}；配置后方可开办。"
    en = "The site lacks what the item needs: {lacking}; it must have that first."


class HoursAreImpossible(Refusal):
    """A site closes after it opens."""

    code = "hours-impossible"
    status = 422
    title = "Hours impossible"
    zh = "星期 {weekday} 的服务时间 {opens} 至 {closes} 不成立。"
    en = "The hours of weekday {weekday} are impossible: {opens} to {closes}."
