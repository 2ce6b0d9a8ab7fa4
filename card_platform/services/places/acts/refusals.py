"""What is refused of bookings, entries, meals, sessions, purchases and attendance."""

from __future__ import annotations

from card_platform.errors import Refusal


class ActIsUnknown(Refusal):
    """There is none of that id here."""

    code = "act-unknown"
    status = 404
    title = "Act unknown"
    zh = "本网点或者本卡没有此办理记录。"
    en = "There is no such act of this site or this card."


class ActStateForbids(Refusal):
    """A step out of order."""

    code = "act-state-forbids"
    status = 409
    title = "Act's state forbids this"
    zh = "办理记录状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The act is {state}; it does not allow {action}. Allowed now: {allowed}."


class OfferKindDiffers(Refusal):
    """The step is for another kind of offer."""

    code = "offer-kind-differs"
    status = 409
    title = "Offer of another kind"
    zh = "服务项目的类别为 {kind}，不能这样办理。"
    en = "The offer is of kind {kind}, which does not allow this."


class SlotIsUnknown(Refusal):
    """The offer has no slot that opens then, or none at this moment."""

    code = "slot-unknown"
    status = 422
    title = "No such slot"
    zh = "该服务项目没有 {opens} 开始的时段。"
    en = "The offer has no slot at {opens}."


class SlotIsFull(Refusal):
    """Every place is taken."""

    code = "slot-full"
    status = 409
    title = "Slot full"
    zh = "{day} {opens} 时段的名额已满。"
    en = "Every place of {day}, {opens} is taken."


class SlotIsBooked(Refusal):
    """One place a person."""

    code = "slot-already-booked"
    status = 409
    title = "Slot already booked"
    zh = "持卡人已预约 {day} {opens} 时段。"
    en = "The holder has a place of {day}, {opens} already."


class BookingDayIsOut(Refusal):
    """The slot is over, or so far ahead that it cannot be booked yet."""

    code = "booking-day-out-of-range"
    status = 422
    title = "Slot cannot be booked now"
    zh = "只能预约尚未结束、且在 {ahead} 天以内的时段；{day} {opens} 不在此列。"
    en = "What can be booked is not over and within {ahead} days; {day}, {opens} is not."


class BookingHasBegun(Refusal):
    """Its slot has opened."""

    code = "booking-has-begun"
    status = 409
    title = "Booking's slot has begun"
    zh = "{day} {opens} 时段已开始，不能取消。"
    en = "The slot {day}, {opens} has begun; it can no longer be cancelled."


class LimitIsReached(Refusal):
    """Most of a day, or of a year."""

    code = "offer-limit-reached"
    status = 409
    title = "Limit reached"
    zh = "{period} 内最多 {limit} 次，已用完。"
    en = "At most {limit} within {period}, and they are used up."


class VisitorIsPresent(Refusal):
    """Attendance that has not ended."""

    code = "visitor-already-present"
    status = 409
    title = "Already present"
    zh = "持卡人已签到，尚未签退。"
    en = "The holder has come already and not left."


class BillIsMissing(Refusal):
    """The price of such an offer is that of a bill; any other has a price of its own."""

    code = "bill-does-not-fit"
    status = 422
    title = "Amount of the bill missing, or not wanted"
    zh = "按账单收费的项目须给出金额，其他项目不得给出金额。"
    en = "An offer priced by the bill needs its amount, any other must be asked without one."


class PersonalMoneyIsElsewhere(Refusal):
    """The books of another region hold it."""

    code = "personal-money-elsewhere"
    status = 422
    title = "Personal money is in another region"
    zh = "外地持卡人的个人资金在发卡地区，请以其他方式支付。"
    en = "The personal money of this holder is in another region; pay in another way."
