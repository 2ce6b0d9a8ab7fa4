# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SC
功能: 四川的部门职责与合作银行 / Departments and partner banks of Sichuan

  @SC-b
  场景: 四川目录事项有一个责任部门和层级 / An item of Sichuan has one owner at one level
    当 “文化和旅游部门”为全省编制“文化体验”场景的事项“博物馆入馆”
    而且 全省人民政府批准事项“博物馆入馆”
    而且 全省公布事项“博物馆入馆”
    那么 目录中事项“博物馆入馆”的责任部门为“文化和旅游部门”、层级为“省级”
    当 “不存在的部门”为全省编制“文化体验”场景的事项“无主事项”
    那么 平台拒绝，理由是“责任部门不在其列”

  @SC-b
  场景: 四川的合作银行按协议加载并服务金融功能 / A partner bank of Sichuan loads and serves the financial function under its agreement
    假如 居民“甲”持有已激活的社会保障卡
    当 居民“甲”选择第1家合作银行开通金融功能
    那么 居民“甲”的合作银行是第1家，协议载明
    而且 居民“甲”的银行合约为“待加载”
    当 第1家合作银行以自己的身份登录，加载居民“甲”的金融功能
    那么 居民“甲”的银行合约为“已加载”
    而且 平台只留存居民“甲”银行账号的后四位
