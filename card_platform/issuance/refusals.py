"""What issuance refuses, with the clause that says so."""

from __future__ import annotations

from card_platform.errors import Refusal


class CardIsUnknown(Refusal):
    """No card has that id."""

    code = "card-unknown"
    status = 404
    title = "Card unknown"
    zh = "没有这张社会保障卡。"
    en = "There is no such card."


class CardStateForbids(Refusal):
    """The life cycle has no such step from the card's state (CQ-11a)."""

    code = "card-state-forbids"
    status = 409
    title = "Card state forbids this"
    zh = "卡片状态为 {state}，不能办理 {action}；此状态下可办理：{allowed}。"
    en = "The card is {state}; it does not allow {action}. Allowed now: {allowed}."


class RegionIsNotServed(Refusal):
    """The platform serves another region."""

    code = "region-not-served"
    status = 422
    title = "Region not served"
    zh = "本平台服务地区为 {served}，不受理地区 {asked} 的申领。"
    en = "This platform serves region {served}; it takes no application for {asked}."


class ApplicationFormIsMissing(Refusal):
    """CQ-12a: the applicant shall fill in the application form."""

    code = "application-form-missing"
    status = 422
    title = "Application form missing"
    zh = "未填写社会保障卡申领登记表（第十二条）。"
    en = "The application form is missing (article 12)."


class IdentityDocumentIsMissing(Refusal):
    """CQ-12a: the applicant shall show a valid identity document."""

    code = "identity-document-missing"
    status = 422
    title = "Identity document missing"
    zh = "未交验居民身份证等有效身份证件（第十二条）。"
    en = "No identity document was shown (article 12)."


class IdentityDocumentIsInvalid(Refusal):
    """CQ-12a: the document shown is not valid."""

    code = "identity-document-invalid"
    status = 422
    title = "Identity document invalid"
    zh = "身份证件无效：{reason_zh}（第十二条）。"
    en = "The identity document is not valid: {reason_en} (article 12)."


class NotEntitled(Refusal):
    """CQ-5: residents of the region and persons entitled to its public services."""

    code = "not-entitled"
    status = 422
    title = "Not entitled"
    zh = "申领人不是本市户籍人员，也不享有本市公共服务权益（第五条）。"
    en = (
        "The applicant neither is registered here nor entitled to public services here (article 5)."
    )


class PersonAlreadyHoldsCard(Refusal):
    """CQ-5a: one person, one card."""

    code = "person-already-holds-card"
    status = 409
    title = "Person already holds a card"
    zh = "申领人已持有社会保障卡；实行一人一卡（第五条）。"
    en = "The applicant already holds a card; one person has one card (article 5)."


class HistoricalBytesDiffer(Refusal):
    """The chip answers with other historical bytes than the image ordered."""

    code = "historical-bytes-differ"
    status = 409
    title = "Historical bytes differ"
    zh = "芯片历史字节与制卡数据不一致：应为 {expected}，读得 {found}。"
    en = "The chip's historical bytes differ from the image: expected {expected}, read {found}."


class DocumentIsNotTheHolders(Refusal):
    """CQ-11a: only the holder, by document, activates or restores a card."""

    code = "document-is-not-the-holders"
    status = 422
    title = "Document is not the holder's"
    zh = "出示的身份证件不是持卡人本人的。"
    en = "The document shown is not the card holder's."


class CardNumbersAreUsedUp(Refusal):
    """The series has no card number left."""

    code = "card-numbers-used-up"
    status = 503
    title = "Card numbers used up"
    zh = "本批次卡号已用完，请联系管理员启用新批次。"
    en = "The series of card numbers is used up; the operator must open a new one."


class CollectionSiteIsMissing(Refusal):
    """An application online names the site where the card is collected."""

    code = "collection-site-missing"
    status = 422
    title = "Collection site missing"
    zh = "线上申领须选择领卡网点。"
    en = "An application online must name the site where the card is collected."


class CardWaitsElsewhere(Refusal):
    """The card is collected at the site the application named."""

    code = "card-waits-elsewhere"
    status = 409
    title = "The card waits elsewhere"
    zh = "该卡在{site}领取，本网点不能发卡。"
    en = "The card is to be collected at {site}, not here."


