"""What is refused of verifications before anybody is looked for."""

from __future__ import annotations

from card_platform.errors import Refusal


class ActivityIsUnknown(Refusal):
    """The pack of the region names no such activity, nor does law reserve it."""

    code = "activity-unknown"
    status = 422
    title = "Activity unknown"
    zh = "本地区没有身份核验事项 {activity}；现有：{known}。"
    en = "This region verifies no identity for {activity}; known: {known}."


class MeansIsUnknown(Refusal):
    """Nobody can be verified by that."""

    code = "means-unknown"
    status = 422
    title = "Means unknown"
    zh = "不支持以 {means} 核验身份；支持：{known}。"
    en = "Identity is not verified by {means}; supported: {known}."
