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
    # refusals of a gate
    "卡在挂失名单中": "card-on-revocation-list",
    "余额不足": "insufficient-balance",
    # refusals of the catalogue, of schemes and of sites
    "尚未批准": "catalogue-state-forbids",
    "无权决定": "authority-not-competent",
    "属于上级目录": "item-of-higher-level",
    "应用场景尚未纳入": "scene-unknown",
    "责任部门不在其列": "owner-department-unknown",
    "功能重复": "scheme-duplicates-item",
    "功能类似": "scheme-resembles-item",
    "缺少设施": "site-lacks-equipment",
    "仍有持有人未融合": "holders-not-moved",
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
