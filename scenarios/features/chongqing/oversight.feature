# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-CQ
功能: 监督 / Oversight

  @CQ-18
  场景: 超出用途、提供第三方的查询被拒绝并留痕 / A query beyond its purpose or for a third party is refused and logged
    假如 一位重庆市户籍居民“甲”，尚无社会保障卡
    当 居民“甲”凭申领登记表和居民身份证申领社会保障卡
    而且 居民“甲”同意“市教育局”为“助学金发放”查询其姓名和卡号
    而且 “市教育局”为“助学金发放”查询居民“甲”的姓名
    那么 查询所得只有所请求的信息，其余已脱敏
    而且 居民“甲”的访问记录中最近一次由“市教育局”查询，结果为“已准许”
    当 “市教育局”为“商业推广”查询居民“甲”的姓名
    那么 平台拒绝，理由是“超出用途”
    而且 居民“甲”的访问记录中最近一次由“市教育局”查询，结果为“超出用途”
    当 “市教育局”为“助学金发放”查询居民“甲”的姓名，拟提供给“某公司”
    那么 平台拒绝，理由是“提供第三方”
    而且 居民“甲”的访问记录中最近一次由“市教育局”查询，结果为“提供第三方”

  场景: 撤回同意后不能再查询 / After a withdrawal nothing stands on the consent
    假如 一位重庆市户籍居民“乙”，尚无社会保障卡
    当 居民“乙”凭申领登记表和居民身份证申领社会保障卡
    而且 “市教育局”为“助学金发放”查询居民“乙”的姓名
    那么 平台拒绝，理由是“未经同意”
    当 居民“乙”同意“市教育局”为“助学金发放”查询其姓名和卡号
    而且 居民“乙”撤回同意
    而且 “市教育局”为“助学金发放”查询居民“乙”的姓名
    那么 平台拒绝，理由是“超出时间”

  @CQ-22
  场景: 各渠道的咨询、投诉、举报都有编号、状态和答复 / Consultation, complaint and report by every channel have number, state and answer
    当 公众经网点、线上、12333、12345和银行分别提出咨询、投诉、举报
    那么 每一件都有编号和状态，凭编号和查询码可查
    当 工作人员逐件答复
    那么 每一件都可查到答复
    当 公众凭错误的查询码查询
    那么 平台拒绝，理由是“没有该件”

  @CQ-25
  场景: 八类禁止行为均可举报并各自立案处理 / Each of the eight kinds is reported and tried as a case of its own
    当 群众分别举报条例第二十五条所列八类行为
    而且 监督人员按举报逐件立案并责令限期改正
    那么 八类行为各有一件案件，状态为“已责令改正”
    当 被责令者逐件整改，监督人员确认
    那么 八类行为各有一件案件，状态为“已结案”
    当 监督人员以条例未规定的种类立案
    那么 平台拒绝，理由是“没有该种类”

  @CQ-20a
  场景: 安全控制逐项检查，问题整改在案 / Every security control is checked, and what was found is mended, on record
    当 监督人员逐项检查安全控制，发现一个问题
    那么 每项安全控制都有最近一次检查结果
    当 被检查单位完成整改
    那么 该问题的整改在案
    而且 审计链完整
