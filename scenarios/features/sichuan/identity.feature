# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SC
功能: 证照互认 / Licences of the neighbour

  @CQ-23
  场景: 重庆签发的证照在四川有效 / A licence of Chongqing answers in Sichuan
    假如 居民“甲”持有已激活的社会保障卡
    而且 “重庆”平台与本地平台已互联
    而且 “重庆”的“渝北区公安局（虚构）”为居民“甲”签发了“驾驶证”
    当 经办人核验居民“甲”的身份后，向“重庆”调取其“驾驶证”
    而且 经办人核验居民“甲”的身份后查询其“驾驶证”
    那么 查询得到有效的电子证照，签发地为“重庆”
