"""What transit alone refuses; `services/purse_refusals.py` has what every purse does."""

from __future__ import annotations

from card_platform.errors import Refusal


class PurseIsUnknown(Refusal):
    """No card of this platform has that application serial and issuer."""

    code = "purse-unknown"
    status = 404
    title = "Purse unknown"
    zh = "没有应用序列号为 {application_serial} 的交通应用。"
    en = "There is no purse with application serial {application_serial}."


class TapIsReplayed(Refusal):
    """The platform has a tap or purchase of this card, day and offline sequence."""

    code = "tap-replayed"
    status = 409
    title = "Tap replayed"
    zh = "该卡 {date} 脱机交易序号 {offline_sequence} 的交易已收到。"
    en = "The tap of {date} with offline sequence {offline_sequence} of this card is known already."


class RegionIsNotServed(Refusal):
    """No agreement lets cards of that region ride here (YD-11, NX-12, SC-h)."""

    code = "region-not-served"
    status = 422
    title = "Region not served"
    zh = "没有合作协议涵盖地区 {region} 的卡在本地乘车。"
    en = "No cooperation agreement lets cards of region {region} ride here."


class MonthIsAhead(Refusal):
    """A month that has not begun."""

    code = "fare-month-ahead"
    status = 422
    title = "Month has not begun"
    zh = "{month} 尚未开始，没有可退的车费。"
    en = "{month} has not begun; there is no fare of it to give back."


class NothingToRefund(Refusal):
    """What was paid is what the rules ask, or was given back already."""

    code = "fare-refund-nothing-due"
    status = 409
    title = "Nothing to refund"
    zh = "所付车费没有多收，或多收部分已经退还。"
    en = "What was paid is what the rules ask, or what was too much has been given back."


class RideIsUnknown(Refusal):
    """The card has no such ride."""

    code = "ride-unknown"
    status = 404
    title = "Ride unknown"
    zh = "该卡没有此次乘车记录。"
    en = "The card has no such ride."


class RideIsNotCorrectable(Refusal):
    """A ride with both its ends."""

    code = "ride-not-correctable"
    status = 409
    title = "Ride has both ends"
    zh = "该次乘车进出站记录齐全，只有补票的行程可以更正。"
    en = "The ride has both its ends; only one that was closed at a desk can be corrected."
