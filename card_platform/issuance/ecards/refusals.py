"""What electronic cards and codes refuse; each reason of a code in both languages."""

from __future__ import annotations

from card_platform.errors import Refusal


class SigningIsUnknown(Refusal):
    """No signing has that id, or the request is not signed by its phone.

    One refusal for both, so that nobody learns which signings there are.
    """

    code = "signing-unknown"
    status = 404
    title = "Signing unknown"
    zh = "没有该签发记录，或者请求不是由签发的手机签名。"
    en = "There is no such signing, or the request is not signed by its phone."


class SigningIsNotValid(Refusal):
    """The signing is suspended with its card, or has ended."""

    code = "signing-not-valid"
    status = 409
    title = "Signing not valid"
    zh = "电子社会保障卡的签发状态为 {state}，不能取码。"
    en = "The signing of the electronic card is {state}; it gets no codes."


class SigningLevelIsTooLow(Refusal):
    """The purpose needs a surer signing."""

    code = "signing-level-too-low"
    status = 403
    title = "Signing level too low"
    zh = "该用途要求签发等级 {needed}，当前为 {level}。"
    en = "This purpose needs the signing level {needed}; this one is {level}."


class DeviceProofIsWrong(Refusal):
    """The phone did not prove that the key is its own."""

    code = "device-proof-wrong"
    status = 422
    title = "Proof of the device wrong"
    zh = "手机对签发请求的签名校验不通过。"
    en = "The phone's signature over the signing does not verify."


class CardIsNotSigned(Refusal):
    """The card's electronic card has no signing that could be ended."""

    code = "card-not-signed"
    status = 409
    title = "Card not signed"
    zh = "该电子社会保障卡没有有效的签发。"
    en = "The electronic card of this card has no signing."


class SigningNeedsActiveCard(Refusal):
    """Only the electronic card of an active card is signed."""

    code = "signing-needs-active-card"
    status = 409
    title = "Signing needs an active card"
    zh = "实体卡状态为 {state}，激活后方可签发电子社会保障卡。"
    en = "The card is {state}; the electronic card is signed once the card is active."


class CodeRequestIsOutOfTime(Refusal):
    """The phone's clock and the platform's disagree, or the request is old."""

    code = "code-request-out-of-time"
    status = 422
    title = "Request out of time"
    zh = "取码请求的时间与平台相差超过 {window_s} 秒，请校准手机时间。"
    en = "The request's time differs from the platform's by more than {window_s} s; set the clock."


class CodeRequestIsReplayed(Refusal):
    """The phone's request was answered before."""

    code = "code-request-replayed"
    status = 409
    title = "Request replayed"
    zh = "该取码请求已处理过。"
    en = "This request for a code was answered before."


class TooManyCodes(Refusal):
    """The phone holds as many live codes as it may."""

    code = "too-many-codes"
    status = 429
    title = "Too many codes"
    zh = "未过期的码已达 {limit} 个，请稍后再取。"
    en = "The phone holds {limit} codes that have not expired; ask again later."


class FusionCodeIsNotOfThisRegion(Refusal):
    """The region has no fusion code."""

    code = "no-fusion-code-here"
    status = 422
    title = "No fusion code in this region"
    zh = "本地区没有融合码。"
    en = "This region has no fusion code."


class CodeRefusal(Refusal):
    """A code was shown that is not taken."""

    status = 422


class CodeIsNone(CodeRefusal):
    """The text is no code of an electronic card."""

    code = "code-unreadable"
    title = "No code"
    zh = "扫描内容不是电子社会保障卡或者融合码的码。"
    en = "What was scanned is no code of an electronic card."


class CodeIsOfAnotherRegion(CodeRefusal):
    """Another region's key signed it."""

    code = "code-of-another-region"
    title = "Code of another region"
    zh = "该码由其他地区签发，本终端没有其公钥。"
    en = "Another region made this code; its key is not known here."


class CodeIsNotGenuine(CodeRefusal):
    """The signature is not the region's: the code was changed or made up."""

    code = "code-not-genuine"
    title = "Code not genuine"
    zh = "码的签名校验不通过，可能被篡改或者伪造。"
    en = "The signature of the code is wrong: it was changed or made up."


class CodeIsUnknown(CodeRefusal):
    """Genuine, but the platform has no record of it any more."""

    code = "code-unknown"
    title = "Code unknown"
    zh = "平台没有该码的记录。"
    en = "The platform has no record of this code."


class CodeIsForAnotherPurpose(CodeRefusal):
    """The holder showed it for something else."""

    code = "code-purpose-differs"
    title = "Code for another purpose"
    zh = "该码不用于此用途，请持卡人出示相应用途的码。"
    en = "The code is for another purpose; the holder must show the one for this."


class CodeHasExpired(CodeRefusal):
    """Its life is over."""

    code = "code-expired"
    title = "Code expired"
    zh = "码已过期，请刷新后再出示。"
    en = "The code has expired; show a fresh one."


class CodeIsFromTheFuture(CodeRefusal):
    """It was made later than it is here: a clock has jumped."""

    code = "code-from-the-future"
    title = "Code from the future"
    zh = "码的签发时间晚于本机时间，请校准时间。"
    en = "The code was made later than it is here; a clock is wrong."


class CodeIsUsed(CodeRefusal):
    """A single-use code was taken before."""

    code = "code-already-used"
    title = "Code already used"
    zh = "该码只能使用一次，已被使用。"
    en = "The code serves once and was used before."


class CodeCardIsNotActive(CodeRefusal):
    """The card behind it is lost, frozen or has ended."""

    code = "card-is-not-active"
    title = "Card is not active"
    zh = "该码对应的社会保障卡不在激活状态。"
    en = "The card behind this code is not active."


class CodeSigningHasEnded(CodeRefusal):
    """The phone is no longer the holder's."""

    code = "code-signing-ended"
    title = "Signing ended"
    zh = "该码的手机签发已失效。"
    en = "The phone that got this code is no longer signed."


CODE_REFUSALS: dict[str, type[CodeRefusal]] = {
    kind.code: kind
    for kind in (
        CodeIsNone,
        CodeIsOfAnotherRegion,
        CodeIsNotGenuine,
        CodeIsUnknown,
        CodeIsForAnotherPurpose,
        CodeHasExpired,
        CodeIsFromTheFuture,
        CodeIsUsed,
        CodeCardIsNotActive,
        CodeSigningHasEnded,
    )
}
"""By reason."""
