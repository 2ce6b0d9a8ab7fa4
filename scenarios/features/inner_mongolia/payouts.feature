# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-NM
功能: 内蒙古的待遇和补贴发放 / Payouts in Inner Mongolia

  @NM-12a
  场景: 内蒙古应发尽发的项目只发至社会保障卡 / Programmes of Inner Mongolia that must be paid go to the card and nowhere else
    假如 居民“甲”持有社会保障卡，银行账户已加载
    而且 居民“甲”凭社会保障卡完成待遇资格认证
    那么 本地区“应发尽发”的项目是“惠民惠农补贴、养老保险待遇、失业保险待遇、工伤保险待遇、生育保险待遇”
    而且 “应发尽发”的各个项目均不得将居民“甲”的款项发至其他账户
    而且 “应发尽发”的各个项目自开通之日起发至居民“甲”的社会保障卡，开通之前不予受理
    而且 平台账目平衡

  @NM-12a
  场景: 内蒙古目录外的项目不予发放 / What is not on the list of Inner Mongolia is not paid
    假如 居民“甲”持有社会保障卡，银行账户已加载
    当 为居民“甲”报送“抽奖奖金”的发放文件
    那么 平台拒绝，理由是“项目不在目录内”
    当 为居民“甲”报送“惠民惠农补贴”，发至其他账户，写明理由
    那么 文件中居民“甲”一行不予受理，错误是“只能发至社保卡账户”
    当 为居民“甲”报送“惠民惠农补贴”的发放文件
    而且 报送人自行复核放行该文件
    那么 平台拒绝，理由是“角色无权”
    而且 居民“甲”的款项为“待复核”
    当 另一人复核放行，平台执行发放
    那么 居民“甲”的款项为“已发放”
    而且 批次状态文件逐行载明居民“甲”的“已发放”

  @NM-12b
  场景: 内蒙古鼓励发放的项目逐项开通 / Encouraged programmes of Inner Mongolia are paid through the card, each from its day on
    假如 居民“甲”持有社会保障卡，银行账户已加载
    那么 本地区“鼓励发放”的项目是“财政供养人员工资、农民工工资、奖助学金、住房公积金提取”
    而且 “鼓励发放”的各个项目自开通之日起发至居民“甲”的社会保障卡，开通之前不予受理
    而且 平台账目平衡

  @NM-23d
  场景: 内蒙古死亡人员和重复发放当场拦下 / A dead payee and a second payment are stopped at once in Inner Mongolia
    假如 居民“甲”持有社会保障卡，银行账户已加载
    而且 居民“乙”持有社会保障卡，银行账户已加载
    当 为居民“甲、乙”报送“惠民惠农补贴”的发放文件
    而且 “社会保障卡管理机构”注销居民“乙”的卡，理由是“死亡”
    而且 另一人复核放行，平台执行发放
    那么 居民“甲”的款项为“已发放”
    而且 居民“乙”的款项被停发，原因是“持卡人死亡”
    当 又为居民“甲、乙”报送同一期“惠民惠农补贴”的发放文件
    那么 文件中居民“甲”一行不予受理，错误是“该期已发放”
    而且 文件中居民“乙”一行不予受理，错误是“收款人已死亡”
    而且 平台账目平衡
