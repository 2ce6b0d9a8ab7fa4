# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SH
功能: 上海的待遇和补贴发放 / Payouts in Shanghai

  @YD-14a
  场景: 上海的补贴和待遇以社会保障卡发放 / Subsidies and benefits of Shanghai are paid to the card
    假如 居民“甲”持有社会保障卡，银行账户已加载
    而且 居民“甲”凭社会保障卡完成待遇资格认证
    那么 本地区“应发尽发”的项目是“惠民惠农补贴、养老保险待遇、失业保险待遇、工伤保险待遇、生育保险待遇”
    而且 “应发尽发”的各个项目自开通之日起发至居民“甲”的社会保障卡，开通之前不予受理
    而且 平台账目平衡

  @YD-14b
  场景: 上海发至其他账户须写明理由并经批准 / Another account than the card's needs a stated and approved exception in Shanghai
    假如 居民“甲”持有社会保障卡，银行账户已加载
    当 为居民“甲”报送“惠民惠农补贴”，发至其他账户，未写明理由
    那么 文件中居民“甲”一行不予受理，错误是“未写明例外理由”
    当 为居民“甲”报送“惠民惠农补贴”，发至其他账户，写明理由
    而且 另一人复核放行，平台执行发放
    那么 居民“甲”的款项被停发，原因是“例外未获批准”
    当 主管批准居民“甲”发至其他账户，并重新发放
    那么 居民“甲”的款项为“已发放”
    而且 平台账目平衡
