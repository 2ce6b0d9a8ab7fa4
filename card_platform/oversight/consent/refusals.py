"""What is refused of queries and consents."""

from __future__ import annotations

from card_platform.errors import Refusal


class ConsentIsMissing(Refusal):
    """The holder allowed this institution nothing (NM-22b)."""

    code = "consent-missing"
    status = 403
    title = "No consent"
    zh = "持卡人未同意该机构查询其个人信息；请先取得同意，或说明法定职责。"
    en = "The holder has not consented to queries of this institution; ask for consent first."


class PurposeIsOutsideConsent(Refusal):
    """The consent is for another purpose (NM-22b, CQ-18)."""

    code = "purpose-outside-consent"
    status = 403
    title = "Outside the purpose"
    zh = "查询用途超出持卡人同意的用途。"
    en = "The query is outside the purpose the holder consented to."


class ScopeIsOutsideConsent(Refusal):
    """The consent does not name all items (NM-22b)."""

    code = "scope-outside-consent"
    status = 403
    title = "Outside the scope"
    zh = "查询的信息项超出持卡人同意的范围。"
    en = "The query asks for items the holder did not consent to."


class TimeIsOutsideConsent(Refusal):
    """The consent has not begun, has ended or was withdrawn (NM-22b)."""

    code = "time-outside-consent"
    status = 403
    title = "Outside the time"
    zh = "持卡人的同意尚未生效、已到期或已撤回。"
    en = "The holder's consent has not begun, has ended, or was withdrawn."


class LegalDutyIsUnknown(Refusal):
    """No such duty of this institution covers purpose and items."""

    code = "legal-duty-unknown"
    status = 403
    title = "No such legal duty"
    zh = "该机构没有覆盖此用途和信息项的法定职责。"
    en = "No legal duty of this institution covers this purpose and these items."


class PassingOnIsForbidden(Refusal):
    """Shared data must not be given to a third party (CQ-18)."""

    code = "passing-on-forbidden"
    status = 403
    title = "Passing on is forbidden"
    zh = "共享数据不得以任何形式提供给第三方。"
    en = "Shared data must not be given to a third party in any form."


class InstitutionIsAnothers(Refusal):
    """A department or bank that signed in by its key asked in another's name."""

    code = "institution-is-anothers"
    status = 403
    title = "Institution is another"
    zh = "查询机构须是登录的机构本身。"
    en = "The institution that asks must be the one that signed in."


class HolderIsUnknown(Refusal):
    """No card of that number."""

    code = "holder-unknown"
    status = 404
    title = "Holder unknown"
    zh = "没有符合该卡号或证件号的持卡人。"
    en = "No holder has that card number or document number."


class LinkedDataAreWithheld(Refusal):
    """The department that holds the data refuses them; on record against it (NX-18c)."""

    code = "linked-data-withheld"
    status = 409
    title = "Linked data withheld"
    zh = "掌握该数据的部门不予提供，已记录在案。"
    en = "The department that holds the data withholds them; this is on record."


class ConsentIsUnknown(Refusal):
    """No consent has that id."""

    code = "consent-unknown"
    status = 404
    title = "Consent unknown"
    zh = "没有这项同意。"
    en = "There is no such consent."


class ConsentIsWithdrawn(Refusal):
    """It was withdrawn before."""

    code = "consent-withdrawn"
    status = 409
    title = "Consent withdrawn"
    zh = "这项同意已撤回。"
    en = "This consent was withdrawn before."


class ConsentTimeIsWrong(Refusal):
    """It would end before it begins."""

    code = "consent-time-wrong"
    status = 422
    title = "Consent's time is wrong"
    zh = "同意的截止时间须晚于起始时间。"
    en = "A consent must end after it begins."


QUERY_REFUSALS: dict[str, type[Refusal]] = {
    each.code: each
    for each in (
        ConsentIsMissing,
        PurposeIsOutsideConsent,
        ScopeIsOutsideConsent,
        TimeIsOutsideConsent,
        LegalDutyIsUnknown,
        PassingOnIsForbidden,
        InstitutionIsAnothers,
        HolderIsUnknown,
        LinkedDataAreWithheld,
    )
}
"""Those on record, by code."""
