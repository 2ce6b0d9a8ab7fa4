"""What is refused of employment and insurance matters."""

from __future__ import annotations

from card_platform.errors import Refusal


class KindIsUnknown(Refusal):
    """No such kind of business."""

    code = "business-kind-unknown"
    status = 422
    title = "Kind of business unknown"
    zh = "没有业务种类 {kind}；现有种类见 /v1/employment/kinds。"
    en = "There is no kind of business {kind}; GET /v1/employment/kinds lists them."


class KindIsNotJoint(Refusal):
    """Only the region of the card does it."""

    code = "business-kind-not-joint"
    status = 422
    title = "Not a joint kind of business"
    zh = "业务 {kind} 不在通办清单内，请向发卡地办理。"
    en = "{kind} is not on the joint list; it is done in the region that issued the card."


class MatterIsUnknown(Refusal):
    """No such matter."""

    code = "matter-unknown"
    status = 404
    title = "Matter unknown"
    zh = "没有该编号的业务。"
    en = "There is no matter of that number."


class MatterStateForbids(Refusal):
    """The table has no such step."""

    code = "matter-state-forbids"
    status = 409
    title = "Matter's state forbids this"
    zh = "该业务状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "It is {state}; it does not allow {action}. Allowed now: {allowed}."


class MatterIsDecidedElsewhere(Refusal):
    """It was passed on."""

    code = "matter-decided-elsewhere"
    status = 409
    title = "Decided by another region"
    zh = "该业务已转 {region}，由发卡地决定；本地只告知结果。"
    en = "It was passed on to {region}, which decides; here its decision is only told."


class HolderIsNotEnrolled(Refusal):
    """Nothing to claim from, to tell or to end."""

    code = "holder-not-enrolled"
    status = 409
    title = "Not enrolled"
    zh = "持卡人没有参加 {insurance} 保险，不能办理此业务。"
    en = "The holder is not enrolled in {insurance} insurance; this cannot be done."


class HolderIsEnrolled(Refusal):
    """One open enrolment an insurance."""

    code = "holder-enrolled-already"
    status = 409
    title = "Enrolled already"
    zh = "持卡人已参加 {insurance} 保险；先办理减员，再重新登记。"
    en = "The holder is enrolled in {insurance} insurance; end that enrolment first."


class EnrolmentEndsBeforeItBegins(Refusal):
    """The days are the wrong way round."""

    code = "enrolment-ends-before-it-begins"
    status = 422
    title = "Ends before it begins"
    zh = "终止日期 {until} 早于起始日期 {begins}。"
    en = "The last day {until} is before the first day {begins}."
