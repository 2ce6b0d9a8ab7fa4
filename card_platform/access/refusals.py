"""What is refused of accounts, sign-ins, sessions and agents."""

from __future__ import annotations

from card_platform.errors import Refusal


class SignInIsRefused(Refusal):
    """Name or password; which of them, or whether there is such an account, is not told."""

    code = "sign-in-refused"
    status = 401
    title = "Sign-in refused"
    zh = "用户名或密码不正确，或账号暂时锁定、已停用；请稍后重试或联系管理员。"
    en = "Name or password is wrong, or the account is locked for now or disabled; ask an operator."


class ChallengeIsNotUsable(Refusal):
    """Unknown, answered before or too old."""

    code = "challenge-not-usable"
    status = 401
    title = "Challenge not usable"
    zh = "该挑战不存在、已用过或已过期；请重新取一个挑战。"
    en = "The challenge is unknown, used or too old; ask for a new one."


class CardIsNotGenuine(Refusal):
    """The answer is not that of a card of this region."""

    code = "card-not-genuine"
    status = 401
    title = "Card not genuine"
    zh = "卡片对挑战的应答不正确，不能登录。"
    en = "The answer to the challenge is not this card's; it signs in to nothing."


class CardSignsInToNothing(Refusal):
    """The card is genuine, but not active."""

    code = "card-is-not-active"
    status = 409
    title = "Card is not active"
    zh = "卡片未激活或已停用，不能登录。"
    en = "The card is not active; it signs in to nothing."


class NoMandateForCard(Refusal):
    """The holder of that card gave no mandate that stands to the person who signs in."""

    code = "agent-has-no-mandate"
    status = 403
    title = "No mandate"
    zh = "登录人没有该卡持卡人的有效委托。"
    en = "The holder of that card gave the person who signs in no mandate that stands."


class SystemProofIsWrong(Refusal):
    """The signature is not that of the participant."""

    code = "system-proof-wrong"
    status = 401
    title = "System's proof wrong"
    zh = "签名不是该参与方的，不能登录。"
    en = "The signature is not that of the participant."


class SessionIsNeeded(Refusal):
    """The token is one of set-up; there is no session behind it."""

    code = "session-needed"
    status = 409
    title = "A session is needed"
    zh = "本操作须在登录会话中进行；当前令牌不属于任何会话。"
    en = "This is done in a session; the token belongs to none."


class AccountIsNeeded(Refusal):
    """The session is not that of a staff account."""

    code = "account-needed"
    status = 409
    title = "A staff account is needed"
    zh = "本操作须以工作人员账号登录。"
    en = "This needs the session of a staff account."


class SessionAssistsNobody(Refusal):
    """There is no assistance to end."""

    code = "session-assists-nobody"
    status = 409
    title = "Nobody is assisted"
    zh = "本会话当前没有正在进行的帮办。"
    en = "Nobody is being assisted in this session."


class AccountIsUnknown(Refusal):
    """There is no such account."""

    code = "account-unknown"
    status = 404
    title = "Account unknown"
    zh = "没有该账号。"
    en = "There is no such account."


class AccountIsOnesOwn(Refusal):
    """A forgotten password is reset by somebody else."""

    code = "account-is-ones-own"
    status = 403
    title = "Account is one's own"
    zh = "不能重置本人账号的密码；请由另一名监管人员重置，或修改本人密码。"
    en = "One's own password is not reset but changed; or another supervisor resets it."


class AccountNameIsTaken(Refusal):
    """The name or the card is another account's."""

    code = "account-name-taken"
    status = 409
    title = "Account name taken"
    zh = "该用户名或该卡已属于另一个账号。"
    en = "The name, or the card, is another account's."


class AccountStateForbids(Refusal):
    """The table has no such step."""

    code = "account-state-forbids"
    status = 409
    title = "Account's state forbids this"
    zh = "账号状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The account is {state}; it does not allow {action}. Allowed now: {allowed}."


class PasswordIsTooWeak(Refusal):
    """Too short, the name, or the one before."""

    code = "password-too-weak"
    status = 422
    title = "Password too weak"
    zh = "新密码须有 {shortest} 至 {longest} 个字符，不得含用户名，也不得与原密码相同。"
    en = (
        "A new password has {shortest} to {longest} characters, does not hold the name, and differs"
        " from the one before."
    )


class AgentIsUnknown(Refusal):
    """The card has no such agent, or not any more."""

    code = "agent-unknown"
    status = 404
    title = "Agent unknown"
    zh = "该卡没有这一委托，或委托已收回。"
    en = "The card has no such mandate, or it was taken back."
