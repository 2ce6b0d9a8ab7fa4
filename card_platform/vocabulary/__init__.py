"""The words of the card platform: values with rules of their own and no storage.

One English word per Chinese term, everywhere in code, API and documents:

| Chinese | English | | Chinese | English |
|---|---|---|---|---|
| 申领 | apply | | 激活 | activate |
| 挂失 | report loss | | 解挂 | restore |
| 补领 | replace | | 换领 | exchange |
| 临时冻结 | freeze | | 解除冻结 | lift freeze |
| 注销 | cancel | | 电子社保卡 | electronic card |
| 制卡数据 | personalisation image | | 制卡回盘 | production report |
| 融合码 | fusion code | | 应用目录/事项清单 | application catalogue |
| 异地就医备案 | filing for treatment elsewhere | | 直接结算 | direct settlement |
| 通办 | joint service | | 诚信档案 | credit file |
| 圈存 | load | | 黑名单 | revocation list |
| 进站/出站 | entry/exit | | 交易验证码 | TAC |
| 补票 | adjustment | | 一票制 | single |
| 消费 | purchase | | 换乘优惠 | transfer reduction |
| 医保个人账户 | medical account | | 离线流水 | terminal journal |
| 外借/通还 | lending/return | | 预约 | booking |
| 个人资金 | personal money | | 服务项目 | offer |
| 户号 | account (of a utility) | | 滞纳金 | late fee |

Reading order: `money`, `region`, `resident_id`, `card_number`, `moment`, `identifier`,
`masking`, `faults`, `exact_text`, `card_text`.
"""

__all__ = [
    "card_number",
    "card_text",
    "exact_text",
    "faults",
    "identifier",
    "masking",
    "moment",
    "money",
    "region",
    "resident_id",
]
