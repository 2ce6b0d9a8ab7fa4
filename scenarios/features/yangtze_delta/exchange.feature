# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SH
功能: 长三角协同 / The Yangtze Delta together

  @YD-7b
  场景: 在上海申领浙江卡，回浙江领取 / Apply in Shanghai for a card of Zhejiang, collect it there
    假如 “浙江”平台与本地平台已互联
    当 居民“甲”在本地通办网点办理“浙江”社会保障卡的“申领”
    那么 “浙江”平台办结，卡状态为“已受理”
    而且 居民“甲”的卡在“浙江”领取，受理地为本地

  @YD-7c
  场景: 开通、挂失、补换、注销由发卡地负责 / Only the issuing region activates, reports lost, renews, cancels
    假如 “浙江”平台与本地平台已互联
    当 居民“乙”在本地通办网点办理“浙江”社会保障卡的“申领”
    而且 “浙江”制成居民“乙”的卡
    而且 居民“乙”在本地通办网点办理“浙江”社会保障卡的“激活”
    那么 “浙江”平台办结，卡状态为“已激活”
    当 本地经办人自行为“浙江”居民“乙”的卡挂失
    那么 平台拒绝，理由是“没有该卡”
    当 居民“乙”在本地通办网点办理“浙江”社会保障卡的“挂失”
    那么 “浙江”平台办结，卡状态为“已挂失”
    当 居民“乙”在本地通办网点办理“浙江”社会保障卡的“补领”
    那么 “浙江”平台办结，卡状态为“已受理”
    当 居民“乙”在本地通办网点办理“浙江”社会保障卡的“注销”
    那么 “浙江”平台办结，卡状态为“已注销”

  @YD-20b
  场景: 涉及浙江的投诉及时转办并告知投诉人 / A complaint about Zhejiang is passed on in time and its filer told
    假如 “浙江”平台与本地平台已互联
    当 本地将一件涉及“浙江”的投诉转办
    那么 投诉人凭编号和查询码看到已转“浙江”办理
    当 “浙江”答复该投诉“已责成医院改正”
    那么 投诉人看到答复“已责成医院改正”
