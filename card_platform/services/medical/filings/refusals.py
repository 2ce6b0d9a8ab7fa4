"""What is refused of filings, and without one."""

from __future__ import annotations

from card_platform.errors import Refusal


class TreatmentElsewhereIsNotFiled(Refusal):
    """YD-13: no filing of the holder holds in that region today; it says how to file."""

    code = "treatment-elsewhere-not-filed"
    status = 403
    title = "Treatment elsewhere not filed"
    zh = "持卡人没有在 {region} 就医的有效备案，不能直接结算。{how_zh}"
    en = "The holder has no filing in force for treatment in {region}. {how_en}"


class FilingIsBackdated(Refusal):
    """A filing begins today at the earliest."""

    code = "medical-filing-backdated"
    status = 422
    title = "Filing backdated"
    zh = "备案开始日 {since} 早于今天，备案不能倒签。"
    en = "The filing would begin on {since}, before today; it is not dated back."


class FilingIsTooLong(Refusal):
    """Longer than the region lets this kind last."""

    code = "medical-filing-too-long"
    status = 422
    title = "Filing too long"
    zh = "{kind} 备案最长 {days} 天。"
    en = "A filing of the kind {kind} lasts at most {days} days."


class ReferralIsMissing(Refusal):
    """A referral has a number."""

    code = "medical-referral-missing"
    status = 422
    title = "Referral missing"
    zh = "转诊备案须提供转诊单编号。"
    en = "A filing for a referral names the number of the referral."


class FilingIsUnknown(Refusal):
    """The card has no such filing."""

    code = "medical-filing-unknown"
    status = 404
    title = "Filing unknown"
    zh = "该卡没有此备案。"
    en = "The card has no such filing."


class FilingStateForbids(Refusal):
    """The table has no such step."""

    code = "medical-filing-state-forbids"
    status = 409
    title = "Filing's state forbids this"
    zh = "备案状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The filing is {state}; it does not allow {action}. Allowed now: {allowed}."
