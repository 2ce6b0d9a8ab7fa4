"""What is refused in clearing."""

from __future__ import annotations

from card_platform.errors import Refusal


class ClearingDayIsUnknown(Refusal):
    """No run was begun for that day."""

    code = "clearing-day-unknown"
    status = 404
    title = "Day not cleared"
    zh = "没有该清算日；清算日写作 2026-01-05。"
    en = "No such day was cleared; a day is written 2026-01-05."


class ClearingDayHasNotEnded(Refusal):
    """A day is cleared when it has ended, and ten minutes more."""

    code = "clearing-day-not-ended"
    status = 409
    title = "Day not ended"
    zh = "{day} 尚未结束；日终后 {minutes} 分钟方可清算。"
    en = "{day} has not ended; it is cleared {minutes} minutes after its end."


class ClearingDayIsClosed(Refusal):
    """A later day is closed: whatever came since is cleared with a day after that."""

    code = "clearing-day-closed"
    status = 409
    title = "Day closed"
    zh = "已清算至 {last}，{day} 不再清算；迟到交易计入其后的清算日。"
    en = (
        "Days are cleared through {last}; {day} is not cleared any more, and what came late goes"
        " to a later day."
    )


class ClearingIsUnderWay(Refusal):
    """Another day's run has not ended."""

    code = "clearing-under-way"
    status = 409
    title = "Another day is being cleared"
    zh = "{day} 的清算尚未完成，请先完成。"
    en = "The run of {day} has not ended; let it end first."


class SheetIsUnknown(Refusal):
    """There is no such sheet."""

    code = "clearing-sheet-unknown"
    status = 404
    title = "Clearing sheet unknown"
    zh = "没有该清算单。"
    en = "There is no such clearing sheet."


class SheetStateForbids(Refusal):
    """The table has no such step."""

    code = "clearing-sheet-state-forbids"
    status = 409
    title = "Sheet's state forbids this"
    zh = "清算单状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The sheet is {state}; it does not allow {action}. Allowed now: {allowed}."


class SheetDoesNotSumUp(Refusal):
    """Its lines are not what it says they come to."""

    code = "clearing-sheet-sum-wrong"
    status = 422
    title = "Sheet does not sum up"
    zh = "清算单合计 {told_fen} 分，各行之和 {found_fen} 分，不一致。"
    en = "The sheet says {told_fen} fen, its lines sum to {found_fen} fen."


class SheetDiffers(Refusal):
    """That sheet of that day was booked with other lines."""

    code = "clearing-sheet-differs"
    status = 409
    title = "Sheet differs"
    zh = "{day} 的第 {number} 张清算单已按其他内容入账。"
    en = "Sheet {number} of {day} was booked with other lines."


class SheetDayIsAhead(Refusal):
    """It clears a day that has not ended here."""

    code = "clearing-sheet-day-ahead"
    status = 422
    title = "Sheet of a day ahead"
    zh = "清算日 {day} 在本地尚未结束。"
    en = "The day {day} of the sheet has not ended here."


class RidesAreNotAgreed(Refusal):
    """No agreement covered rides there on that day."""

    code = "clearing-rides-not-agreed"
    status = 422
    title = "No agreement covers these rides"
    zh = "{ride_day} 没有合作协议涵盖本地卡在地区 {region} 乘车，清算单不予入账。"
    en = "No agreement covered rides of our cards in region {region} on {ride_day}; not booked."
