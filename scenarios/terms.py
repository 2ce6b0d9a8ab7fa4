"""Terms of the field as features say them, and the codes the platform and the gates use for them.

A feature in English may use the code itself; the English text of an outcome shows the code.
"""

from __future__ import annotations

CODES: dict[str, str] = {
    # card states (docs/interfaces.md, section 4)
    "已受理": "applied",
    "制卡中": "in_production",
    "待领取": "ready",
    "已激活": "active",
    "已挂失": "lost",
    # electronic card states
    "已签发": "issued",
    "已停用": "suspended",
    # refusals of the platform
    "一人一卡": "person-already-holds-card",
    "缺少申领登记表": "application-form-missing",
    "缺少有效身份证件": "identity-document-missing",
    "卡未激活": "card-is-not-active",
    "未经同意": "consent-missing",
    "超出用途": "purpose-outside-consent",
    "超出时间": "time-outside-consent",
    "提供第三方": "passing-on-forbidden",
    "没有该件": "complaint-unknown",
    "没有该种类": "case-kind-unknown",
    # states of a case
    "已责令改正": "ordered",
    "已结案": "closed",
    # refusals of a gate
    "卡在挂失名单中": "card-on-revocation-list",
    "余额不足": "insufficient-balance",
    # stations
    "较场口": "Jiaochangkou",
    "曾家岩": "Zengjiayan",
    "李子坝": "Liziba",
    "杨家坪": "Yangjiaping",
    # people of a scenario
    "甲": "A",
    "乙": "B",
    "丙": "C",
}


def code_of(term: str) -> str:
    """The code of a term; a term that is none is its own code."""
    return CODES.get(term, term)


def term_in_chinese(text: str) -> str:
    """The Chinese term of a code; a text that is no code stays as it is."""
    return _TERMS.get(text, text)


_TERMS = {code: term for term, code in CODES.items()}
