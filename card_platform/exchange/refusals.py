"""What the road refuses."""

from __future__ import annotations

from card_platform.errors import Refusal


class SenderIsUnknown(Refusal):
    """Nobody of that name is enrolled."""

    code = "sender-unknown"
    status = 401
    title = "Sender unknown"
    zh = "发送方 {sender} 未在本平台登记；请先登记其公钥。"
    en = "The sender {sender} is not enrolled here; enrol its public key first."


class SignatureIsWrong(Refusal):
    """The signature is not that of the sender over this content."""

    code = "exchange-signature-wrong"
    status = 401
    title = "Signature wrong"
    zh = "签名与发送方登记的公钥或内容不符。"
    en = "The signature does not fit the content and the sender's enrolled key."


class RecipientIsAnother(Refusal):
    """It is for somebody else."""

    code = "recipient-is-another"
    status = 422
    title = "Recipient is another"
    zh = "接收方为 {recipient}，不是本平台 {own}。"
    en = "It is for {recipient}; this is {own}."


class SubjectIsNotGranted(Refusal):
    """The sender may not send this."""

    code = "subject-not-granted"
    status = 403
    title = "Subject not granted"
    zh = "{sender} 未获准发送 {subject}。"
    en = "{sender} is not granted {subject}."


class SubjectIsNotKnown(Refusal):
    """This platform has no such subject: it is older than the sender, or the name is wrong."""

    code = "exchange-subject-not-known"
    status = 422
    title = "Subject not known here"
    zh = "本平台尚不支持 {subject}，消息未办理；请在本平台升级后重新告知。"
    en = "This platform does not know {subject} yet; nothing was done. Tell it again once it does."


class PurposeIsOutside(Refusal):
    """The subject is not for this purpose (CQ-18)."""

    code = "purpose-outside-grant"
    status = 403
    title = "Purpose outside grant"
    zh = "{subject} 不得用于 {purpose}；可用于：{allowed}。"
    en = "{subject} is not for {purpose}; it is for: {allowed}."


class HandingOnIsForbidden(Refusal):
    """Shared data go to nobody else (CQ-18)."""

    code = "passing-on-forbidden"
    status = 403
    title = "Passing on forbidden"
    zh = "共享数据不得提供给第三方 {third}。"
    en = "Shared data must not be handed on to {third}."


class QueryIsStale(Refusal):
    """A query is answered only while it is fresh."""

    code = "query-stale"
    status = 401
    title = "Query stale"
    zh = "查询的发送时间 {sent_at} 与本平台时间 {now} 相差超过 {seconds} 秒；请核对两侧时钟。"
    en = (
        "The query was sent at {sent_at}, more than {seconds} s from {now} here; check both clocks."
    )


class QueryIsReplayed(Refusal):
    """It was answered before."""

    code = "query-replayed"
    status = 409
    title = "Query replayed"
    zh = "该查询已答复；新的查询须用新的编号。"
    en = "This query was answered before; a new one needs a new id."


class MessagesHaveGap(Refusal):
    """A message before this one is missing."""

    code = "exchange-has-gap"
    status = 409
    title = "Messages missing"
    zh = "应从第 {expected} 条消息开始。"
    en = "The next message must be number {expected}."


class MessageDiffers(Refusal):
    """The number was used for another message."""

    code = "message-differs"
    status = 409
    title = "Message differs"
    zh = "第 {sequence} 条消息与已接收的内容不同。"
    en = "Message {sequence} differs from the one taken before."


class ParticipantIsUnknown(Refusal):
    """There is no road to them."""

    code = "participant-unknown"
    status = 422
    title = "Participant unknown"
    zh = "{participant} 未在本平台登记，或未登记地址。"
    en = "{participant} is not enrolled here, or without an address."


class SubjectIsUnknown(Refusal):
    """The platform knows no such subject for such a participant."""

    code = "subject-unknown"
    status = 422
    title = "Subject unknown"
    zh = "{kind} 类参与方没有 {subject} 这一事项；可登记：{known}。"
    en = "There is no subject {subject} for a {kind}; known: {known}."


