"""What is refused of webhooks."""

from __future__ import annotations

from card_platform.errors import Refusal


class WebhookIsUnknown(Refusal):
    """The caller's role has no webhook of that id."""

    code = "webhook-unknown"
    status = 404
    title = "Webhook unknown"
    zh = "没有该编号的推送订阅，或不属于本角色。"
    en = "There is no webhook of that id, or it is another role's."


class WebhookStateForbids(Refusal):
    """The table has no such step."""

    code = "webhook-state-forbids"
    status = 409
    title = "Webhook's state forbids this"
    zh = "推送订阅状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The webhook is {state}; it does not allow {action}. Allowed now: {allowed}."


class KindIsNotGranted(Refusal):
    """The caller's role may not read outcomes of that kind."""

    code = "outcome-kind-not-granted"
    status = 403
    title = "Kind of outcome not granted"
    zh = "本角色无权接收以下种类的办理结果：{kinds}。"
    en = "This role is not granted outcomes of these kinds: {kinds}."


class TooManyWebhooks(Refusal):
    """A role has a bounded number of webhooks."""

    code = "webhooks-too-many"
    status = 409
    title = "Too many webhooks"
    zh = "本角色的推送订阅已达上限 {most} 个，请先结束不用的。"
    en = "This role has {most} webhooks already; end one that is not needed."
