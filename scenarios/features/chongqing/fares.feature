# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-CQ
功能: 重庆票价与退费 / Fares and refunds in Chongqing

  @CQ-7b
  场景: 老年人凭卡免费乘车，其他人照价 / The elderly ride free by card, others pay
    假如 居民“甲”已满66周岁
    而且 居民“甲”持有已激活的社会保障卡
    当 居民“甲”在柜面为卡上钱包充值50.00元
    而且 居民“甲”乘“B104”路公交刷卡
    那么 公交车载机扣款0.00元
    假如 居民“乙”持有已激活的社会保障卡
    当 居民“乙”在柜面为卡上钱包充值50.00元
    而且 居民“乙”乘“B104”路公交刷卡
    那么 公交车载机扣款2.00元
    而且 “CQ-JL”的“B104”路公交询价为3.00元，依据逐条列明
    而且 平台账目平衡

  @CQ-7b
  场景: 发卡后才满65周岁，卡片不知，多收车费退还 / Who grew old after the card was made gets the fare back
    假如 居民“丙”还有5天满65周岁
    而且 居民“丙”持有已激活的社会保障卡
    当 居民“丙”在柜面为卡上钱包充值50.00元
    而且 居民“丙”申请退还当月多收车费
    那么 平台拒绝，理由是“没有多收车费”
    当 过去8天
    而且 居民“丙”乘“B104”路公交刷卡
    那么 公交车载机扣款2.00元
    当 居民“丙”申请退还当月多收车费
    那么 退还车费2.00元
    而且 居民“丙”的个人资金余额为2.00元
    而且 平台账目平衡

  @CQ-7b
  场景: 缺少进站记录，人工通道补票，凭证据更正 / A missing entry is paid at the staffed lane and corrected on evidence
    假如 居民“丁”持有已激活的社会保障卡
    当 居民“丁”在柜面为卡上钱包充值50.00元
    而且 居民“丁”在“杨家坪”站刷卡出站
    那么 闸机拒绝，理由是“缺少进站记录”
    当 居民“丁”在“杨家坪”站人工通道补进站票
    那么 补票扣款6.00元
    当 网点凭证据更正居民“丁”的该次行程为“较场口”站进站
    那么 退还车费2.00元
    而且 居民“丁”的个人资金余额为2.00元
    当 网点凭证据更正居民“丁”的该次行程为“较场口”站进站
    那么 平台拒绝，理由是“没有多收车费”
    而且 平台账目平衡
