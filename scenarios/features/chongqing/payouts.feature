# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-CQ
功能: 重庆的待遇和补贴发放 / Payouts in Chongqing

  @CQ-8a
  场景: 重庆应发尽发的项目只发至社会保障卡 / Programmes of Chongqing that must be paid go to the card and nowhere else
    假如 居民“甲”持有社会保障卡，银行账户已加载
    而且 居民“甲”凭社会保障卡完成待遇资格认证
    那么 本地区“应发尽发”的项目是“惠民惠农补贴、养老保险待遇、失业保险待遇、工伤保险待遇、生育保险待遇、奖助学金、以工代赈劳务报酬”
    而且 “应发尽发”的各个项目均不得将居民“甲”的款项发至其他账户
    而且 “应发尽发”的各个项目自开通之日起发至居民“甲”的社会保障卡，开通之前不予受理
    而且 平台账目平衡

  @CQ-8b
  场景: 重庆鼓励发放的项目逐项开通 / Encouraged programmes of Chongqing are paid through the card, each from its day on
    假如 居民“甲”持有社会保障卡，银行账户已加载
    那么 本地区“鼓励发放”的项目是“农民工工资、财政供养人员工资、个人所得税退税、住房公积金提取、农业保险赔款”
    而且 “鼓励发放”的各个项目自开通之日起发至居民“甲”的社会保障卡，开通之前不予受理
    而且 平台账目平衡
