"""What is refused of licences, statements, certificates on cards and paper."""

from __future__ import annotations

from card_platform.errors import Refusal


class LicenceIsUnknown(Refusal):
    """No licence has that id."""

    code = "licence-unknown"
    status = 404
    title = "Licence unknown"
    zh = "没有这份电子证照。"
    en = "There is no such licence."


class LicenceStateForbids(Refusal):
    """The table has no such step."""

    code = "licence-state-forbids"
    status = 409
    title = "Licence's state forbids this"
    zh = "电子证照状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The licence is {state}; it does not allow {action}. Allowed now: {allowed}."


class LicenceIsIssued(Refusal):
    """A licence of that kind and number exists."""

    code = "licence-already-issued"
    status = 409
    title = "Licence already issued"
    zh = "该种类、编号的电子证照已经签发。"
    en = "A licence of this kind and number was issued before."


class LicenceIsOfAnotherRegion(Refusal):
    """Only the region that issued it changes it."""

    code = "licence-of-another-region"
    status = 409
    title = "Licence of another region"
    zh = "该证照由 {region} 签发，只能由签发地变更。"
    en = "The licence was issued by {region}; only that region changes it."


class LicenceIsAnothers(Refusal):
    """It was issued on another person's document."""

    code = "licence-is-anothers"
    status = 422
    title = "Licence is another person's"
    zh = "该证照不是此持卡人的。"
    en = "The licence is not this cardholder's."


class LicenceDataAreWrong(Refusal):
    """Level or days do not fit the kind."""

    code = "licence-data-wrong"
    status = 422
    title = "Licence data wrong"
    zh = "证照等级不符合该种类，或者有效期截止早于起始。"
    en = "The level does not fit the kind, or the licence ends before it begins."


class IdentityIsNotShown(Refusal):
    """The holder did not prove who they are, or too long ago (NM-22b)."""

    code = "identity-not-shown"
    status = 403
    title = "Identity not shown"
    zh = "持卡人此前未在此核验身份，或者核验已超过时限；请先核验身份。"
    en = "The holder has not proved who they are here, or too long ago; check identity first."


class PaperIsNotNeeded(Refusal):
    """NM-13b: where the linked licence answers, no original and no copy may be asked for."""

    code = "paper-not-needed"
    status = 409
    title = "Paper must not be asked for"
    zh = "持卡人关联的电子证照可供查询核验，不得要求提供实体证照或者复印件；已记录（{request}）。"
    en = "The linked e-licence answers; no original or copy may be asked for ({request})."


class PaperRequestIsUnknown(Refusal):
    """No request for paper has that id, or paper could be asked for, or it has a case."""

    code = "paper-request-unknown"
    status = 404
    title = "Paper request unknown"
    zh = "没有这件被拒绝且尚未立案的索要纸质材料记录。"
    en = "There is no refused request for paper of that id without a case."


class CardTakesNoSuchLicence(Refusal):
    """Only disability and veteran certificates are written on cards."""

    code = "licence-not-for-card"
    status = 422
    title = "Licence not for the card"
    zh = "只有残疾人证和退役军人优待证可加载到卡上，且须为国标字符集可写的内容。"
    en = "Only disability and veteran certificates are written on cards, in characters of GBK."


class LicenceIsNotRecognised(Refusal):
    """No agreement of the two regions covers e-licences."""

    code = "licence-not-recognised"
    status = 403
    title = "No agreement on licences"
    zh = "本地区与 {region} 之间没有证照互认的协议。"
    en = "No agreement between this region and {region} covers e-licences."


class StatementIsMalformed(Refusal):
    """The text is no statement."""

    code = "statement-malformed"
    status = 422
    title = "Statement malformed"
    zh = "证照声明不符合约定：{fault}。"
    en = "The text is no licence statement: {fault}."


class StatementSignatureIsWrong(Refusal):
    """The text is not what the region signed."""

    code = "statement-signature-wrong"
    status = 422
    title = "Statement's signature wrong"
    zh = "证照声明的签名不正确。"
    en = "The signature of the statement is wrong."


class StatementIsForAnother(Refusal):
    """It was made for another region."""

    code = "statement-for-another-region"
    status = 422
    title = "Statement for another region"
    zh = "证照声明是给 {audience} 的，不得转用。"
    en = "The statement was made for {audience} and must not be passed on."


class StatementIsOutdated(Refusal):
    """It is too old, in the future, or older than one taken before."""

    code = "statement-outdated"
    status = 409
    title = "Statement outdated"
    zh = "证照声明已过期、时间在将来，或者早于已收到的声明。"
    en = "The statement is too old, in the future, or older than one taken before."


class RegionKeyIsUnknown(Refusal):
    """The exchange knows no region of that code."""

    code = "region-key-unknown"
    status = 422
    title = "Region's key unknown"
    zh = "交换平台上没有登记地区 {region}，无法核验其签名。"
    en = "No region {region} is enrolled on the exchange, so its signature cannot be checked."


class StatementIsNotAsked(Refusal):
    """A region answered with a licence of somebody or of a kind it was not asked for."""

    code = "statement-not-asked"
    status = 502
    title = "Statement was not asked for"
    zh = "地区 {region} 的答复不是所询问的持卡人和证照种类，未予接收。"
    en = "Region {region} answered for another holder or kind than asked; nothing was taken."
