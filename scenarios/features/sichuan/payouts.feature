# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SC
功能: 四川的待遇和补贴发放 / Payouts in Sichuan

  @SC-f
  场景: 四川应发尽发的项目只发至社会保障卡 / Programmes of Sichuan that must be paid go to the card and nowhere else
    假如 居民“甲”持有社会保障卡，银行账户已加载
    而且 居民“甲”凭社会保障卡完成待遇资格认证
    那么 本地区“应发尽发”的项目是“惠民惠农补贴、养老保险待遇、失业保险待遇、工伤保险待遇、生育保险待遇、奖助学金、以工代赈劳务报酬”
    而且 “应发尽发”的各个项目均不得将居民“甲”的款项发至其他账户
    而且 “应发尽发”的各个项目自开通之日起发至居民“甲”的社会保障卡，开通之前不予受理
    而且 平台账目平衡

  @SC-l
  场景: 四川参保人在重庆办理养老待遇资格认证 / A pensioner of Sichuan is certified at a site in Chongqing
    假如 “重庆”平台与本地平台已互联
    而且 居民“甲”持有社会保障卡，银行账户已加载
    当 为居民“甲”报送“养老保险待遇”的发放文件
    而且 另一人复核放行，平台执行发放
    那么 居民“甲”的款项被停发，原因是“未做资格认证”
    当 居民“甲”在“重庆”网点凭社会保障卡办理待遇资格认证
    那么 “重庆”网点得到“四川”的认证结果：通过
    而且 居民“甲”的款项为“已发放”
    而且 平台账目平衡
