"""What is refused of readers, loans and returns."""

from __future__ import annotations

from card_platform.errors import Refusal


class ReaderIsRegistered(Refusal):
    """Once is enough."""

    code = "reader-already-registered"
    status = 409
    title = "Reader already registered"
    zh = "持卡人已是本馆读者。"
    en = "The holder is a reader here already."


class ReaderIsNotRegistered(Refusal):
    """Who borrows is a reader."""

    code = "reader-not-registered"
    status = 409
    title = "Reader not registered"
    zh = "持卡人尚未注册为本馆读者；凭社会保障卡即可注册。"
    en = "The holder is no reader here yet; the card is all it takes to register."


class LoansAreAtTheirLimit(Refusal):
    """As many copies as a reader may have."""

    code = "loan-limit-reached"
    status = 409
    title = "Loan limit reached"
    zh = "每位读者最多外借 {limit} 册，请先归还。"
    en = "A reader has at most {limit} copies at once; return one first."


class LoanIsOverdue(Refusal):
    """Nothing more is lent while something is overdue, and that is not renewed."""

    code = "loan-overdue"
    status = 409
    title = "Loan overdue"
    zh = "{copy} 应于 {due} 归还，已超期，请先归还。"
    en = "{copy} was due on {due}; return it first."


class CopyIsLent(Refusal):
    """One reader at a time."""

    code = "copy-already-lent"
    status = 409
    title = "Copy already lent"
    zh = "{copy} 已外借。"
    en = "{copy} is lent already."


class CopyIsNotLent(Refusal):
    """Nothing to renew or to end: it was returned, or never lent."""

    code = "copy-not-lent"
    status = 404
    title = "Copy not lent"
    zh = "{copy} 没有未归还的外借记录。"
    en = "There is no loan of {copy} that is not returned."


class RenewalsAreUsedUp(Refusal):
    """As often as the library renews."""

    code = "renewals-used-up"
    status = 409
    title = "Renewals used up"
    zh = "最多续借 {limit} 次，已用完。"
    en = "A loan is renewed at most {limit} times, and that was done."


class SiteLendsNothing(Refusal):
    """Copies are taken back where copies are lent."""

    code = "site-lends-nothing"
    status = 403
    title = "Site lends nothing"
    zh = "本网点没有开办外借，不收还书。"
    en = "The site lends nothing, so it takes nothing back."


class ReturnIsUnknown(Refusal):
    """There is none of that id at this site."""

    code = "return-unknown"
    status = 404
    title = "Return unknown"
    zh = "本网点没有此还书记录。"
    en = "The site has no such return."


class ReturnStateForbids(Refusal):
    """A step out of order."""

    code = "return-state-forbids"
    status = 409
    title = "Return's state forbids this"
    zh = "还书记录状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The return is {state}; it does not allow {action}. Allowed now: {allowed}."


class ReturnDayIsOut(Refusal):
    """A message may wait, but not so long."""

    code = "return-day-out-of-range"
    status = 422
    title = "Day of the return out of range"
    zh = "还书日期 {day} 与本地日期 {today} 相差过大。"
    en = "The day of the return, {day}, is too far from {today} here."
