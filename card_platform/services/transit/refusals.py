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
