# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-NX
功能: 宁夏的合作银行 / Partner banks of Ningxia

  @NX-10c
  场景: 宁夏的合作银行按协议加载并服务金融功能 / A partner bank loads and serves the financial function under its agreement
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

  @NX-10c
  场景: 宁夏协议已到期的银行不再受理 / A bank whose agreement in Ningxia has ended takes nobody new
    假如 居民“甲”持有已激活的社会保障卡
    当 居民“甲”要求在协议已到期的银行“helan-savings”开通金融功能
    那么 平台拒绝，理由是“银行没有有效协议”
    而且 居民“甲”的金融功能为“未开通”

  @NX-10c
  场景: 宁夏的合作银行对账，缺多各计差异，说明后关账 / In Ningxia a line missing and one too many are differences, explained before the day is closed
    假如 居民“甲”持有社会保障卡，银行账户已加载
    当 平台向居民“甲”的银行账户付款100.00元
    而且 次日，第1家合作银行报送前一日的对账文件，缺1笔、多1笔
    那么 差异为“平台有银行无、银行有平台无”各1条
    当 主管要求该日关账
    那么 平台拒绝，理由是“对账差异未处理”
    当 经办人逐条说明差异原因
    而且 主管要求该日关账
    那么 该日对账已关账
    而且 平台账目平衡
