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


class CaseIsOfAnother(Refusal):
    """Who a case was assigned to decides it."""

    code = "risk-case-of-another"
    status = 403
    title = "Case of another person"
    zh = "该案件已分派给 {assignee}，由其作出认定；如需改派，请重新分派。"
    en = "The case was assigned to {assignee}, who decides it; assign it anew to change that."


class OpenerDoesNotDecide(Refusal):
    """Who opened a case by hand does not decide it."""

    code = "risk-case-decided-by-another"
    status = 403
    title = "Another person decides"
    zh = "立案人不得认定自己所立的案件，请分派给他人。"
    en = "Who opened a case by hand does not decide it; assign it to somebody else."


class HolderIsLikelyWronged(Refusal):
    """What this case is about is usually done to the holder, not by the holder."""

    code = "risk-case-holder-wronged"
    status = 409
    title = "Holder likely wronged"
    zh = (
        "{typology} 类案件中持卡人通常是受害人，不宜记入其诚信档案。系他人所为请用 blame_another；"
        "确系持卡人所为，请附 holder_answers: true。"
    )
    en = (
        "In a case of {typology} the holder is usually the one wronged. Decide blame_another, or "
        "send holder_answers: true where the holder did it."
    )


class HolderIsUnknown(Refusal):
    """Nobody of this region can be entered in a credit file for this case."""

    code = "risk-case-without-holder"
    status = 409
    title = "Case without a holder"
    zh = "该案件不涉及本地区的任何持卡人或机构，不能认定其违规；请用 blame_another 结案。"
    en = "The case concerns no holder and no institution here; close it with blame_another."


class DeciderIsTheSame(Refusal):
    """Who confirmed the case or froze the card for it does not decide the appeal."""

    code = "appeal-decided-by-another"
    status = 403
    title = "Another person decides"
    zh = "申诉须由作出原认定、冻结卡片以外的人员决定。"
    en = "An appeal is decided by somebody other than who confirmed the case or froze the card."


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
