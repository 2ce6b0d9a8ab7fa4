# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SC
功能: 川渝公共交通 / Public transport across Sichuan and Chongqing

  @CQ-7c @SC-h
  场景: 四川卡在重庆、重庆卡在四川乘车，次日清算 / Rides with a card of Sichuan in Chongqing and the reverse, cleared the next day
    假如 “重庆”平台与本地平台已互联
    而且 “四川”居民“甲”持有交通联合卡，钱包内有50.00元
    而且 “重庆”居民“丙”持有交通联合卡，钱包内有50.00元
    当 居民“甲”刷卡乘坐“重庆”的“B104”路公交
    那么 公交车载机扣款2.00元
    当 居民“丙”刷卡乘坐“四川”的“B101”路公交
    那么 公交车载机扣款2.00元
    当 次日，“四川”与“重庆”各自清算前一日
    那么 “四川”应向“重庆”收取2.00元、支付2.00元，双方清算单分毫不差
