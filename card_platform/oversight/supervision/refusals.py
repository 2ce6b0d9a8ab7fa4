"""What is refused of inspections and bodies."""

from __future__ import annotations

from card_platform.errors import Refusal


class FindingIsUnknown(Refusal):
    """No such finding."""

    code = "finding-unknown"
    status = 404
    title = "Finding unknown"
    zh = "没有这项检查发现的问题。"
    en = "There is no such finding."


class FindingIsMended(Refusal):
    """It was mended before."""

    code = "finding-mended"
    status = 409
    title = "Finding mended"
    zh = "该问题已整改。"
    en = "This finding was mended before."


class BodyIsUnknown(Refusal):
    """No such coordination body."""

    code = "body-unknown"
    status = 404
    title = "Body unknown"
    zh = "没有这个协调机构。"
    en = "There is no such coordination body."
