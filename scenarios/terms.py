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
    "口头挂失": "orally_lost",
    "已冻结": "frozen",
    "已冻结且已挂失": "frozen_lost",
    "已换新卡": "superseded",
    "已注销": "cancelled",
    # functions of a card
    "已开通": "open",
    "已中止": "suspended",
    "未开通": "closed",
    # reasons
    "换发新一代卡": "new-generation",
    "姓名变更": "name-changed",
    "损坏不能辨认": "unreadable",
    "想换卡面": "new-picture",
    "死亡": "death",
    "被宣告死亡": "declared-death",
    "出国（境）定居且丧失中国国籍": "emigration",
    "终止公共服务权益": "end-of-entitlement",
    "搬家": "moved-house",
    "被冒领": "falsely-claimed",
    "被冒用": "used-by-another",
    "被盗用": "stolen",
    "被扣押": "withheld",
    "态度不好": "bad-manners",
    # results of an identity check
    "有效": "valid",
    "不通过": "refused",
    # who asks
    "社会保障卡管理机构": "supervisor",
    "网点经办人": "clerk",
    "业务部门": "department",
    "运营人员": "operator",
    "监督检查人员": "inspector",
    # electronic card states
    "已签发": "issued",
    "已停用": "suspended",
    # refusals of the platform
    "一人一卡": "person-already-holds-card",
    "缺少申领登记表": "application-form-missing",
    "缺少有效身份证件": "identity-document-missing",
    "卡未激活": "card-is-not-active",
    "身份证件无效": "identity-document-invalid",
    "卡片状态不允许": "card-state-forbids",
    "换领理由不符": "exchange-reason-refused",
    "姓名没有变更": "name-has-not-changed",
    "注销理由不符": "cancellation-reason-refused",
    "冻结事由不符": "freeze-ground-refused",
    "角色无权": "role-forbids",
    "非本人证件": "document-is-not-the-holders",
    "卡尚在使用": "card-still-in-use",
    "未经同意": "consent-missing",
    "超出用途": "purpose-outside-consent",
    "超出时间": "time-outside-consent",
    "提供第三方": "passing-on-forbidden",
    "没有该件": "complaint-unknown",
    "没有该种类": "case-kind-unknown",
    "无合法依据": "legal-duty-unknown",
    "超出范围": "scope-outside-consent",
    # complaints and their states
    "咨询": "consultation",
    "投诉": "complaint",
    "举报": "report",
    "已提出": "filed",
    "办理中": "in_hand",
    "已答复": "answered",
    "渠道不符": "channel-not-the-callers",
    "不能再办理": "complaint-state-forbids",
    # kinds and states of a case
    "未按目录开展服务": "service-outside-catalogue",
    "拒绝接受使用社会保障卡": "card-refused",
    "扣押社会保障卡": "card-withheld",
    "滥用职权": "abuse-of-office",
    "泄露社会保障卡数据": "data-misused",
    "发放功能重复的卡": "duplicate-card-issued",
    "阻止依法查询": "lawful-query-obstructed",
    "利用发卡牟利": "gain-from-issuing",
    "已立案": "opened",
    "已责令改正": "ordered",
    "已结案": "closed",
    "逾期未改正": "overdue",
    "已移送": "referred",
    "案件状态不允许": "case-state-forbids",
    "没有该举报": "report-unknown",
    # security controls, inspections and bodies
    "终端密钥": "terminal-keys",
    "密钥保管": "key-custody",
    "通过": "passed",
    "未通过": "failed",
    "问题已整改": "finding-mended",
    "没有该机构": "body-unknown",
    "审计人员": "auditor",
    # fields of use and refusals of the exchange
    "社会保障": "social-security",
    "医疗": "medical",
    "交通": "transport",
    "养老": "elder-care",
    "没有协议": "no-agreement-covers",
    "没有该卡": "card-unknown",
    "用途不符": "purpose-outside-consent",
    # what is shown, and where
    "电子社会保障卡": "electronic-card",
    "宁夏融合码": "fusion-code",
    "医院": "hospital",
    "图书馆": "library",
    "自助终端": "kiosk",
    "服务窗口": "counter",
    "网上服务平台": "online-platform",
    "身份": "identity",
    "乘车": "transit",
    "医保结算": "medical",
    "支付": "payment",
    "手机签发无效": "signing-not-valid",
    "签发等级不够": "signing-level-too-low",
    # refusals of a code
    "码已过期": "code-expired",
    "码的用途不符": "code-purpose-differs",
    "码已使用": "code-already-used",
    "码被篡改": "code-not-genuine",
    "其他地区的码": "code-of-another-region",
    "不是电子社会保障卡的码": "code-unreadable",
    "手机签发已失效": "code-signing-ended",
    "须联机使用": "code-needs-line",
    "功能未加载": "function-not-loaded",
    # refusals of a gate
    "卡在挂失名单中": "card-on-revocation-list",
    "余额不足": "insufficient-balance",
    "不是真卡": "card-not-genuine",
    "记录已上送过": "tap-replayed",
    "交易验证码不正确": "tac-wrong",
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
    # identity: what is shown, for what, and why not
    "实体卡": "card",
    "办理政务服务": "government-service",
    "办理公共服务": "public-service",
    "住宿登记": "hotel-registration",
    "铁路乘车": "rail-travel",
    "民航乘机": "air-travel",
    "婚姻登记": "marriage-registration",
    "兵役登记": "military-registration",
    "出境入境边防检查": "border-crossing",
    "姓名不符": "name-differs",
    "法律规定须用其他证件": "reserved-to-another-document",
    "尚未列入目录": "activity-not-listed",
    "缺少卡片应答": "card-proof-missing",
    # licences and their concessions
    "已享优待": "concession",
    "未享优待": "no-concession",
    "残疾人证": "disability",
    "退役军人优待证": "veteran",
    "居住证": "residence-permit",
    "结婚证": "marriage",
    "驾驶证": "driving",
    "营业执照": "business",
    "复印件": "copy",
    "原件": "original",
    "不得要求纸质材料": "paper-not-needed",
    "未核验身份": "identity-not-shown",
    "签名不正确": "statement-signature-wrong",
    "没有互认协议": "licence-not-recognised",
    "证照已撤销": "licence-withdrawn",
    "证照已暂停": "licence-suspended",
    "没有关联证照": "licence-not-held",
    # grounds of an application
    "居住": "residence",
    "就业": "employment",
    "参加社会保险": "social-insurance",
    "享受公共服务": "public-service",
    "不符合申领资格": "not-entitled",
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
