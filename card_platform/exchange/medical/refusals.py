"""What is refused of treatment elsewhere between regions."""

from __future__ import annotations

from card_platform.errors import Refusal


class SettlementIsUnknown(Refusal):
    """The region has settled nothing of that reference for the sender."""

    code = "medical-settlement-unknown"
    status = 404
    title = "Settlement unknown"
    zh = "没有编号为 {reference} 的异地结算。"
    en = "There is no settlement {reference} for treatment elsewhere."


class SettlementDayIsOut(Refusal):
    """The day of a settlement is the day it is asked, give or take the way there."""

    code = "medical-settlement-day-out-of-range"
    status = 422
    title = "Day of the settlement out of range"
    zh = "结算日 {day} 与本地日期 {today} 相差过大。"
    en = "The day of the settlement, {day}, is too far from {today} here."


class FiguresAreImpossible(Refusal):
    """The insured region answers figures that do not fit the bill: nothing is paid on them."""

    code = "medical-figures-impossible"
    status = 502
    title = "Figures do not fit the bill"
    zh = "参保地区答复的金额与账单不符，未予采信。"
    en = "The figures the insured region answers do not fit the bill, and were not believed."


class DayIsCleared(Refusal):
    """The day's statement was taken before."""

    code = "medical-day-already-cleared"
    status = 409
    title = "Day already cleared"
    zh = "{day} 的清算已对账，不能再变动。"
    en = "The day {day} was cleared; nothing of it changes any more."


class ClearingIsUnknown(Refusal):
    """There is no statement of that day and region."""

    code = "medical-clearing-unknown"
    status = 404
    title = "Clearing unknown"
    zh = "没有该地区该日的清算。"
    en = "There is no clearing of that day with that region."


class ClearingIsOpen(Refusal):
    """The day goes on, or a visit of it is still asked of the other region."""

    code = "medical-clearing-open"
    status = 409
    title = "Clearing of the day is open"
    zh = "与地区 {region} {day} 的异地就医尚未出账：该日未结束，或者还有结算等待对方答复。"
    en = (
        "{day} with region {region} is not stated yet: it goes on, or a visit of it is still asked."
    )