class MandateIsMissing(Refusal):
    """An agent acts on a mandate only."""

    code = "mandate-missing"
    status = 422
    title = "Mandate missing"
    zh = "代办人未出示申领人的委托书。"
    en = "The agent showed no mandate of the applicant."


class MandateIsInvalid(Refusal):
    """The mandate shown does not hold."""

    code = "mandate-invalid"
    status = 422
    title = "Mandate invalid"
    zh = "委托无效：{reason_zh}。"
    en = "The mandate is not valid: {reason_en}."


class ExchangeReasonIsRefused(Refusal):
    """CQ-12b: new generation, changed name, unreadable damage; nothing else."""

    code = "exchange-reason-refused"
    status = 422
    title = "Exchange reason refused"
    zh = "换领理由“{reason}”不符合规定；可换领的情形：{allowed}（第十二条）。"
    en = "The reason {reason} is none to exchange a card for; these are: {allowed} (article 12)."


class NameHasNotChanged(Refusal):
    """CQ-12b: a card exchanged for a changed name needs the new name."""

    code = "name-has-not-changed"
    status = 422
    title = "The name has not changed"
    zh = "以姓名变更为由换领须提供与登记不同的新姓名（第十二条）。"
    en = "An exchange for a changed name needs a name other than the one registered (article 12)."


class FreezeGroundIsRefused(Refusal):
    """CQ-20b: false claim, use by another, theft."""

    code = "freeze-ground-refused"
    status = 422
    title = "Ground of the freeze refused"
    zh = "冻结事由“{ground}”不符合规定；可临时冻结的情形：{allowed}（第二十条）。"
    en = "{ground} is no ground to freeze a card; these are: {allowed} (article 20)."


class CancellationReasonIsRefused(Refusal):
    """CQ-13a: death or declared death, emigration with loss of nationality, end of entitlement."""

    code = "cancellation-reason-refused"
    status = 422
    title = "Cancellation reason refused"
    zh = "注销理由“{reason}”不符合规定；应注销的情形：{allowed}（第十三条）。"
    en = "{reason} is no reason to cancel a card; these are: {allowed} (article 13)."


class CardHasEnded(Refusal):
    """A cancelled or superseded card is served no more (CQ-13b)."""

    code = "card-has-ended"
    status = 409
    title = "The card has ended"
    zh = "该卡已{state}，终止使用（第十三条）。"
    en = "The card is {state}; its use has ended (article 13)."


class CardIsStillInUse(Refusal):
    """CQ-13b: only a card that has ended is destroyed."""

    code = "card-still-in-use"
    status = 409
    title = "The card is still in use"
    zh = "卡片状态为 {state}；只有已注销或已被新卡取代的卡才销毁（第十三条）。"
    en = "The card is {state}; only a cancelled or superseded card is destroyed (article 13)."


class CardIsDestroyedAlready(Refusal):
    """A card is destroyed once."""

    code = "card-already-destroyed"
    status = 409
    title = "The card is destroyed already"
    zh = "该卡的销毁已有记录。"
    en = "The destruction of this card is on record already."


class FunctionNeedsActiveCard(Refusal):
    """The financial function is opened on an active card only."""

    code = "function-needs-active-card"
    status = 409
    title = "The card is not active"
    zh = "卡片状态为 {state}；金融功能只能在已激活的卡上办理。"
    en = "The card is {state}; the financial function is served on an active card only."


class PinResetNeedsActiveCard(Refusal):
    """A card that is lost, frozen, not handed over or ended gets no new PIN."""

    code = "pin-reset-needs-active-card"
    status = 409
    title = "The card is not active"
    zh = "卡片状态为 {state}；只有已激活的卡可以重置密码。"
    en = "The card is {state}; the PIN of an active card only is reset."


class PinResetWasNotCommanded(Refusal):
    """Nobody asked for the command, so no chip can have the new PIN."""

    code = "pin-reset-not-commanded"
    status = 409
    title = "No command was made"
    zh = "平台没有为该卡制作尚未回报的密码重置指令；请先取得指令并写入卡片，再登记重置。"
    en = (
        "No command to reset this card's PIN waits for its report; ask for it, give it to the card."
    )
