"""What is refused of cases and of the credit file."""

from __future__ import annotations

from card_platform.errors import Refusal


class RiskCaseIsUnknown(Refusal):
    """No case has that id, or it is of another's card."""

    code = "risk-case-unknown"
    status = 404
    title = "Case unknown"
    zh = "没有这件风险案件。"
    en = "There is no such case."


class RiskCaseStateForbids(Refusal):
    """The table has no such step."""

    code = "risk-case-state-forbids"
    status = 409
    title = "Case's state forbids this"
    zh = "案件状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The case is {state}; it does not allow {action}. Allowed now: {allowed}."


class CaseHasNoCard(Refusal):
    """The subject is no card of this region."""

    code = "risk-case-without-card"
    status = 409
    title = "Case without a card"
    zh = "该案件不涉及本地区的某一张卡，不能冻结。"
    en = "The case concerns no one card of this region; there is nothing to freeze."


class DeciderIsTheSame(Refusal):
    """Who confirmed the case does not decide the appeal."""

    code = "appeal-decided-by-another"
    status = 403
    title = "Another person decides"
    zh = "申诉须由作出原认定以外的人员决定。"
    en = "An appeal is decided by somebody other than who confirmed the case."


class AppealIsTooLate(Refusal):
    """The deadline of the appeal has passed."""

    code = "appeal-too-late"
    status = 409
    title = "Appeal too late"
    zh = "申诉期限已于 {until} 届满。"
    en = "The deadline of the appeal passed at {until}."


class CreditFileHasNoGround(Refusal):
    """No law lets the caller read this file for this purpose."""

    code = "credit-file-without-ground"
    status = 403
    title = "No legal ground"
    zh = "没有法定依据，不得查询他人的诚信档案。"
    en = "No legal ground lets you read another's credit file for this."
