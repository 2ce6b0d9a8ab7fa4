# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-NX
功能: 宁夏公共交通 / Public transport in Ningxia

  @NX-9c
  场景: 加载交通功能的卡可乘公交，未加载的不受理 / Rides with the transport function, none without it
    假如 居民“甲”持有已激活的社会保障卡
    当 居民“甲”在柜面为卡上钱包充值50.00元
    那么 居民“甲”询价：“B101”路公交1.00元，依据逐条列明
    当 居民“甲”乘“B101”路公交刷卡
    那么 公交车载机扣款1.00元
    假如 居民“乙”持有已激活但未加载交通功能的社会保障卡
    当 居民“乙”以该卡乘“B101”路公交
    那么 公交车载机不受理，卡上无交通应用
    而且 平台账目平衡

  @NX-9c
  场景: 当月乘车满封顶额后免费，由卡片离线判断 / After the cap of the month rides are free, by the card alone
    假如 居民“丙”持有已激活的社会保障卡
    当 居民“丙”在柜面为卡上钱包充值50.00元
    而且 居民“丙”从“火车站”站到“南部客运站”站乘坐10次
    而且 居民“丙”在“火车站”站刷卡进站
    而且 居民“丙”在“南部客运站”站刷卡出站
    那么 闸机扣款0.00元，依据是“月封顶”
    而且 平台账目平衡