class OtherSideIsAway(Refusal):
    """The other side does not answer now."""

    code = "other-side-is-away"
    status = 503
    title = "The other side is away"
    zh = "{participant} 暂时无法联系，请稍后重试。"
    en = "{participant} cannot be reached now; try again later."


class OtherSideRefuses(Refusal):
    """The other side refused the query."""

    code = "other-side-refuses"
    status = 409
    title = "The other side refuses"
    zh = "{participant} 拒绝：{told_zh}"
    en = "{participant} refuses: {told_en}"


class AnswerSignatureIsWrong(Refusal):
    """What came back is not signed by the key the other side is enrolled with."""

    code = "answer-signature-wrong"
    status = 502
    title = "Signature of the answer wrong"
    zh = "{participant} 的答复签名与其登记的公钥或内容不符，未予采信；请核对其登记的公钥。"
    en = "The answer of {participant} is not signed by its enrolled key, and was not believed."


class AnswerIsUnreadable(Refusal):
    """What came back is signed, but no answer to this platform as section 4a has it."""

    code = "answer-unreadable"
    status = 502
    title = "Answer unreadable"
    zh = "{participant} 的答复不符合交换接口，或不是给本平台的，未予采信。"
    en = "The answer of {participant} is none of the exchange, or for somebody else; not believed."


class AnswerIsToAnother(Refusal):
    """What came back is signed, but answers another request: an old answer, brought again."""

    code = "answer-is-to-another"
    status = 502
    title = "Answer is to another request"
    zh = "{participant} 的答复不是对本次请求的答复，可能是重放的旧答复，未予采信。"
    en = (
        "The answer of {participant} answers another request, perhaps an old answer brought"
        " again; not believed."
    )


class NoAgreementCovers(Refusal):
    """Cards of that region are not served in this field (NM-11)."""

    code = "no-agreement-covers"
    status = 403
    title = "No agreement covers this"
    zh = "没有合作协议涵盖地区 {region} 在 {field} 领域的社会保障卡。"
    en = "No cooperation agreement covers cards of region {region} in the field {field}."


class CardIsNotTheSenders(Refusal):
    """A region speaks of its own cards only."""

    code = "card-is-not-the-senders"
    status = 403
    title = "Card is not the sender's"
    zh = "应用序列号 {serial} 不属于 {sender}。"
    en = "The application serial {serial} is not one of {sender}."


class AreaIsNotTheSenders(Refusal):
    """A region speaks of its own items, and decides for its own sides, only."""

    code = "area-is-not-the-senders"
    status = 403
    title = "Area is not the sender's"
    zh = "区划 {area} 的事项或决定不由 {sender} 告知。"
    en = "What {area} lists or decides is not for {sender} to tell."


class JointServiceStateForbids(Refusal):
    """The issuing region has told the end of it before."""

    code = "joint-service-state-forbids"
    status = 409
    title = "State of the joint service forbids this"
    zh = "该通办业务状态为 {state}，不能 {action}；此时可以：{allowed}。"
    en = "The joint service is {state}; it does not allow {action}. Allowed now: {allowed}."


class IssuingRegionRefuses(Refusal):
    """A supervisor there decided against it; no answer of this platform, but told as one."""

    code = "refused-by-issuing-region"
    status = 409
    title = "Refused by the issuing region"
    zh = "发卡地不予办理：{reason}"
    en = "The issuing region refuses: {reason}"


EVERY_QUESTION = (
    ParticipantIsUnknown,
    OtherSideIsAway,
    OtherSideRefuses,
    AnswerSignatureIsWrong,
    AnswerIsUnreadable,
    AnswerIsToAnother,
)
"""What may come of asking another side now."""
EVERY_MESSAGE = (
    SenderIsUnknown,
    SignatureIsWrong,
    RecipientIsAnother,
    MessagesHaveGap,
    MessageDiffers,
    QueryIsStale,
    QueryIsReplayed,
)
"""What a whole request is refused for; the rest is told message by message."""
