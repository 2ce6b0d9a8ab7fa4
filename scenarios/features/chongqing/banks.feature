# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-CQ
功能: 重庆的合作银行 / Partner banks of Chongqing

  @CQ-10
  场景: 重庆的合作银行按协议加载并服务金融功能 / A partner bank loads and serves the financial function under its agreement
    假如 居民“甲”持有已激活的社会保障卡
    当 居民“甲”选择第1家合作银行开通金融功能
    那么 居民“甲”的合作银行是第1家，协议载明
    而且 居民“甲”的银行合约为“待加载”
    当 第2家合作银行以自己的身份登录，加载居民“甲”的金融功能
    那么 平台拒绝，理由是“不是该银行的合约”
    当 第1家合作银行以自己的身份登录，加载居民“甲”的金融功能
    那么 居民“甲”的银行合约为“已加载”
    而且 平台只留存居民“甲”银行账号的后四位
    当 居民“甲”挂失社会保障卡
    那么 居民“甲”的金融功能为“已中止”
    当 居民“甲”凭身份证解除挂失
    那么 居民“甲”的金融功能为“已开通”
    而且 居民“甲”的银行合约为“已加载”

  @CQ-10
  场景: 重庆协议已到期的银行不再受理 / A bank whose agreement in Chongqing has ended takes nobody new
    假如 居民“甲”持有已激活的社会保障卡
    当 居民“甲”要求在协议已到期的银行“jialing-savings”开通金融功能
    那么 平台拒绝，理由是“银行没有有效协议”
    而且 居民“甲”的金融功能为“未开通”

  @CQ-10
  场景: 重庆的合作银行逐日对账，差异经两人处理后关账 / A partner bank of Chongqing and the platform compare each day; two people book a difference
    假如 居民“甲”持有社会保障卡，银行账户已加载
    当 平台向居民“甲”的银行账户付款100.00元
    而且 第1家合作银行退回来历不明的款项50.00元
    而且 次日，第1家合作银行报送前一日的对账文件
    那么 居民“甲”的付款双方一致
    而且 该笔退款列为差异，尚未入账
    当 主管要求该日关账
    那么 平台拒绝，理由是“对账差异未处理”
    当 经办人提出差异入账，另一人复核同意
    而且 主管要求该日关账
    那么 该日对账已关账
    而且 平台账目平衡

  @CQ-10
  场景: 重庆的银行对账文件有误即整份退回 / A faulty file of a bank is refused whole in Chongqing
    假如 居民“甲”持有社会保障卡，银行账户已加载
    当 平台向居民“甲”的银行账户付款100.00元
    而且 次日，第1家合作银行报送的对账文件合计金额有误
    那么 平台拒绝，理由是“对账文件有误”
    而且 对账文件整份退回，平台无留存
