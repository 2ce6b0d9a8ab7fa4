# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SH
功能: 长三角交通联合 / T-Union rides in the Yangtze Delta

  @YD-11
  场景: 四地凭交通联合功能乘车，运营单位间逐日清算 / Rides in all four regions, cleared day by day
    假如 “江苏、浙江、安徽”平台与本地平台全部互联
    而且 “浙江”居民“甲”持有交通联合卡，钱包内有50.00元
    而且 “上海”居民“乙”持有交通联合卡，钱包内有50.00元
    当 居民“甲”刷卡乘坐“上海”的“B171”路公交
    那么 公交车载机扣款2.00元
    当 居民“乙”刷卡乘坐“浙江”的“B127”路公交
    那么 公交车载机扣款2.00元
    当 居民“甲”刷卡乘坐“江苏”的“B101”路公交
    那么 公交车载机扣款1.00元
    当 居民“甲”刷卡乘坐“安徽”的“B101”路公交
    那么 公交车载机扣款1.00元
    当 居民“甲”刷卡乘坐“上海”的“B149”路公交
    那么 公交车载机扣款1.00元
    当 次日，“上海”与“浙江”各自清算前一日
    那么 “上海”应向“浙江”收取3.00元、支付2.00元，双方清算单分毫不差

  @YD-11
  场景: 没有协议的地区的卡不受理，也不进入清算 / A card of a region without an agreement is refused
    假如 “重庆”平台与本地平台已互联
    而且 “重庆”居民“丙”持有交通联合卡，钱包内有50.00元
    当 居民“丙”刷卡乘坐“上海”的“B171”路公交
    那么 平台拒绝，理由是“没有乘车协议”
